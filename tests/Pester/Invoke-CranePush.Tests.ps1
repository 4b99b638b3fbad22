Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $id = 'Crane.Commands.InvokeCranePushCommand' }

Describe 'Invoke-CranePush on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'pushes a stack to the personal registry, except skipped images; the second time nothing moves' {
        $name = New-Name
        New-LocalImage "company/$name-os" $store
        New-LocalImage "company/$name-service" $store
        $file = Write-CraneFile $TestDrive @"
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

    It 'pushes a new image from the engine' {
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

    It 'pushes what a pull then finds up to date' {
        $name = New-Name
        New-LocalImage $name $store
        $pushed = Invoke-CranePush -Source $name -Target "$official/$name"
        $pulled = Invoke-CranePull -Source "$official/$name" -Target $name
        $pulled.Status | Should -Be 'UpToDate'
        $pulled.Digest | Should -Be $pushed.Digest
    }

    It 'pushes each tag of push.tag' {
        $name = New-Name
        New-LocalImage "company/${name}:dev" $store
        $file = Write-CraneFile $TestDrive "containers: { x: { image: 'company/${name}:dev', push: { registry: $official, tag: [latest, '`${SHA}'] } } }"
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

    It 'sends nothing if it does not match the digest in the name' {
        $name = New-Name
        New-LocalImage "${name}:1" $store
        $wanted = "sha256:$('0' * 64)"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: '${name}:1@$wanted', push: { registry: $official } } }"
        $result = Invoke-CranePush -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "DigestMismatch,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $errors[0].Exception.Message | Should -Match $wanted
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Copy-CraneImage'
        Test-RemoteImage "$official/${name}:1" | Should -BeFalse

        $digest = (Invoke-CranePush -Source "${name}:1" -Target "$official/${name}:1").Digest
        $file = Write-CraneFile $TestDrive "containers: { x: { image: '${name}:1@$digest', push: { registry: $official } } }"
        (Invoke-CranePush -Path $file).Digest | Should -Be $digest
    }

    It 'names the platforms left out, and removes none from the target' {
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
            $errors[0].Exception.Message | Should -Match 'would remove linux/arm64'
            (Get-CraneImage "${name}-all:1").Digest | Should -Be $all
        }
        finally { Stop-TestRegistry $registry }
    }

    It 'restores the remote name after a failed push' {
        $name = New-Name
        New-LocalImage $name $store
        New-LocalImage "127.0.0.1:1/$name" $store
        $before = Get-LocalId $store "127.0.0.1:1/$name"
        Invoke-CranePush -Source $name -Target "127.0.0.1:1/$name" -Force -ErrorAction SilentlyContinue | ForEach-Object Status | Should -Be 'Failed'
        Get-LocalId $store "127.0.0.1:1/$name" | Should -Be $before
        Invoke-TestbedDocker $store image rm "127.0.0.1:1/$name"
    }

    It 'fails at once with a wrong password, leaves no name behind, and never shows the password' {
        $name = New-Name
        New-LocalImage $name $store
        $secret = 'Wr0ng/pass+word?'
        $session = Invoke-Session { param($name, $target, $credential)
            Invoke-CranePush -Source $name -Target $target -Credential $credential -Verbose -Debug
        } @{ name = $name; target = "$personal/bob/$name"; credential = [pscredential]::new('bob', (ConvertTo-SecureString $secret -AsPlainText)) }

        $session.Output.Status | Should -Be 'Failed'
        $session.Streams.Error | Should -HaveCount 1
        $failure = $session.Streams.Error[0]
        $failure.FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $failure.Exception.Message | Should -Match ([regex]::Escape($personal))
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Credential'
        Get-LocalId $store "$personal/bob/$name" | Should -BeNullOrEmpty

        $session.Streams.Debug.Count | Should -BeGreaterThan 2
        $session.Streams.Verbose.Count | Should -BeGreaterThan 0
        $everything = @(
            $session.Output | ConvertTo-Json -Depth 5
            $session.Streams.Debug, $session.Streams.Verbose, $session.Streams.Warning, $session.Streams.Information | ForEach-Object { "$_" }
            $session.Streams.Progress | Format-List * | Out-String -Width 4000
            $session.Streams.Error | Format-List * -Force | Out-String -Width 4000
            $failure.Exception.ToString()
        ) -join "`n"
        $everything | Should -Match $name
        $basic = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("bob:$secret"))
        foreach ($form in $secret, [uri]::EscapeDataString($secret), $basic, $basic.TrimEnd('=')) {
            $everything | Should -Not -Match ([regex]::Escape($form))
        }
        # The header for the engine contains it as JSON in base64.
        foreach ($found in [regex]::Matches($everything, '[A-Za-z0-9+/_-]{40,}={0,2}').Value) {
            $base64 = $found.TrimEnd('=').Replace('-', '+').Replace('_', '/')
            $bytes = [byte[]]::new($found.Length)
            if ([Convert]::TryFromBase64String($base64.PadRight($base64.Length + (4 - $base64.Length % 4) % 4, '='), $bytes, [ref]0)) {
                [Text.Encoding]::UTF8.GetString($bytes) | Should -Not -Match ([regex]::Escape($secret))
            }
        }
    }
}
