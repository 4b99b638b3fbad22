# The input of Invoke-CranePush, and which of it is pushed. Invoke-CranePush.Tests.ps1 tests the push itself.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $id = 'Crane.Commands.InvokeCranePushCommand' }

Describe 'Invoke-CranePush' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'accepts <what>' -ForEach @(
        @{ What = 'names'; Run = { Invoke-CranePush a -Path $file } }
        @{ What = 'a group'; Run = { Invoke-CranePush -Group one -Path $file } }
        @{ What = 'containers'; Run = { Get-CraneContainer a -Path $file | Invoke-CranePush } }
        @{ What = 'plans'; Run = { Get-CraneRetagPlan Push a -Path $file | Where-Object Status -EQ Planned | Invoke-CranePush } }
        @{ What = 'results'; Run = { Invoke-CranePush a -Path $file | Invoke-CranePush } }
        @{ What = 'source and target'; Run = { Invoke-CranePush -Source "$name-a" -Target "$official/$name-a" -Container a } }
        @{ What = 'a table with these columns'; Run = { "Target,Source,Container`n$official/$name-a,$name-a,a" | ConvertFrom-Csv | Invoke-CranePush } }
    ) {
        $name = New-Name
        New-LocalImage "$name-a"
        $file = Write-CraneFile $TestDrive @"
containers: { a: { image: $name-a, push: { registry: $official } }, b: { image: $name-b, push: { registry: $official } } }
groups: { one: [a] }
"@
        $result = & $run
        $result.Container | Should -Be 'a'
        $result.ForEach{ "$_" -replace ': .*' } | Should -Be "Push $name-a -> $official/$name-a"
        $result.Status | Should -BeIn 'Succeeded', 'UpToDate'
        Get-RemoteDigest "$official/$name-a" | Should -Be $result.Digest
    }

    It 'finds its credential <where>' -ForEach @(
        @{ Where = 'in -RegistryCredential'; Run = { Invoke-CranePush @move -RegistryCredential @{ $personal = $credential; 'other.example' = $credential } } }
        @{ Where = 'in -RegistryCredential, written as an address'; Run = { Invoke-CranePush @move -RegistryCredential @{ "http://$personal/v2/" = $credential } } }
        @{ Where = 'stored by docker login'; Run = { Use-Environment @{ DOCKER_CONFIG = "$($testbed.Folder)/docker" } { Invoke-CranePush @move } } }
        @{ Where = 'in DOCKER_AUTH_CONFIG'; Run = { Use-Environment @{ DOCKER_AUTH_CONFIG = Get-Content "$($testbed.Folder)/docker/config.json" -Raw } { Invoke-CranePush @move } } }
    ) {
        $name = New-Name
        New-LocalImage $name
        $move = @{ Source = $name; Target = "$personal/bob/$name" }
        (& $run).Status | Should -Be 'Succeeded'
        Get-RemoteDigest "$personal/bob/$name" | Should -Not -BeNullOrEmpty
    }

    It 'refuses an invalid credential' {
        { Invoke-CranePush -Source a -Target "$personal/a" -RegistryCredential @{ $personal = 'password' } } |
            Should -Throw -ErrorId "InvalidValue,$id" -ExceptionType ([Crane.CraneException])
    }

    It 'moves an image of several containers once, and reports it for each' {
        $name = New-Name
        New-LocalImage $name
        $file = Write-CraneFile $TestDrive "x-push: &push { registry: $official }`ncontainers: { a: { image: $name, push: *push }, b: { image: '${name}:latest', push: *push } }"
        $all = Invoke-CranePush -Path $file -Verbose -Debug *>&1
        $results = $all | Where-Object { $_ -is [Crane.RetagResult] }
        $results.Container | Should -Be 'a', 'b'
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $all -match '^POST .*/push\?' | Should -HaveCount 1
    }

    It 'moves nothing for two sources with one target, and moves the rest' {
        $name = New-Name
        New-LocalImage "acme/$name"
        New-LocalImage "acmeim/$name"
        New-LocalImage "acme/$name-other"
        $file = Write-CraneFile $TestDrive @"
x-push: &push { registry: $official, override_user: bob }
containers:
  one: { image: acme/$name, push: *push }
  two: { image: acmeim/$name, push: *push }
  three: { image: acme/$name-other, push: *push }
"@
        $results = Invoke-CranePush -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'three'
        $results.Status | Should -Be 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -Be "TargetConflict,$id", "TargetConflict,$id"
        Test-RemoteImage "$official/bob/$name" | Should -BeFalse
    }

    It 'pushes results of builds and pulls, and skips failed ones: <how>' -ForEach @(
        @{ How = 'live'; Way = { $input } }
        @{ How = 'from JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'from CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'from CliXml'; Way = { $input | Export-Clixml $TestDrive/made.xml; Import-Clixml $TestDrive/made.xml } }
    ) {
        $name = New-Name
        $null = Publish-Image "$official/$name-etcd"
        New-LocalImage "company/$name-broken"
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$name, build: { context: ., build-arg: { A: 1, B: 2 } }, push: { registry: $official, override_user: bob, tag: [a, b] } }
  broken: { image: company/$name-broken, build: { context: ., file: Broken }, push: { registry: $official } }
  etcd: { image: $name-etcd, pull: { registry: $official }, push: { skip: true } }
