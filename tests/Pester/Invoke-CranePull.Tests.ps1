Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $id = 'Crane.Commands.InvokeCranePullCommand' }

Describe 'Invoke-CranePull on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'pulls a stack and tags it with its plain names; the second time nothing moves' {
        $name = New-Name
        $digests = "company/$name-os", "core/$name-etcd:2", "company/$name-service" | ForEach-Object { Publish-Image "$official/$_" }
        $file = Write-CraneFile $TestDrive @"
containers:
  os:
    image: company/$name-os
    build: { context: os/ }
    pull: { registry: "`${DOCKER_REGISTRY}" }
  etcd:
    image: $official/core/$name-etcd:2
  service:
    image: company/$name-service
    build: { context: service/ }
    pull: { registry: $official }
"@
        Use-Environment @{ DOCKER_REGISTRY = $official } {
            $results = Invoke-CranePull -Path $file
            $? | Should -BeTrue
            $results | Should -BeOfType Crane.RetagResult
            $results.Container | Should -Be 'os', 'etcd', 'service'
            $results.Source | Should -Be "$official/company/$name-os", "$official/core/$name-etcd:2", "$official/company/$name-service"
            $results.Target | Should -Be "company/$name-os", "$official/core/$name-etcd:2", "company/$name-service"
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
            $results.Digest | Should -Be $digests
            $results.Engine | Select-Object -Unique | Should -Be $testbed.Engines[$store]
            $results.Error | Should -Be $null, $null, $null
            foreach ($one in $results) { Get-LocalId $store $one.Target | Should -Be (Get-LocalId $store $one.Source) }

            $again = Invoke-CranePull -Path $file -Verbose -Debug *>&1
            $results = $again | Where-Object { $_ -is [Crane.RetagResult] }
            $results.Status | Should -Be 'UpToDate', 'UpToDate', 'UpToDate'
            $results.Digest | Should -Be $digests
            ($results | Measure-Object SizeBytes -Sum).Sum | Should -Be 0
            $again -match '/images/create' | Should -BeNullOrEmpty
        }
    }

    It 'pulls a new image from the registry' {
        $name = New-Name
        $old = Publish-Image "$official/$name"
        (Invoke-CranePull -Source "$official/$name" -Target $name).Digest | Should -Be $old
        $before = Get-LocalId $store $name

        $new = Publish-Image "$official/$name" -Layer @{ "data/$name" = 2MB }
        $result = Invoke-CranePull -Source "$official/$name" -Target $name
        $result.Status | Should -Be 'Succeeded'
        $result.Digest | Should -Be $new
        # The other store reports its state only now and then.
        if ($store -eq 'overlay2') { $result.SizeBytes | Should -BeGreaterThan 2000000 }
        $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
        Get-LocalId $store $name | Should -Not -Be $before
        Get-RemoteDigest "$official/$name" | Should -Be $result.Digest
    }

    It 'does not remove the last name of an image that exists nowhere else' {
        $name = New-Name
        $null = New-TestbedImage $name -Layer @{ 'etc/mark' = New-Name } -Store $store
        $built = Get-LocalId $store $name
        $theirs = Publish-Image "$official/$name"

        $result = Invoke-CranePull -Source "$official/$name" -Target $name -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "WouldLoseImage,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $errors[0].Exception.Message | Should -Match "'$name' in "
        $errors[0].ErrorDetails.RecommendedAction | Should -Be 'Push it, tag it, or use -Force to give it up.'
        Get-LocalId $store $name | Should -Be $built

        # Once it exists elsewhere, it is not lost.
        (Invoke-CranePush -Source $name -Target "$official/$name-fork").Status | Should -Be 'Succeeded'
        (Invoke-CranePull -Source "$official/$name" -Target $name).Digest | Should -Be $theirs
    }

    It 'removes the last name with -Force, or if the image came from a registry' {
        $registry = Start-TestRegistry
        try {
            $name = "$($registry.Address)/$(New-Name):1"
            $first = (New-TestRegistryImage $name -Layer @{ 'etc/mark' = 'first' }).Digest
            $null = New-TestbedImage $name -Layer @{ 'etc/mark' = New-Name } -Store $store
            Invoke-CranePull -Source $name -Target $name -ErrorAction SilentlyContinue | ForEach-Object Status | Should -Be 'Failed'
            (Invoke-CranePull -Source $name -Target $name -Force).Digest | Should -Be $first
            $second = (New-TestRegistryImage $name -Layer @{ 'etc/mark' = 'second' }).Digest
            (Invoke-CranePull -Source $name -Target $name).Digest | Should -Be $second
        }
        finally { Stop-TestRegistry $registry }
    }

    It 'moves what is up to date with -Force' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $null = Invoke-CranePull -Source "$official/$name" -Target $name
        $all = Invoke-CranePull -Source "$official/$name" -Target $name -Force -Verbose -Debug *>&1
        ($all | Where-Object { $_ -is [Crane.RetagResult] }).Status | Should -Be 'Succeeded'
        $all -match '^POST /images/create' | Should -HaveCount 1
    }

    It 'pulls the digest in a name, even if the tag has changed' {
        $name = New-Name
        $pinned = Publish-Image "$official/company/${name}:1"
        $null = Publish-Image "$official/company/${name}:1"   # another image
        $file = Write-CraneFile $TestDrive "containers: { x: { image: 'company/${name}:1@$pinned', pull: { registry: $official } } }"
        $result = Invoke-CranePull -Path $file
        $result.Target | Should -Be "company/${name}:1"
        $result.Status | Should -Be 'Succeeded'
        $result.Digest | Should -Be $pinned
        Get-LocalId $store "company/${name}:1" | Should -Not -BeNullOrEmpty
        (Invoke-CranePull -Path $file).Status | Should -Be 'UpToDate'
    }

    It 'moves an image of several containers once, and reports it for each' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $file = Write-CraneFile $TestDrive "containers: { a: { image: $official/$name }, b: { image: '$official/${name}:latest' } }"
        $all = Invoke-CranePull -Path $file -Verbose -Debug *>&1
        $results = $all | Where-Object { $_ -is [Crane.RetagResult] }
        $results.Container | Should -Be 'a', 'b'
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $all -match '^POST /images/create' | Should -HaveCount 1
    }

    It 'reports an image that the registry does not have, and pulls the others' {
        $name = New-Name
        $null = Publish-Image "$official/$name-here"
        $plans = @(
            [pscustomobject]@{ Container = 'absent'; Source = "$official/$name-absent"; Target = "$name-absent" }
            [pscustomobject]@{ Container = 'tag'; Source = "$official/$name-here:absent"; Target = "$name-tag" }
            [pscustomobject]@{ Container = 'here'; Source = "$official/$name-here"; Target = "$name-here" }
        )
        $results = $plans | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Status | Should -Be 'Failed', 'Failed', 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -Be "ImageNotFound,$id", "ImageNotFound,$id"
        $errors.CategoryInfo.Category | Should -Be 'ObjectNotFound', 'ObjectNotFound'
        $errors.CategoryInfo.Activity | Should -Be 'Invoke-CranePull', 'Invoke-CranePull'
        $errors.TargetObject | Should -BeOfType Crane.RetagPlan
        $errors.TargetObject.Container | Should -Be 'absent', 'tag'
        $results[0].Error | Should -Be $errors[0].Exception.Message
        $errors[0].Exception.Message | Should -Match ([regex]::Escape("$official/$name-absent"))
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-LocalId $store "$name-absent" | Should -BeNullOrEmpty
    }

    It 'pulls from a private registry with the right credential only' {
        $name = New-Name
        $source = "$($testbed.Personal)/bob/$name"
        $digest = Publish-Image $source
        $wrong = [pscredential]::new('bob', (ConvertTo-SecureString 'not it' -AsPlainText))
        Invoke-CranePull -Source $source -Target $name -Credential $wrong -ErrorVariable errors -ErrorAction SilentlyContinue |
            ForEach-Object Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Credential'

        $null = Invoke-CranePull -Source $source -Target $name -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"

        (Invoke-CranePull -Source $source -Target $name -Credential $testbed.PersonalCredential).Digest | Should -Be $digest
    }
}

