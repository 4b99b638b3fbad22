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

        $file = New-CraneFile $TestDrive @'
containers:
  os: { image: company/os }
  operator: { image: company/operator }
  "a b": { image: company/ab }
  it's: { image: company/its }
  web-${COLOR:-blue}: { image: company/web }
groups: { core: [os], "every day": { containers: [operator], atomic: true } }
remotes: { mine: { registry: r.co }, "our prod": { registry: p.co }, "m-${COLOR:-blue}": { registry: b.co } }
'@
        $other = New-CraneFile $TestDrive 'containers: { worker: { image: company/worker } }'
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
        $broken = New-CraneFile $TestDrive $yaml
        foreach ($line in "Get-CraneContainer -Path '$broken' z", "Invoke-CranePull -Path '$broken' -Group z") {
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
    ) {
        $count = $Error.Count
        { [Management.Automation.CommandCompletion]::CompleteInput($_, $_.Length, $null) } | Should -Not -Throw
        $Error.Count | Should -Be $count
    }
}
