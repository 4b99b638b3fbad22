BeforeDiscovery {
    Import-Module $PSScriptRoot/Setup.psm1
    $missing = -not (Get-Testbed)
}

BeforeAll {
    Import-Module $PSScriptRoot/Setup.psm1
    $testbed = Get-Testbed
    $official = ${testbed}?.Official
    $personal = ${testbed}?.Personal
    $credential = ${testbed}?.PersonalCredential
    $id = 'Crane.Commands.InvokeCranePushCommand'

    # An image that only the engine has.
    function New-LocalImage([string] $Name, [string] $On = 'overlay2') {
        $null = New-TestbedImage $Name -Layer @{ 'etc/mark' = New-Name } -Store $On
    }
}

Describe 'Invoke-CranePush on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'pushes a stack to the personal registry, but for what is skipped; the second time nothing moves' {
        $name = New-Name
        New-LocalImage "company/$name-os" $store
        New-LocalImage "company/$name-service" $store
        $file = New-CraneFile $TestDrive @"
containers:
  os:
    image: company/$name-os
    push: { registry: $personal }
  etcd:
    image: coreos/etcd:2
    push:
      skip: true
  service:
    image: company/$name-service
    push:
      registry: $personal
      override_user: "`${USER}"
"@
        Use-Environment @{ USER = 'bob' } {
            $results = Invoke-CranePush -Path $file -Credential $credential
            $? | Should -BeTrue
            $results | Should -BeOfType Crane.RetagResult
            $results.Container | Should -Be 'os', 'etcd', 'service'
            $results.Source | Should -Be "company/$name-os", 'coreos/etcd:2', "company/$name-service"
            $results[0].Target | Should -Be "$personal/company/$name-os"
            $results[2].Target | Should -Be "$personal/bob/$name-service"
            $results.Status | Should -Be 'Succeeded', 'Skipped', 'Succeeded'
            $results[1].Reason | Should -Be 'push.skip'
            foreach ($one in $results[0, 2]) {
                $one.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
                Get-RemoteDigest $one.Target | Should -Be $one.Digest
                Get-LocalId $store $one.Target | Should -Be (Get-LocalId $store $one.Source)
            }

            $again = Invoke-CranePush -Path $file -Credential $credential -Verbose -Debug *>&1
            $results = $again | Where-Object { $_ -is [Crane.RetagResult] }
            $results.Status | Should -Be 'UpToDate', 'Skipped', 'UpToDate'
            $again -match '/push\?' | Should -BeNullOrEmpty
        }
    }

    It 'pushes what the engine has now, if that is something else' {
        $name = New-Name
        New-LocalImage $name $store
        $old = Invoke-CranePush -Source $name -Target "$official/$name"
        New-LocalImage $name $store
        $new = Invoke-CranePush -Source $name -Target "$official/$name"
        $new.Status | Should -Be 'Succeeded'
        $new.Digest | Should -Not -Be $old.Digest
        Get-RemoteDigest "$official/$name" | Should -Be $new.Digest
    }

    It 'moves what is up to date with -Force' {
        $name = New-Name
        New-LocalImage $name $store
        $first = Invoke-CranePush -Source $name -Target "$official/$name"
        $all = Invoke-CranePush -Source $name -Target "$official/$name" -Force -Verbose -Debug *>&1
        $result = $all | Where-Object { $_ -is [Crane.RetagResult] }
        $result.Status | Should -Be 'Succeeded'
        $result.Digest | Should -Be $first.Digest
        $all -match '^POST .*/push\?' | Should -HaveCount 1
    }

    It 'gives back what it was given: a pull of what was pushed is up to date' {
        $name = New-Name
        New-LocalImage $name $store
        $pushed = Invoke-CranePush -Source $name -Target "$official/$name"
        $pulled = Invoke-CranePull -Source "$official/$name" -Target $name
        $pulled.Status | Should -Be 'UpToDate'
        $pulled.Digest | Should -Be $pushed.Digest
    }

    It 'pushes under each tag of push.tag' {
        $name = New-Name
        New-LocalImage "company/${name}:dev" $store
        $file = New-CraneFile $TestDrive "containers: { x: { image: 'company/${name}:dev', push: { registry: $official, tag: [latest, '`${SHA}'] } } }"
        $results = Invoke-CranePush -Path $file -Variable @{ SHA = 'abc123' }
        $results.Target | Should -Be "$official/company/${name}:latest", "$official/company/${name}:abc123"
        $results.Status | Should -Not -Contain 'Failed'
        foreach ($one in $results) { Get-RemoteDigest $one.Target | Should -Be $results[0].Digest }
        Test-RemoteImage "$official/company/${name}:dev" | Should -BeFalse
    }

    It 'reports an image that the engine does not have, and pushes the others' {
        $name = New-Name
        New-LocalImage "$name-here" $store
        $results = 'absent', 'here' | ForEach-Object { [pscustomobject]@{ Container = $_; Source = "$name-$_"; Target = "$official/$name-$_" } } |
            Invoke-CranePush -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Status | Should -Be 'Failed', 'Succeeded'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "LocalImageNotFound,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $errors[0].TargetObject | Should -BeOfType Crane.RetagPlan
        $errors[0].TargetObject.Container | Should -Be 'absent'
        $errors[0].Exception.Message | Should -Match "$name-absent"
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'sends nothing where the registry would end up with another digest than the name promises' {
        $name = New-Name
        New-LocalImage "${name}:1" $store
        $wanted = "sha256:$('0' * 64)"
        $file = New-CraneFile $TestDrive "containers: { x: { image: '${name}:1@$wanted', push: { registry: $official } } }"
        $result = Invoke-CranePush -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "DigestMismatch,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $errors[0].Exception.Message | Should -Match $wanted
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Copy-CraneImage'
        Test-RemoteImage "$official/${name}:1" | Should -BeFalse

        $digest = (Invoke-CranePush -Source "${name}:1" -Target "$official/${name}:1").Digest
        $file = New-CraneFile $TestDrive "containers: { x: { image: '${name}:1@$digest', push: { registry: $official } } }"
        (Invoke-CranePush -Path $file).Digest | Should -Be $digest
    }

    It 'says which platforms stay behind, and takes none away at the target' {
        $registry = Start-TestRegistry
        try {
            $name = "$($registry.Address)/$(New-Name)"
            $index = Publish-Index "${name}:1"
            $null = Invoke-CranePull -Source "${name}:1" -Target "${name}:1"

            $result = Invoke-CranePush -Source "${name}:1" -Target "${name}-one:1@$index" -ErrorVariable errors -ErrorAction SilentlyContinue
            $result.Status | Should -Be 'Failed'
            $errors[0].FullyQualifiedErrorId | Should -Be "DigestMismatch,$id"
            Get-CraneTag "$name-one" -ErrorAction SilentlyContinue | Should -BeNullOrEmpty

            $result = Invoke-CranePush -Source "${name}:1" -Target "${name}-one:1" -WarningVariable warnings -WarningAction SilentlyContinue
            $result.Status | Should -Be 'Succeeded'
            "$($warnings[0])" | Should -Match 'linux/arm64.*Copy-CraneImage'
            (Invoke-CranePush -Source "${name}:1" -Target "${name}-one:1" -WarningVariable warnings).Status | Should -Be 'UpToDate'
            $warnings | Should -BeNullOrEmpty

            $null = Publish-Index "${name}-all:1"
            $all = (Get-CraneImage "${name}-all:1").Digest
            Invoke-CranePush -Source "${name}:1" -Target "${name}-all:1" -ErrorVariable errors -ErrorAction SilentlyContinue |
                ForEach-Object Status | Should -Be 'Failed'
            $errors[0].FullyQualifiedErrorId | Should -Be "WouldLoseImage,$id"
            $errors[0].Exception.Message | Should -Match 'would take linux/arm64 away'
            (Get-CraneImage "${name}-all:1").Digest | Should -Be $all
        }
        finally { Stop-TestRegistry $registry }
    }

    It 'gives a remote name back that it had before a push that failed' {
        $name = New-Name
        New-LocalImage $name $store
        New-LocalImage "127.0.0.1:1/$name" $store
        $before = Get-LocalId $store "127.0.0.1:1/$name"
        Invoke-CranePush -Source $name -Target "127.0.0.1:1/$name" -Force -ErrorAction SilentlyContinue | ForEach-Object Status | Should -Be 'Failed'
        Get-LocalId $store "127.0.0.1:1/$name" | Should -Be $before
        Invoke-TestbedDocker $store image rm "127.0.0.1:1/$name"
    }

    It 'with a wrong password fails at once, leaves no name behind, and shows the password nowhere' {
        $name = New-Name
        New-LocalImage $name $store
        $secret = 'Wr0ng/pass+word?'
        $session = Invoke-Session { param($name, $target, $credential)
            Invoke-CranePush -Source $name -Target $target -Credential $credential -Verbose -Debug
        } @{ name = $name; target = "$personal/bob/$name"; credential = [pscredential]::new('bob', (ConvertTo-SecureString $secret -AsPlainText)) }

        $session.Output.Status | Should -Be 'Failed'
        $session.Streams.Error | Should -HaveCount 1
        $fault = $session.Streams.Error[0]
        $fault.FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $fault.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $fault.Exception.Message | Should -Match ([regex]::Escape($personal))
        $fault.ErrorDetails.RecommendedAction | Should -Match '-Credential'
        Get-LocalId $store "$personal/bob/$name" | Should -BeNullOrEmpty

        $session.Streams.Debug.Count | Should -BeGreaterThan 2
        $session.Streams.Verbose.Count | Should -BeGreaterThan 0
        $everything = @(
            $session.Output | ConvertTo-Json -Depth 5
            $session.Streams.Debug, $session.Streams.Verbose, $session.Streams.Warning, $session.Streams.Information | ForEach-Object { "$_" }
            $session.Streams.Progress | Format-List * | Out-String -Width 4000
            $session.Streams.Error | Format-List * -Force | Out-String -Width 4000
            $fault.Exception.ToString()
        ) -join "`n"
        $everything | Should -Match $name
        $basic = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("bob:$secret"))
        foreach ($form in $secret, [uri]::EscapeDataString($secret), $basic, $basic.TrimEnd('=')) {
            $everything | Should -Not -Match ([regex]::Escape($form))
        }
        # The header that the engine is lent holds it as JSON in base64.
        foreach ($text in [regex]::Matches($everything, '[A-Za-z0-9+/_-]{40,}={0,2}').Value) {
            $base64 = $text.TrimEnd('=').Replace('-', '+').Replace('_', '/')
            $bytes = [byte[]]::new($text.Length)
            if ([Convert]::TryFromBase64String($base64.PadRight($base64.Length + (4 - $base64.Length % 4) % 4, '='), $bytes, [ref]0)) {
                [Text.Encoding]::UTF8.GetString($bytes) | Should -Not -Match ([regex]::Escape($secret))
            }
        }
    }
}