Describe 'Invoke-CranePull' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'accepts <what>' -ForEach @(
        @{ What = 'names'; Run = { Invoke-CranePull a -Path $file } }
        @{ What = 'a wildcard'; Run = { Invoke-CranePull [ac] -Path $file } }
        @{ What = 'a group'; Run = { Invoke-CranePull -Group one -Path $file } }
        @{ What = 'exclusions'; Run = { Invoke-CranePull -Exclude b -LiteralPath $file } }
        @{ What = 'files'; Run = { Get-Item $file | Invoke-CranePull -Name a } }
        @{ What = 'files alone'; Run = { Get-Item $file | Invoke-CranePull -ErrorAction Ignore | Select-Object -First 1 } }
        @{ What = 'containers'; Run = { Get-CraneContainer a -Path $file | Invoke-CranePull } }
        @{ What = 'plans'; Run = { Get-CraneRetagPlan Pull a -Path $file | Invoke-CranePull } }
        @{ What = 'plans by parameter'; Run = { Invoke-CranePull -InputObject (Get-CraneRetagPlan Pull a -Path $file) } }
        @{ What = 'results'; Run = { Invoke-CranePull a -Path $file | Invoke-CranePull } }
        @{ What = 'source and target'; Run = { Invoke-CranePull -Source "$official/$name-a" -Target "$name-a" -Container a } }
        @{ What = 'objects with a source and a target'; Run = { [pscustomobject]@{ Source = "$official/$name-a"; Target = "$name-a"; Container = 'a' } | Invoke-CranePull } }
        @{ What = 'a table with these columns'; Run = { "Target,Source,Container,Note`n$name-a,$official/$name-a,a,mine" | ConvertFrom-Csv | Invoke-CranePull } }
    ) {
        $name = New-Name
        $null = Publish-Image "$official/$name-a"
        $file = Write-CraneFile $TestDrive @"
containers: { a: { image: $name-a, pull: { registry: $official } }, b: { image: $name-b, pull: { registry: $official } } }
groups: { one: [a] }
"@
        $result = & $run
        $result.Container | Should -Be 'a'
        $result.ForEach{ "$_" -replace ': .*' } | Should -Be "Pull $official/$name-a -> $name-a"
        $result.Status | Should -BeIn 'Succeeded', 'UpToDate'
        Get-LocalId overlay2 "$name-a" | Should -Not -BeNullOrEmpty
    }

    It 'uses -Tag and -Variable' {
        $name = New-Name
        $null = Publish-Image "$official/${name}:7"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: $name, pull: { registry: '`${WHERE}' }, push: { registry: example.com } } }"
        (Invoke-CranePull -Path $file -Tag 7 -Variable @{ WHERE = $official }).Target | Should -Be "${name}:7"
    }

    It 'with a variable missing pulls the other containers, and ends a script that stops at errors' {
        $name = New-Name
        $null = Publish-Image "$official/$name-etcd"
        $null = Publish-Image "$official/$name-service"
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: $name-os, pull: { registry: "`${DOCKER_REGISTRY}" } }
  etcd: { image: $name-etcd, pull: { registry: $official } }
  service: { image: $name-service, pull: { registry: $official } }
