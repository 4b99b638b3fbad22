# What a push or a copy may replace: -Overwrite Lease, Never and Always.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $registry = Start-TestRegistry
    $immutable = Start-TestRegistry -Immutable 'v*'
    $errorOf = @{ ErrorVariable = 'errors'; ErrorAction = 'SilentlyContinue' }

    function Get-Head([string] $Name) {
        $null = $Name -match '^(?<host>[^/]+)/(?<path>.+):(?<tag>[^:]+)$'
        $head = Invoke-WebRequest "http://$($Matches.host)/v2/$($Matches.path)/manifests/$($Matches.tag)" -Method Head -SkipHttpErrorCheck `
            -Headers @{ Accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' }
        if ($head.StatusCode -eq 200) { $head.Headers['Docker-Content-Digest'][0] }
    }
}

AfterAll { Stop-TestRegistry }

Describe 'Pushing over an image from an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2'; Other = 'containerd' }
    @{ Store = 'containerd'; Other = 'overlay2' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach {
        $name = New-Name
        $target = "$($registry.Address)/${name}:1"
        New-LocalImage $name $store
    }

    It 'replaces what it has pushed there before, and says what that was' {
        $first = Invoke-CranePush -Source $name -Target $target
        $id = Get-LocalId $store $name
        $first.PreviousDigest, $first.PreviousId | Should -Be 'none', 'none'
        New-LocalImage $name $store

        $second = Invoke-CranePush -Source $name -Target $target

        $second.Status | Should -Be 'Succeeded'
        $second.PreviousDigest, $second.PreviousId | Should -Be $first.Digest, $id
        Get-Head $target | Should -Be $second.Digest
    }

    It 'does not replace what somebody else has pushed since, unless told to' {
        $null = Invoke-CranePush -Source $name -Target $target
        New-LocalImage $name $other
        $theirs = Invoke-CranePush -Source $name -Target $target -Engine $testbed.Engines[$other]
        $theirs.Status | Should -Be 'Succeeded' -Because 'their engine knows nothing of the target'
        New-LocalImage $name $store
        $seen = Get-LocalId $store $target

        $refused = Invoke-CranePush -Source $name -Target $target @errorOf

        $refused.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
        $errors[0].Exception.Message | Should -BeLike "'$target' is now $($theirs.Digest); what was last seen there says sha256:*"
        $errors[0].TargetObject.Target | Should -Be $target
        $errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        Get-Head $target | Should -Be $theirs.Digest
        Get-LocalId $store $target | Should -Be $seen -Because 'it is still what was last seen there'

        (Invoke-CranePush -Source $name -Target $target -Overwrite Always).PreviousDigest | Should -Be $theirs.Digest
    }

    It 'replaces somebody else''s image after it has been pulled' {
        $null = Invoke-CranePush -Source $name -Target $target
        New-LocalImage $name $other
        $null = Invoke-CranePush -Source $name -Target $target -Engine $testbed.Engines[$other]
        $null = Invoke-CranePull -Source $target -Target $name -Force
        New-LocalImage $name $store
        (Invoke-CranePush -Source $name -Target $target).Status | Should -Be 'Succeeded'
    }

    It 'replaces its own image that was pushed from the other image store, with another digest' {
        $layers = @{ 'etc/mark' = $name }
        foreach ($one in $store, $other) { $null = New-TestbedImage $name -Layer $layers -Store $one }
        $ours = Invoke-CranePush -Source $name -Target $target
        $same = Invoke-CranePush -Source $name -Target $target -Engine $testbed.Engines[$other] -Force
        $same.Digest | Should -Not -Be $ours.Digest
        New-LocalImage $name $store

        $next = Invoke-CranePush -Source $name -Target $target

        $next.Status, $next.PreviousDigest | Should -Be 'Succeeded', $same.Digest
    }

    It 'does not replace anything with Never, not even with -Force' {
        $first = Invoke-CranePush -Source $name -Target $target -Overwrite Never
        $first.Status | Should -Be 'Succeeded'
        (Invoke-CranePush -Source $name -Target $target -Overwrite Never).Status | Should -Be 'UpToDate'
        New-LocalImage $name $store

        (Invoke-CranePush -Source $name -Target $target -Overwrite Never -Force @errorOf).Status | Should -Be 'Failed'

        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetExists,*'
        Get-Head $target | Should -Be $first.Digest
    }

    It 'forces its way over somebody else''s image' {
        $null = Invoke-CranePush -Source $name -Target $target
        $theirs = New-TestRegistryImage $target -Layer @{ 'etc/theirs' = $name }
        New-LocalImage $name $store
        (Invoke-CranePush -Source $name -Target $target -Force).PreviousDigest | Should -Be $theirs.Digest
    }

    It 'reports a registry whose tags never change, and names nothing that it does not have' {
        $target = "$($immutable.Address)/${name}:v1"
        $first = Invoke-CranePush -Source $name -Target $target
        $pushed = Get-LocalId $store $name
        New-LocalImage $name $store

        (Invoke-CranePush -Source $name -Target $target @errorOf).Status | Should -Be 'Failed'

        $errors.FullyQualifiedErrorId | Should -BeLike 'PushFailed,*'
        Get-Head $target | Should -Be $first.Digest
        Get-LocalId $store $target | Should -Be $pushed -Because 'the remote name shows what is there'
    }
}

Describe 'Pushing over an image from a folder' {
    BeforeEach {
        $name = New-Name
        $engine = @{ Engine = "oci:$TestDrive/$name" }
        $target = "$($registry.Address)/mine/${name}:1"
        $versions = 1..3 | ForEach-Object { New-TestRegistryImage "$($registry.Address)/from/${name}:$_" -Layer @{ 'etc/version' = "$name $_" } }
        function Get-Version([int] $Number) { $null = Invoke-CranePull -Source $versions[$Number].Name -Target $name -Force @engine }
        Get-Version 0
        $first = Invoke-CranePush -Source $name -Target $target @engine
    }

    It 'replaces what it has pushed there before' {
        Get-Version 1
        $second = Invoke-CranePush -Source $name -Target $target @engine
        $second.Status, $second.PreviousDigest | Should -Be 'Succeeded', $first.Digest
        $second.PreviousId | Should -Be $first.Digest -Because 'that is what the folder had under the remote name'
    }

    It 'does not replace what somebody else has pushed since' {
        $theirs = New-TestRegistryImage $target -Layer @{ 'etc/theirs' = $name }
        Get-Version 1
        (Invoke-CranePush -Source $name -Target $target @engine @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
        (Invoke-CranePush -Source $name -Target $target -Overwrite Never @engine @errorOf).Error | Should -BeLike '*exists*'
        Get-Head $target | Should -Be $theirs.Digest
        (Invoke-CranePush -Source $name -Target $target -Overwrite Always @engine).Status | Should -Be 'Succeeded'
    }

    It 'knows after a push with nothing to do what is there' {
        $index = Get-Content "$TestDrive/$name/index.json" -Raw
        $fresh = @{ Engine = "oci:$TestDrive/$name-fresh" }
        $null = Invoke-CranePull -Source $versions[0].Name -Target $name @fresh
        (Invoke-CranePush -Source $name -Target $target @fresh).Status | Should -Be 'UpToDate'
        $null = New-TestRegistryImage $target -Layer @{ 'etc/theirs' = $name }
        $null = Invoke-CranePull -Source $versions[1].Name -Target $name -Force @fresh
        (Invoke-CranePush -Source $name -Target $target @fresh @errorOf).Error | Should -BeLike '*Somebody else has changed it*'
        Get-Content "$TestDrive/$name/index.json" -Raw | Should -Be $index
    }
}

Describe 'Copying over an image' {
    BeforeEach {
        $name = New-Name
        $source = "$($registry.Address)/from/${name}:1"
        $target = "$($registry.Address)/to/${name}:1"
        $new = New-TestRegistryImage $source -Layer @{ 'etc/new' = $name }
        $old = New-TestRegistryImage $target -Layer @{ 'etc/old' = $name }
        function New-Plan([hashtable] $Resolved = @{}) {
            [pscustomobject](@{ Operation = 'Copy'; Source = $source; Target = $target } + $Resolved)
        }
    }

    It 'replaces it where the plan does not say what it is' {
        $result = New-Plan | Copy-CraneImage
        $result.Status, $result.PreviousDigest, $result.PreviousId | Should -Be 'Succeeded', $old.Digest, $null
    }

    It 'replaces only what the plan says: <what>' -ForEach @(
        @{ What = 'the image that is there'; Is = { $old.Digest }; Status = 'Succeeded' }
        @{ What = 'another image'; Is = { "sha256:$('0' * 64)" }; Status = 'Failed' }
        @{ What = 'nothing'; Is = { 'none' }; Status = 'Failed' }
    ) {
        (New-Plan @{ TargetDigest = (& $is) } | Copy-CraneImage @errorOf).Status | Should -Be $status
        if ($status -eq 'Failed') {
            $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
            Get-Head $target | Should -Be $old.Digest
            (New-Plan @{ TargetDigest = (& $is) } | Copy-CraneImage -Overwrite Always).Status | Should -Be 'Succeeded'
        }
    }

    It 'copies the image of the plan, also after its tag has moved; a lost one is an error' {
        $null = New-TestRegistryImage $source -Layer @{ 'etc/newer' = $name }
        (New-Plan @{ Digest = $new.Digest } | Copy-CraneImage).Digest | Should -Be $new.Digest
        $gone = "sha256:$('0' * 64)"
        (New-Plan @{ Digest = $gone } | Copy-CraneImage @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'DigestMismatch,*'
    }

    It 'keeps what the plan says through <format>' -ForEach @(
        @{ Format = 'JSON'; Pass = { $input | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json } }
        @{ Format = 'CSV'; Pass = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $file = Write-CraneFile $TestDrive @"
containers: { one: { image: "${name}:1", pull: { registry: $($registry.Address), override_user: from }, push: { registry: $($registry.Address), override_user: to } } }
"@
        $plan = Get-CraneRetagPlan Copy -Path $file -Resolve
        $plan.TargetDigest, $plan.Digest | Should -Be $old.Digest, $new.Digest
        $theirs = New-TestRegistryImage $target -Layer @{ 'etc/theirs' = $name }

        ($plan | & $pass | Copy-CraneImage @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'

        # A result tells what was replaced, and can be run again.
        $result = New-Plan | Copy-CraneImage
        $read = $result | & $pass
        $read.PreviousDigest, $read.Digest | Should -Be $theirs.Digest, $new.Digest
        ($read | Copy-CraneImage).Status | Should -Be 'UpToDate'
    }

    It 'never replaces with Never, also by the crane file' {
        (New-Plan @{ Overwrite = 'Never' } | Copy-CraneImage @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetExists,*'
        (New-Plan @{ Overwrite = 'Never' } | Copy-CraneImage -Force @errorOf).Status | Should -Be 'Failed'
        (New-Plan @{ Overwrite = 'Never' } | Copy-CraneImage -Overwrite Lease).Status | Should -Be 'Succeeded'
    }

    It 'reports a registry whose tags never change' {
        $target = "$($immutable.Address)/${name}:v1"
        (New-Plan | Copy-CraneImage).Status | Should -Be 'Succeeded'
        $null = New-TestRegistryImage $source -Layer @{ 'etc/newer' = $name }
        (New-Plan | Copy-CraneImage @errorOf).Status | Should -Be 'Failed'
        $errors[0].Exception.Message | Should -BeLike "*The tag 'v1' is there and never changes*"
        Get-Head $target | Should -Be $new.Digest
    }
}
