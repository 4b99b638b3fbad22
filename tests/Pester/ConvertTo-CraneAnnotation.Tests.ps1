Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $none = @{ GITHUB_ACTIONS = $null; GITLAB_CI = $null; TF_BUILD = $null; GITHUB_WORKSPACE = $null; CI_PROJECT_DIR = $null; BUILD_SOURCESDIRECTORY = $null }
    $file = Write-CraneFile $TestDrive "containers:`n  os: { image: company/os, puhs: {} }"
    $root = Split-Path $file
    $failing = { Invoke-CranePull -Source 127.0.0.1:9/company/os -Target company/os -Engine "oci:$TestDrive/layout" -ErrorAction SilentlyContinue @args }
}

Describe 'ConvertTo-CraneAnnotation' {
    It 'finds <server> by its variables, and gives paths below the repository' -ForEach @(
        @{ Server = 'GitHub'; Variable = 'GITHUB_ACTIONS'; Repository = 'GITHUB_WORKSPACE'; Pattern = '^::error file=crane\.yaml,line=2,col=\d+,title=Crane UnknownKey::.*puhs' }
        @{ Server = 'Azure'; Variable = 'TF_BUILD'; Repository = 'BUILD_SOURCESDIRECTORY'; Pattern = '^##vso\[task\.logissue type=error;sourcepath=crane\.yaml;linenumber=2;columnnumber=\d+;code=UnknownKey\].*puhs' }
    ) {
        $set = $none.Clone()
        $set[$variable], $set[$repository] = 'true', $root
        Use-Environment $set {
            $said = @(Test-CraneFile $file | ConvertTo-CraneAnnotation)
            $said | Should -HaveCount 1
            $said[0] | Should -Match $pattern
        }
    }

    It 'writes a Code Quality report for GitLab, also an empty one' {
        $set = $none.Clone()
        $set.GITLAB_CI, $set.CI_PROJECT_DIR = 'true', $root
        Use-Environment $set {
            $report = @(Test-CraneFile $file | ConvertTo-CraneAnnotation | ConvertFrom-Json)
            $report.location.path | Should -Be 'crane.yaml'
            $report.location.lines.begin | Should -Be 2
            $report.check_name | Should -Be 'Crane.UnknownKey'
            $report.severity | Should -Be 'major'
            $report.fingerprint | Should -Match '^[0-9A-F]{64}$'
            $null | ConvertTo-CraneAnnotation | Should -Be '[]'
        }
    }

    It 'says the same wherever the repository is, so that reports can be compared' {
        $other = Write-CraneFile $TestDrive (Get-Content $file -Raw)
        $reports = foreach ($path in $file, $other) {
            $set = $none.Clone()
            $set.GITLAB_CI, $set.CI_PROJECT_DIR = 'true', (Split-Path $path)
            Use-Environment $set { Test-CraneFile $path | ConvertTo-CraneAnnotation | ConvertFrom-Json }
        }
        $reports[0].description | Should -BeLike 'crane.yaml:2:*puhs*'
        $reports[1].fingerprint | Should -Be $reports[0].fingerprint
    }

    It 'says that it does not know the build server' {
        Use-Environment $none {
            { Test-CraneFile $file | ConvertTo-CraneAnnotation } |
                Should -Throw -ErrorId 'InvalidValue,Crane.Commands.ConvertToCraneAnnotationCommand'
        }
    }

    It 'takes errors and failed results' {
        $results = . $failing -ErrorVariable errors
        $errors | Should -Not -BeNullOrEmpty
        $errors | ConvertTo-CraneAnnotation -As GitHub | Should -Match '^::error title=Crane RegistryUnreachable::'
        $results | ConvertTo-CraneAnnotation -As GitHub | Should -Match '^::error title=Crane PullFailed::company/os'
        $results | ConvertTo-Json | ConvertFrom-Json | ConvertTo-CraneAnnotation -As GitHub | Should -Match 'title=Crane PullFailed'
        & $failing -WhatIf | ConvertTo-CraneAnnotation -As GitHub | Should -BeNullOrEmpty
        Get-CraneContainer -Path $file -ErrorVariable located -ErrorAction SilentlyContinue
        $located | ConvertTo-CraneAnnotation -As GitHub | Should -Match 'file=[^,]*crane\.yaml,line=2,col=\d+'
    }

    It 'takes what <_> leaves of them' -ForEach 'CliXml', 'JSON', 'JSON with hashtables', 'a job' {
        $trip = switch ($_) {
            'CliXml' { { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($args[0], 1)) } }
            'JSON' { { $args[0] | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json } }
            'JSON with hashtables' { { $args[0] | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json -AsHashtable } }
            'a job' { { Start-Job { $input } -InputObject $args[0] | Receive-Job -Wait -AutoRemoveJob } }
        }
        Get-CraneContainer -Path $file -ErrorVariable located -ErrorAction SilentlyContinue
        $good = Write-CraneFile $TestDrive "containers:`n  os: { image: company/os, push: { registry: r.co } }"
        $plan = Get-CraneRetagPlan Push -Path $good
        $plan | Invoke-CranePull -ErrorVariable planned -ErrorAction SilentlyContinue
        Get-Item "$TestDrive/nowhere" -ErrorVariable foreign -ErrorAction SilentlyContinue
        foreach ($item in @($located) + @($planned) + @($foreign) + @(Test-CraneFile $file) + @(. $failing)) {
            $said = & $trip $item | ConvertTo-CraneAnnotation -As GitHub
            $said | Should -BeExactly ($item | ConvertTo-CraneAnnotation -As GitHub)
            $said | Should -Match '^::error .*title=Crane \w+::.'
        }
    }

    It 'lets no text begin a command: <as>' -ForEach @(
        @{ As = 'GitHub'; Line = '::error title=Crane I%3A%3A]%2C;J::one%0A::error::two%0A##vso[task.complete]%250A' }
        @{ As = 'AzurePipelines'; Line = '##vso[task.logissue type=error;code=I::%5D,%3BJ]one%0A::error::two%0A##vso[task.complete]%AZP250A' }
    ) {
        [pscustomobject]@{ ErrorId = 'I::],;J'; Message = "one`r`n::error::two`n##vso[task.complete]%0A" } |
            ConvertTo-CraneAnnotation -As $as | Should -BeExactly $line
    }
}

Describe 'The exit code of a script whose pull fails' {
    BeforeAll { $registry = Start-TestRegistry }   # without images: it says so at once

    AfterAll { $registry | Stop-TestRegistry }

    It 'is <code> with pwsh -File <what>' -ForEach @(
        @{ Code = 0; What = 'without more'; Line = '' }
        @{ Code = 1; What = 'with a look at the results'; Line = "; if (`$results.Status -contains 'Failed') { exit 1 }" }
        @{ Code = 1; What = 'with -ErrorAction Stop'; Line = ' -ErrorAction Stop' }
    ) {
        $said = Invoke-Shell "`$results = Invoke-CranePull -Source $($registry.Address)/company/os -Target company/os -Engine 'oci:$TestDrive/exit'$line"
        $said.ExitCode | Should -Be $code
    }
}