"@
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        Set-Content (Join-Path (Split-Path $file) Broken) "FROM scratch`nCOPY absent /"
        $made = Invoke-CraneProvision -Path $file -ErrorAction SilentlyContinue | & $way
        Remove-Item $file

        ($made | Get-CraneRetagPlan Push).Status | Should -Be 'Planned', 'Planned', 'Skipped', 'Skipped'
        $results = $made | Invoke-CranePush -ErrorAction Stop
        $results.Container | Should -Be 'os', 'os', 'broken', 'etcd'
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Skipped', 'Skipped'
        $results[0, 1].Target | Should -Be "$official/bob/${name}:a", "$official/bob/${name}:b"
        $results[2].Reason | Should -Match '^build failed: .*absent'
        $results[3].Reason | Should -Be 'push.skip'
        Test-RemoteImage "$official/company/$name-broken" | Should -BeFalse
    }

    It 'pushes what -Changed found up to date, but not what was only planned' {
        $name = New-Name
        $file = Write-CraneFile $TestDrive "containers: { x: { image: company/$name, build: ., push: { registry: $official } } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        $planned = Invoke-CraneBuild -Path $file -WhatIf | Invoke-CranePush -WarningAction SilentlyContinue
        $planned.Status | Should -Be 'Skipped'
        $planned.Reason | Should -Be 'build was not run'

        $null = Invoke-CraneBuild -Path $file
        $results = Invoke-CraneBuild -Path $file -Changed -WarningAction SilentlyContinue | Invoke-CranePush
        $results.Status | Should -Be 'Succeeded'
    }

    It 'refuses a result without the property Push' {
        $made = [pscustomobject]@{ Operation = 'Build'; Source = '/os'; Target = 'company/os'; Status = 'Succeeded' }
        $made | Invoke-CranePush -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].Exception.Message | Should -Match "'Push'"
    }

    It 'refuses plans of another operation' {
        $file = Write-CraneFile $TestDrive "containers: { x: { image: company/x } }"
        $results = Get-CraneRetagPlan Pull -Path $file | Invoke-CranePush -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "OperationMismatch,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $errors[0].TargetObject | Should -BeOfType Crane.RetagPlan
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Where-Object Operation'
    }

    It 'only shows what it would do with -WhatIf' {
        $name = New-Name
        New-LocalImage $name
        $shell = Invoke-Shell "(Invoke-CranePush -Source $name -Target $official/$name -WhatIf).ForEach{ ""`$_"" }"
        $shell.Output -replace '\s+', ' ' | Should -Match ([regex]::Escape("What if: Performing the operation ""Push $name"" on target ""$official/$name""."))
        $shell.Output | Should -Match ': Planned'
        $shell.ExitCode | Should -Be 0
        Test-RemoteImage "$official/$name" | Should -BeFalse
        Get-LocalId overlay2 "$official/$name" | Should -BeNullOrEmpty
    }

    It 'shows the registry of every remote name, and pushes to Docker Hub if -Target says so' {
        $result = Invoke-CranePush -Source company/os -Target bob/os:1 -WhatIf -Engine "unix://$TestDrive/absent"
        "$result" | Should -Be 'Push company/os -> docker.io/bob/os:1: Planned'
        $result.Step | Should -Be 'set -e', 'docker tag company/os docker.io/bob/os:1', 'docker push docker.io/bob/os:1'
    }

    It 'pushes nothing without a push directive' {
        $file = Write-CraneFile $TestDrive @'
containers:
  db: { image: postgres:16 }
  app: { image: company/app, push: { tag: latest } }
  off: { image: company/off, push: { registry: "${SET_BUT_EMPTY:-}" } }
'@
        $results = Invoke-CranePush -Path $file -Variable @{ SET_BUT_EMPTY = '' } -WarningAction SilentlyContinue
        $results.Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
        $results.Reason | Select-Object -Unique | Should -Be 'no push directive'
    }

    It 'warns if everything is skipped' {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: company/x, push: { skip: yes } } }'
        $result = Invoke-CranePush -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Skipped'
        $warnings | Should -HaveCount 1
    }

    It 'pushes the other containers if a variable is missing' {
        $name = New-Name
        New-LocalImage $name
        $file = Write-CraneFile $TestDrive "containers: { a: { image: $name-a, push: { registry: '`${NOT_SET_HERE}' } }, b: { image: $name, push: { registry: $official } } }"
        $results = Invoke-CranePush -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Container | Should -Be 'b'
        $errors.FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
    }
}