"@
        Use-Environment @{ DOCKER_REGISTRY = $null } {
            $results = Invoke-CranePull -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
            $? | Should -BeFalse
            $results.Container | Should -Be 'etcd', 'service'
            $results.Status | Should -Be 'Succeeded', 'Succeeded'
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"

            $shell = Invoke-Shell "`$ErrorActionPreference = 'Stop'`nInvoke-CranePull -Path '$file'`n'still here'"
            $shell.ExitCode | Should -Be 1
            $shell.Output | Should -Match 'DOCKER_REGISTRY'
            $shell.Output | Should -Not -Match 'still here'
        }
    }

    It 'only shows what it would do with -WhatIf, and how many bytes that takes' {
        $name = New-Name
        $digest = Publish-Image "$official/$name"
        $session = Invoke-Session { param($source, $target) Invoke-CranePull -Source $source -Target $target -WhatIf } @{ source = "$official/$name"; target = $name }
        $session.Output.Status, $session.Output.Digest, $session.Output.TargetDigest | Should -Be 'Planned', "$digest", 'none'
        $session.Output.SizeBytes | Should -BeGreaterThan 0
        $session.Streams.Error | Should -BeNullOrEmpty
        Get-LocalId overlay2 $name | Should -BeNullOrEmpty
    }

    It 'says with -WhatIf what would fail' {
        $results = Invoke-CranePull -Source "$official/$(New-Name)" -Target absent -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,Crane.Commands.InvokeCranePullCommand'
    }

    It 'prompts with -Confirm, and moves what was confirmed' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $shell = Invoke-Shell -Answer "n`ny`n" @"
            'refused', 'agreed' | ForEach-Object { [pscustomobject]@{ Source = '$official/$name'; Target = "$name-`$_" } } |
                Invoke-CranePull -Confirm | ForEach-Object { "`$_" }
