Import-Module $PSScriptRoot/Setup.psm1
BeforeDiscovery { $runbooks = Get-ChildItem $PSScriptRoot/../../samples/runbooks/*.ps1 }

BeforeAll {
    $runbooks = Convert-Path $PSScriptRoot/../../samples/runbooks
    $password = ${credential}?.GetNetworkCredential().Password

    # Runs a runbook as a scheduler would, with the module on the path. Its output is that of all streams.
    function Invoke-Runbook([string] $Name, [hashtable] $Environment, [Collections.IDictionary] $Parameter) {
        $arguments = $Parameter.GetEnumerator().ForEach{ "-$($_.Key)", $_.Value }
        $modules = "$(Split-Path $env:CRANE_TEST_MODULE)$([IO.Path]::PathSeparator)$env:PSModulePath"
        Use-Environment (@{ PSModulePath = $modules; NO_COLOR = '1' } + $Environment) {
            $said = pwsh -NoProfile -NonInteractive -File "$runbooks/$Name.ps1" @arguments 2>&1 | Out-String
            [pscustomobject]@{ Output = $said; ExitCode = $LASTEXITCODE }
        }
    }

    # A crane file whose images are pulled from the variable DOCKER_REGISTRY and pushed to PERSONAL_REGISTRY.
    function New-Stack([string[]] $Image, [string] $Section = 'push: { registry: "${PERSONAL_REGISTRY}" }') {
        $containers = $Image | ForEach-Object { "  $($_ -replace '.*/'): { image: $_, pull: { registry: `"`${DOCKER_REGISTRY}`" }, $Section }" }
        Write-CraneFile $TestDrive (@('containers:') + $containers -join "`n")
    }
}

Describe 'The runbook <_.Name>' -ForEach $runbooks {
    It 'has help for each parameter, and is in README' {
        (Get-Help $_.FullName).Synopsis | Should -Match '\.$'
        foreach ($parameter in (Get-Help $_.FullName -Parameter *)) {
            $parameter.description.Text | Should -Not -BeNullOrEmpty -Because $parameter.name
        }
        Get-Content $PSScriptRoot/../../README.md -Raw | Should -Match ([regex]::Escape("(samples/runbooks/$($_.Name))"))
    }
}

Describe 'nightly-backup.ps1' -Skip:$missing {
    BeforeAll { $backup = $testbed.Backup }

    BeforeEach {
        $one, $two = "company/$(New-Name)", "company/$(New-Name)"
        $stack = New-Stack $one, $two
        $logs = "$TestDrive/$(New-Name)"
        $environment = @{ DOCKER_REGISTRY = $official; PERSONAL_REGISTRY = $backup }
    }

    It 'copies what is new, and its log can undo that' {
        $first = Publish-Image "$official/$one"
        $null = Publish-Image "$official/$two"
        (Invoke-Runbook nightly-backup $environment @{ LogFolder = $logs; Path = $stack }).ExitCode | Should -Be 0
        Get-RemoteDigest "$backup/$one" | Should -Be $first
        Get-ChildItem $logs | Remove-Item

        $second = Publish-Image "$official/$one"
        (Invoke-Runbook nightly-backup $environment @{ LogFolder = $logs; Path = $stack }).ExitCode | Should -Be 0
        Get-RemoteDigest "$backup/$one" | Should -Be $second
        $log = Import-Csv (Get-ChildItem $logs)
        $log.Status | Should -Be Succeeded, UpToDate
        $log | Undo-CraneRetag
        Get-RemoteDigest "$backup/$one" | Should -Be $first
    }

    It 'exits with 2 if an image is missing, and copies the others' {
        $digest = Publish-Image "$official/$two"
        $run = Invoke-Runbook nightly-backup $environment @{ LogFolder = $logs; Path = $stack }
        $run.ExitCode | Should -Be 2
        $run.Output | Should -Match "$official/$one"
        (Import-Csv (Get-ChildItem $logs)).Status | Should -Be Failed, Succeeded
        Get-RemoteDigest "$backup/$two" | Should -Be $digest
    }
}

