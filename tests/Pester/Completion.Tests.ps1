Import-Module $PSScriptRoot/Setup.psm1

Describe 'Completion' {
    BeforeAll {
        # Completion has a time limit, and the first one of a session has much to load.
        function Get-Completion([string] $Line) {
            $until = [datetime]::UtcNow.AddSeconds(10)
            do { $found = (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
            until ($found -or [datetime]::UtcNow -gt $until)
            $found
        }

        $file = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os }
  operator: { image: company/operator }
  "a b": { image: company/ab }
  it's: { image: company/its }
  web-${COLOR:-blue}: { image: company/web }
groups: { core: [os], "every day": { containers: [operator], atomic: true } }
remotes: { mine: { registry: r.co }, "our prod": { registry: p.co }, "m-${COLOR:-blue}": { registry: b.co } }
'@
        $other = Write-CraneFile $TestDrive 'containers: { worker: { image: company/worker } }'
        $images = Write-CraneFile $TestDrive @'
containers:
  app:
    image: company/app:${APP_VERSION:-1.2}
    pull: { registry: "hub.co:5000" }
    push: { registry: push.co, override_user: "${APP_USER:-bob}" }
  db: { image: company/db }
  cache: { image: redis:7 }
  unset: { image: "company/${UNSET}" }
'@
        Push-Location (Split-Path $file)
    }

    AfterAll { Pop-Location }

    It 'offers <expected> for: <line>' -ForEach @(
        @{ Line = 'Get-CraneContainer o'; Expected = 'os', 'operator' }
        @{ Line = 'Get-CraneContainer -Name os, a'; Expected = "'a b'" }
        @{ Line = 'Get-CraneContainer it'; Expected = "'it''s'" }
        @{ Line = 'Get-CraneContainer co'; Expected = 'core' }
        @{ Line = 'Get-CraneContainer web'; Expected = 'web-blue' }
        @{ Line = 'Get-CraneContainer -Variable @{ COLOR = "red" } web'; Expected = 'web-red' }
        @{ Line = 'Get-CraneContainer -Exclude op'; Expected = 'operator' }
        @{ Line = 'Get-CraneContainer -Group '; Expected = 'core', "'every day'" }
        @{ Line = "Get-CraneContainer -Group 'ev"; Expected = "'every day'" }
        @{ Line = 'Get-CraneRetagPlan Pull op'; Expected = 'operator' }
        @{ Line = 'Get-CraneRetagPlan P'; Expected = 'Pull', 'Push' }
        @{ Line = 'Copy-CraneImage -From '; Expected = 'mine', "'our prod'", 'm-blue' }
        @{ Line = 'Copy-CraneImage -From mine -To o'; Expected = "'our prod'" }
        @{ Line = 'Get-CraneRetagPlan Copy -Variable @{ COLOR = "red" } -To m-'; Expected = 'm-red' }
        @{ Line = 'Invoke-CranePull op'; Expected = 'operator' }
        @{ Line = 'Update-CraneLock op'; Expected = 'operator' }
        @{ Line = 'Invoke-CranePush -Group e'; Expected = "'every day'" }
    ) {
        Get-Completion $line | Should -Be $expected
    }

    It 'offers <expected>, of the crane file''s images and variables, for: <line>' -ForEach @(
        @{ Line = 'Get-CraneImage '; Expected = 'company/app:1.2', 'company/db', 'redis:7', 'hub.co:5000/company/app:1.2', 'docker.io/company/db', 'docker.io/library/redis:7', 'push.co/bob/app:1.2' }
        @{ Line = 'Get-CraneImage push'; Expected = 'push.co/bob/app:1.2' }
        @{ Line = 'Get-CraneTag '; Expected = 'company/app', 'company/db', 'redis', 'hub.co:5000/company/app', 'push.co/bob/app' }
        @{ Line = 'Get-CraneTag company/app '; Expected = '1.2', '7' }
        @{ Line = 'Get-CraneTag company/app -Name 1'; Expected = '1.2' }
        @{ Line = 'Invoke-CranePull -Tag '; Expected = '1.2', '7' }
        @{ Line = 'Invoke-CranePull -Source red'; Expected = 'redis:7' }
        @{ Line = 'Invoke-CranePush -Source company/a'; Expected = 'company/app:1.2' }
        @{ Line = 'Invoke-CranePush -Source company/db -Target push'; Expected = 'push.co/bob/app:1.2' }
        @{ Line = 'Copy-CraneImage -Source "hub'; Expected = 'hub.co:5000/company/app:1.2' }
        @{ Line = 'Copy-CraneImage -Source redis:7 -Destination push'; Expected = 'push.co/bob/app:1.2' }
        @{ Line = 'Invoke-CranePull -Variable '; Expected = '@{ APP_USER = ', '@{ APP_VERSION = ', '@{ UNSET = ' }
        @{ Line = 'Invoke-CranePull -Variable @'; Expected = '@{ APP_USER = ', '@{ APP_VERSION = ', '@{ UNSET = ' }
        @{ Line = 'Test-CraneFile -Variable app_v'; Expected = '@{ APP_VERSION = ' }
        @{ Line = 'Get-CraneContainer -Variable @{ APP_VERSION = "9" } -Tag '; Expected = '9', '7' }
    ) {
        Push-Location (Split-Path $images)
        try { Get-Completion $line | Should -Be $expected }
        finally { Pop-Location }
    }

    It 'offers the stages of Dockerfiles, as far as these can be read' {
        $built = Write-CraneFile $TestDrive 'containers: { app: { image: app, build: app }, none: { image: none, build: none } }'
        $null = New-Item -ItemType Directory (Join-Path (Split-Path $built) app)
        Set-Content (Join-Path (Split-Path $built) app Dockerfile) "FROM scratch AS base`nFROM base AS Test`nFROM base"
        Get-Completion "Invoke-CraneBuild -Path '$built' -Target " | Should -Be 'base', 'test'
        Get-Completion "Invoke-CraneProvision -Path '$built' -Target t" | Should -Be 'test'
    }

    It 'offers platforms for: <_>' -ForEach 'Invoke-CraneBuild', 'Copy-CraneImage', 'Get-CraneImage' {
        Get-Completion "$_ -Platform linux/arm" | Should -Be 'linux/arm64', 'linux/arm/v7', 'linux/arm/v6'
        Get-Completion "$_ -Platform w" | Should -Be 'windows/amd64'
    }

    It 'offers builders without starting docker' {
        $config = New-Item (Join-Path $TestDrive (New-Name)) -ItemType Directory
        $instances = New-Item $config/buildx/instances -ItemType Directory
        'farm', 'arm', '.tmp-farm123' | ForEach-Object { Set-Content $instances/$_ '{}' }
        Add-DockerContext $config remote unix:///b.sock
        $other = New-Item (Join-Path $TestDrive "$(New-Name)/instances") -ItemType Directory
        Set-Content $other/own '{}'
        Use-Environment @{ DOCKER_CONFIG = "$config"; BUILDX_CONFIG = $null; PATH = '' } {
            Get-Completion 'Invoke-CraneBuild -BuilderName ' | Should -Be 'arm', 'farm', 'default', 'remote'
            Get-Completion 'Invoke-CraneProvision -BuilderName f' | Should -Be 'farm'
        }
        Use-Environment @{ DOCKER_CONFIG = "$config"; BUILDX_CONFIG = (Split-Path $other) } {
            Get-Completion 'Invoke-CraneBuild -BuilderName ow' | Should -Be 'own'
        }
    }

    It 'reads the file in the command line' {
        Get-Completion "Get-CraneContainer -Path '$other' wo" | Should -Be 'worker'
        Get-Completion "Get-CraneContainer -LiteralPath '$other' -Name wo" | Should -Be 'worker'
    }

    It 'reads a file on a PowerShell drive' {
        $null = New-PSDrive CraneStack FileSystem (Split-Path $other) -Scope Global
        try { Get-Completion 'Get-CraneContainer -Path CraneStack:/crane.yaml wo' | Should -Be 'worker' }
        finally { Remove-PSDrive CraneStack }
    }

    It 'offers docker''s contexts' {
        $config = New-Item (Join-Path $TestDrive (New-Name)) -ItemType Directory
        Add-DockerContext $config builder unix:///b.sock
        Use-Environment @{ DOCKER_CONFIG = "$config" } {
            Get-Completion 'Invoke-CranePull -Engine b' | Should -Be 'builder'
            Get-Completion 'Invoke-CranePush -Engine ' | Should -Be 'docker', 'builder'
        }
    }

    It 'neither throws nor offers a container with <what>' -ForEach @(
        @{ What = 'broken YAML'; Yaml = "containers: [`n  :}" }
        @{ What = 'an empty file'; Yaml = '' }
        @{ What = 'a file of another program'; Yaml = 'pipeline: { build: {} }' }
        @{ What = 'an error in the file'; Yaml = 'containers: { zz: { image: a/zz, puhs: {} } }' }
        @{ What = 'a name without its variable'; Yaml = 'containers: { "${NOT_SET_ANYWHERE}": { image: a/zz } }' }
    ) {
        $count = $Error.Count
        $broken = Write-CraneFile $TestDrive $yaml
        foreach ($line in "Get-CraneContainer -Path '$broken' z", "Invoke-CranePull -Path '$broken' -Group z", "Invoke-CranePull -Path '$broken' -Tag z") {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -BeNullOrEmpty
        }
        $Error.Count | Should -Be $count
    }

    It 'does not throw for: <_>' -ForEach @(
        'Get-CraneContainer -Path /absent/crane.yaml z'
        'Get-CraneContainer -Path Absent:/crane.yaml z'
        'Get-CraneContainer -Path $notSet z'
        'Get-CraneContainer -Path Env:/PATH z'
        'Get-CraneContainer -Variable 1 z'
        "Get-CraneContainer '["
        'Get-CraneContainer ``'
        'Invoke-CranePull -Engine zz'
        'Get-CraneImage -Name zz'
        'Get-CraneImage `['
        'Invoke-CranePull -Variable @{'
        'Invoke-CraneBuild -BuilderName zz'
        'Disconnect-CraneRegistry zz'
    ) {
        $count = $Error.Count
        { [Management.Automation.CommandCompletion]::CompleteInput($_, $_.Length, $null) } | Should -Not -Throw
        $Error.Count | Should -Be $count
    }
}