"@
        $shell.Output -replace '\s+', ' ' | Should -Match ([regex]::Escape("Performing the operation ""Pull from $official/$name"" on target ""$name-refused""."))
        $shell.Output | Should -Match "-> $name-refused: Planned"
        $shell.Output | Should -Match "-> $name-agreed: Succeeded"
        Get-LocalId overlay2 "$name-refused" | Should -BeNullOrEmpty
        Get-LocalId overlay2 "$name-agreed" | Should -Not -BeNullOrEmpty
    }

    It 'skips what is built here, and warns if that is everything' {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: company/x, build: x/ } }'
        $result = Invoke-CranePull -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Skipped'
        $result.Reason | Should -Be 'built here'
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -Match 'skipped'
    }

    It 'shows results within 120 characters' {
        $name = New-Name
        $null = Publish-Image "$official/$name" -Layer @{ "data/$name" = 2MB }
        $table = Invoke-CranePull -Source "$official/$name" -Target "company/$name" -Container service | Out-String -Width 120
        $table | Should -Match 'Operation +Status +Container +Source +Target +Detail'
        $table | Should -Match "Pull +Succeeded +service .+ company/$name +\d[.,]\d MB, \d+([.,]\d+)? s"
    }

    It 'runs one after the other with -ThrottleLimit 1' {
        $name = New-Name
        $null = Publish-Image "$official/$name-a", "$official/$name-b", "$official/$name-c"
        $steps = 'c', 'a', 'b' | ForEach-Object { [pscustomobject]@{ Source = "$official/$name-$_"; Target = "$name-$_" } } |
            Invoke-CranePull -ThrottleLimit 1 -Verbose 4>&1 | Where-Object { $_ -cmatch '^(pull|tag) ' } | ForEach-Object { "$_" -replace '^(\w+).*(-\w)$', '$1 $2' }
        $steps | Should -Be 'pull -c', 'tag -c', 'pull -a', 'tag -a', 'pull -b', 'tag -b'
    }

    It 'emits results in the order of the plans, whichever ends first' {
        $name = New-Name
        $null = Publish-Image "$official/$name-slow" -Layer @{ "data/$name" = 1MB }
        $null = Publish-Image "$official/$name-fast"
        $gate = Start-GatedRegistry $official
        try {
            $session = Start-Session { param($slow, $fast, $name)
                Invoke-CranePull -Verbose -InputObject @(
                    [pscustomobject]@{ Source = "$slow/$name-slow"; Target = "$name-slow" }
                    [pscustomobject]@{ Source = "$fast/$name-fast"; Target = "$name-fast" })
            } @{ slow = $gate.Address; fast = $official; name = $name }
            Wait-Until { @(Get-SoFar $session.Shell.Streams.Verbose) -match "tag $name-fast" -and $gate.Reached.IsSet }
            $session.Output.Count | Should -Be 0
            $gate.Open()
            Wait-Until { $session.Ended.WaitOne(0) }
            $session.Output.Target | Should -Be "$name-slow", "$name-fast"
        }
        finally { $gate.Dispose() }
    }
}