Describe 'air-gap.ps1' -Skip:$missing {
    BeforeAll {
        $site = $testbed.Backup
        $environment = @{ DOCKER_REGISTRY = $official }
    }

    It 'brings all images to the site, where the same crane file pulls them' {
        $one, $two = "company/$(New-Name)", "vendor/$(New-Name):2"
        $stack = New-Stack $one, $two -Section 'push: { skip: true }'
        $digests = ($one, $two).ForEach{ Publish-Image "$official/$_" }
        $folder = "$TestDrive/$(New-Name)"
        (Invoke-Runbook air-gap $environment @{ Folder = $folder; Path = $stack }).ExitCode | Should -Be 0
        # At the site there is no official registry.
        $here = @{ DOCKER_REGISTRY = $site }
        (Invoke-Runbook air-gap $here @{ Folder = $folder; Path = $stack; Registry = $site }).ExitCode | Should -Be 0
        $results = Invoke-CranePull -Path $stack -Variable $here -Engine "oci:$TestDrive/$(New-Name)"
        $results.Status | Should -Be Succeeded, Succeeded
        $results.Digest | Should -Be $digests
    }

    It 'exits with 2 if an image is missing, and mirrors the others' {
        $one, $two = "company/$(New-Name)", "company/$(New-Name)"
        $stack = New-Stack $one, $two
        $digest = Publish-Image "$official/$two"
        $folder = "$TestDrive/$(New-Name)"
        $both = $environment + @{ PERSONAL_REGISTRY = $personal }
        (Invoke-Runbook air-gap $both @{ Folder = $folder; Path = $stack }).ExitCode | Should -Be 2
        $run = Invoke-Runbook air-gap $both @{ Folder = $folder; Path = $stack; Registry = $site }
        $run.ExitCode | Should -Be 2
        $run.Output | Should -Match $one
        Get-RemoteDigest "$site/$two" | Should -Be $digest
    }

    It 'exits with 1 if the folder is missing' {
        $run = Invoke-Runbook air-gap $environment @{ Folder = "$TestDrive/absent"; Path = (New-Stack company/os); Registry = $site }
        $run.ExitCode | Should -Be 1
        $run.Output | Should -Match 'absent'
    }
}

Describe 'developer-refresh.ps1' -Skip:$missing {
    It 'pulls what is behind, keeps what was changed here, and builds it on the newer base' {
        $os, $service, $tool = (New-Name), (New-Name), (New-Name)
        $stack = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$os, pull: { registry: $official } }
  service: { image: company/$service, build: service, pull: { registry: $official } }
  tool: { image: company/$tool, pull: { registry: $official } }
"@
        $folder = New-Item (Join-Path (Split-Path $stack) service) -ItemType Directory
        Set-Content $folder/mark (New-Name)
        Set-Content $folder/Dockerfile "FROM company/$os", 'COPY mark /etc/mark2'
        foreach ($name in $os, $tool) { $null = Publish-Image "$official/company/$name" }
        $engine = $testbed.Engines.overlay2
        $null = Invoke-CranePull os, tool -Path $stack -Engine $engine
        $null = Invoke-CraneBuild service -Path $stack -Engine $engine
        New-LocalImage company/$tool
        $kept = Get-LocalId overlay2 company/$tool
        $newer = Publish-Image "$official/company/$os"

        $run = Invoke-Runbook developer-refresh @{ DOCKER_HOST = $engine } @{ Path = $stack }
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $rows = Get-CraneStatus -Path $stack -Engine $engine
        $rows[0].Pull, $rows[0].OfficialDigest | Should -Be UpToDate, $newer
        $rows[1].Base | Should -Be Current
        Get-LocalId overlay2 company/$tool | Should -Be $kept
    }

    It 'exits with 2 if a registry cannot be reached' {
        $stack = New-Stack "company/$(New-Name)"
        $environment = @{ DOCKER_HOST = $testbed.Engines.overlay2; DOCKER_REGISTRY = '127.0.0.1:1'; PERSONAL_REGISTRY = $personal }
        (Invoke-Runbook developer-refresh $environment @{ Path = $stack }).ExitCode | Should -Be 2
    }
}