Describe 'Invoke-CranePush' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'takes <what>' -ForEach @(
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
        $file = New-CraneFile $TestDrive @"
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
        @{ Where = 'where docker login left it'; Run = { Use-Environment @{ DOCKER_CONFIG = "$($testbed.Folder)/docker" } { Invoke-CranePush @move } } }
        @{ Where = 'in DOCKER_AUTH_CONFIG'; Run = { Use-Environment @{ DOCKER_AUTH_CONFIG = Get-Content "$($testbed.Folder)/docker/config.json" -Raw } { Invoke-CranePush @move } } }
    ) {
        $name = New-Name
        New-LocalImage $name
        $move = @{ Source = $name; Target = "$personal/bob/$name" }
        (& $run).Status | Should -Be 'Succeeded'
        Get-RemoteDigest "$personal/bob/$name" | Should -Not -BeNullOrEmpty
    }

    It 'takes no credential that is none' {
        { Invoke-CranePush -Source a -Target "$personal/a" -RegistryCredential @{ $personal = 'password' } } |
            Should -Throw -ErrorId "InvalidValue,$id" -ExceptionType ([Crane.CraneException])
    }

    It 'moves an image that several containers name once, and reports it for each' {
        $name = New-Name
        New-LocalImage $name
        $file = New-CraneFile $TestDrive "x-push: &push { registry: $official }`ncontainers: { a: { image: $name, push: *push }, b: { image: '${name}:latest', push: *push } }"
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
        $file = New-CraneFile $TestDrive @"
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

    It 'pushes what was built or pulled just now, and skips what has failed: <how>' -ForEach @(
        @{ How = 'live'; Way = { $input } }
        @{ How = 'from JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'from CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'from CliXml'; Way = { $input | Export-Clixml $TestDrive/made.xml; Import-Clixml $TestDrive/made.xml } }
    ) {
        $name = New-Name
        $null = Publish-Image "$official/$name-etcd"
        New-LocalImage "company/$name-broken"
        $file = New-CraneFile $TestDrive @"
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

    It 'pushes what -Changed found up to date, but nothing that was only planned' {
        $name = New-Name
        $file = New-CraneFile $TestDrive "containers: { x: { image: company/$name, build: ., push: { registry: $official } } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        $planned = Invoke-CraneBuild -Path $file -WhatIf | Invoke-CranePush -WarningAction SilentlyContinue
        $planned.Status | Should -Be 'Skipped'
        $planned.Reason | Should -Be 'build was not run'

        $null = Invoke-CraneBuild -Path $file
        $results = Invoke-CraneBuild -Path $file -Changed -WarningAction SilentlyContinue | Invoke-CranePush
        $results.Status | Should -Be 'Succeeded'
    }

    It 'refuses a result that has lost where it is pushed to' {
        $made = [pscustomobject]@{ Operation = 'Build'; Source = '/os'; Target = 'company/os'; Status = 'Succeeded' }
        $made | Invoke-CranePush -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].Exception.Message | Should -Match "'Push'"
    }

    It 'refuses plans of another operation' {
        $file = New-CraneFile $TestDrive "containers: { x: { image: company/x } }"
        $results = Get-CraneRetagPlan Pull -Path $file | Invoke-CranePush -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "OperationMismatch,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $errors[0].TargetObject | Should -BeOfType Crane.RetagPlan
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Where-Object Operation'
    }

    It 'only says what it would do with -WhatIf' {
        $name = New-Name
        New-LocalImage $name
        $shell = Invoke-Shell "(Invoke-CranePush -Source $name -Target $official/$name -WhatIf).ForEach{ ""`$_"" }"
        $shell.Text -replace '\s+', ' ' | Should -Match ([regex]::Escape("What if: Performing the operation ""Push $name"" on target ""$official/$name""."))
        $shell.Text | Should -Match ': Planned'
        $shell.ExitCode | Should -Be 0
        Test-RemoteImage "$official/$name" | Should -BeFalse
        Get-LocalId overlay2 "$official/$name" | Should -BeNullOrEmpty
    }

    It 'shows the registry of every remote name, and goes to Docker Hub where -Target says so' {
        $result = Invoke-CranePush -Source company/os -Target bob/os:1 -WhatIf
        "$result" | Should -Be 'Push company/os -> docker.io/bob/os:1: Planned'
        $result.Step | Should -Be 'docker tag company/os docker.io/bob/os:1', 'docker push docker.io/bob/os:1'
    }

    It 'pushes nothing that nothing sends anywhere' {
        $file = New-CraneFile $TestDrive @'
containers:
  db: { image: postgres:16 }
  app: { image: company/app, push: { tag: latest } }
  off: { image: company/off, push: { registry: "${SET_BUT_EMPTY:-}" } }
'@
        $results = Invoke-CranePush -Path $file -Variable @{ SET_BUT_EMPTY = '' } -WarningAction SilentlyContinue
        $results.Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
        $results.Reason | Select-Object -Unique | Should -Be 'no push directive'
    }

    It 'warns where everything is skipped' {
        $file = New-CraneFile $TestDrive 'containers: { x: { image: company/x, push: { skip: yes } } }'
        $result = Invoke-CranePush -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Skipped'
        $warnings | Should -HaveCount 1
    }

    It 'with a variable missing pushes the other containers' {
        $name = New-Name
        New-LocalImage $name
        $file = New-CraneFile $TestDrive "containers: { a: { image: $name-a, push: { registry: '`${NOT_SET_HERE}' } }, b: { image: $name, push: { registry: $official } } }"
        $results = Invoke-CranePush -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Container | Should -Be 'b'
        $errors.FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
    }
}