Describe 'ci.ps1' -Skip:$missing {
    BeforeEach {
        $one, $two = (New-Name), (New-Name)
        $stack = Write-CraneFile $TestDrive @"
containers:
  one: { image: company/$one, build: one, push: { registry: $personal } }
  two: { image: company/$two, build: two, push: { registry: $personal } }
"@
        foreach ($part in 'one', 'two') {
            $folder = New-Item (Join-Path (Split-Path $stack) $part) -ItemType Directory
            Set-Content $folder/mark (New-Name)
            Set-Content $folder/Dockerfile 'FROM scratch', 'COPY mark /etc/mark'
        }
        $environment = @{
            DOCKER_HOST = $testbed.Engines.overlay2; GITLAB_CI = $null; TF_BUILD = $null; GITHUB_WORKSPACE = "$(Split-Path $stack)"
            REGISTRY_USER = $credential.UserName; REGISTRY_PASSWORD = $password
        }
    }

    It 'builds and pushes with the tag' {
        $run = Invoke-Runbook ci $environment @{ Path = $stack; Tag = '1.4' }
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Output | Should -Not -Match '::error'
        foreach ($name in $one, $two) { Test-RemoteImage "$personal/company/${name}:1.4" | Should -BeTrue }
    }

    It 'exits with 1 and an annotation if the crane file has an error, and builds nothing' {
        (Get-Content $stack).Replace('build: two', 'biuld: two') | Set-Content $stack
        $run = Invoke-Runbook ci $environment @{ Path = $stack }
        $run.ExitCode | Should -Be 1
        $run.Output | Should -Match '(?m)^::error file=crane\.yaml,line=3.*biuld'
        Get-LocalId overlay2 company/$one | Should -BeNullOrEmpty
    }

    It 'exits with 2 and an annotation if an image cannot be built, and pushes the others' {
        Remove-Item "$(Split-Path $stack)/one/mark"
        $run = Invoke-Runbook ci $environment @{ Path = $stack }
        $run.ExitCode | Should -Be 2
        $run.Output | Should -Match '(?m)^::error .*mark'
        Test-RemoteImage "$personal/company/$two" | Should -BeTrue
        Test-RemoteImage "$personal/company/$one" | Should -BeFalse
    }

    It 'writes a report for GitLab, and no password' {
        $environment.REGISTRY_PASSWORD = 'not the one'
        $run = Invoke-Runbook ci $environment @{ Path = $stack; As = 'GitLab'; Report = "$TestDrive/report.json" }
        $run.ExitCode | Should -Be 2
        $report = Get-Content $TestDrive/report.json -Raw
        ($report | ConvertFrom-Json).check_name | Should -Be Crane.RegistryUnauthorized, Crane.RegistryUnauthorized
        "$report$($run.Output)" | Should -Not -Match 'not the one'
    }
}

Describe 'azure-automation.ps1' -Skip:$missing {
    BeforeAll {
        # A credential cannot be given on a command line: Azure Automation passes the object.
        function Invoke-Job([string[]] $Image, [string] $Password = $password) {
            $environment = @{ USERNAME_GIVEN = $credential.UserName; PASSWORD_GIVEN = $Password; DOCKER_HOST = 'unix:///absent'; NO_COLOR = '1' }
            Invoke-Shell -Environment $environment @"
`$credential = [pscredential]::new(`$env:USERNAME_GIVEN, (ConvertTo-SecureString `$env:PASSWORD_GIVEN -AsPlainText))
& '$runbooks/azure-automation.ps1' -Source $official -Target $personal -Image $($Image -join ',') -TargetCredential `$credential
"@
        }
    }

    It 'copies the images, without an engine' {
        $one, $two = "company/$(New-Name)", "company/$(New-Name):1.4"
        $digests = ($one, $two).ForEach{ Publish-Image "$official/$_" }
        (Invoke-Job $one, $two).ExitCode | Should -Be 0
        ($one, $two).ForEach{ Get-RemoteDigest "$personal/$_" } | Should -Be $digests
    }

    It 'fails if an image is missing, and copies the others' {
        $one, $two = "company/$(New-Name)", "company/$(New-Name)"
        $digest = Publish-Image "$official/$two"
        $job = Invoke-Job $one, $two
        $job.ExitCode | Should -Be 1
        $job.Output | Should -Match $one
        Get-RemoteDigest "$personal/$two" | Should -Be $digest
    }

    It 'fails if the password is wrong, and does not show it' {
        $one = "company/$(New-Name)"
        $null = Publish-Image "$official/$one"
        $job = Invoke-Job $one -Password 'not-the-one'
        $job.ExitCode | Should -Be 1
        $job.Output | Should -Not -Match 'not-the-one'
    }
}
