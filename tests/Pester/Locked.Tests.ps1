# Runs that take what the lock has: their rules need only small registries; that engines get the same is tested on both image stores.

Import-Module $PSScriptRoot/Setup.psm1

Describe '-Locked' {
    BeforeAll {
        $registry = Start-TestRegistry
        $address = $registry.Address
        $days = [timespan]::FromDays(3)

        function New-Image([string] $Name) { (New-TestRegistryImage "$address/$Name" -Layer @{ 'etc/mark' = New-Name }).Digest }

        $name = New-Name
        $old = New-Image "core/$name-etcd:2"
        $null = New-Image "library/$name-node:20"
        $file = New-LockableFile $TestDrive $address $name
        $null = Update-CraneLock -Path $file
        $new = New-Image "core/$name-etcd:2"
        $lock = Get-Lock $file
    }

    AfterAll { Stop-TestRegistry }

    AfterEach { Set-Content (Get-LockPath $file) $lock -NoNewline }

    It 'pulls what is locked, to a folder, and never writes the lock' {
        $result = Invoke-CranePull etcd -Path $file -Locked -Engine "oci:$TestDrive/$name"
        $result.Status, $result.Digest | Should -Be 'Succeeded', $old
        (Get-CraneImage "core/$name-etcd:2" -Engine "oci:$TestDrive/$name").Digest | Should -Be $old
        Get-Lock $file | Should -Be $lock
    }

    It 'keeps -WhatIf, plans and their round trip to the same digest' {
        (Invoke-CranePull etcd -Path $file -Locked -WhatIf -Engine "oci:$TestDrive/$(New-Name)").Digest | Should -Be $old
        $plan = Get-CraneRetagPlan Pull etcd -Path $file -Locked | ConvertTo-Csv | ConvertFrom-Csv
        $plan.Digest | Should -Be $old
        ($plan | Invoke-CranePull -Engine "oci:$TestDrive/$(New-Name)").Digest | Should -Be $old
    }

    It 'is NotLocked without a file, once, with its path' {
        Remove-Item (Get-LockPath $file)
        $results = Get-CraneRetagPlan Pull -Path $file -Locked -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Skipped'
        $errors.FullyQualifiedErrorId | Should -Be 'NotLocked,Crane.Commands.GetCraneRetagPlanCommand'
        $errors[0].Exception.Message | Should -Be "There is no lock file '$(Get-LockPath $file)'."
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'is NotLocked for an image that the lock does not have; the others go on' {
        Set-Content (Get-LockPath $file) ($lock -replace '(?m)^  etcd:', '  other:') -NoNewline
        $null = Invoke-CranePull -Path $file -Locked -Engine "oci:$TestDrive/$(New-Name)" -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'NotLocked,Crane.Commands.InvokeCranePullCommand'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Update-CraneLock etcd'
        $errors[0].TargetObject.Container | Should -Be 'etcd'
    }

    It 'is LockOutdated for another tag, but not for another registry' {
        Set-Content (Get-LockPath $file) ($lock -replace 'etcd:2', 'etcd:1') -NoNewline
        $null = Invoke-CranePull etcd -Path $file -Locked -Engine "oci:$TestDrive/$(New-Name)" -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'LockOutdated,Crane.Commands.InvokeCranePullCommand'
        $errors[0].Exception.Message | Should -Match "etcd:1.*etcd:2"
        Set-Content (Get-LockPath $file) ($lock -replace $address, 'registry.alice.co/prefix') -NoNewline
        (Invoke-CranePull etcd -Path $file -Locked -Engine "oci:$TestDrive/$(New-Name)").Digest | Should -Be $old
    }

    It 'is LockInvalid, at its line, while the file has the marks of a merge conflict' {
        Set-Content (Get-LockPath $file) ($lock -replace '(?m)^bases:', "<<<<<<< HEAD`n=======`n>>>>>>> theirs`nbases:") -NoNewline
        $line = ((Get-Lock $file) -split '\n').IndexOf('<<<<<<< HEAD') + 1
        foreach ($command in 'Invoke-CranePull', 'Update-CraneLock') {
            $locked = $command -eq 'Invoke-CranePull' ? @{ Locked = $true } : @{}
            $null = & $command etcd -Path $file @locked -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors.FullyQualifiedErrorId | Should -BeLike 'LockInvalid,*'
            $errors[0].Exception.Message | Should -Be "$(Get-LockPath $file):${line}:1: the lock file has a merge conflict."
            $errors[0].ErrorDetails.RecommendedAction | Should -Match 'git checkout'
        }
    }

    It 'is DigestMismatch if the registry no longer has it' {
        $gone = "sha256:$('0' * 64)"
        Set-Content (Get-LockPath $file) ($lock -replace $old, $gone) -NoNewline
        $result = Invoke-CranePull etcd -Path $file -Locked -Engine "oci:$TestDrive/$(New-Name)" -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'DigestMismatch,Crane.Commands.InvokeCranePullCommand'
    }

    It 'copies what is locked, and refuses a target that is no longer what the lock says' {
        $target = "$address/bob/$name-etcd:2"
        $before = New-Image "bob/$name-etcd:2"
        Set-Content $file ((Get-Content $file -Raw) -replace "pull: \{ registry: $address \} \}", "pull: { registry: $address }, push: { registry: $address, override_user: bob } }")
        $null = Update-CraneLock etcd -Path $file -MinimumAge $days
        $plan = Get-CraneRetagPlan Copy etcd -Path $file -Locked
        $plan.Digest, $plan.TargetDigest | Should -Be $old, $before

        $null = New-Image "bob/$name-etcd:2"
        $null = Copy-CraneImage etcd -Path $file -Locked -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'TargetMoved,Crane.Commands.CopyCraneImageCommand'
        $null = Update-CraneLock etcd -Path $file -MinimumAge $days
        (Copy-CraneImage etcd -Path $file -Locked).Digest | Should -Be $old
        (Get-CraneImage $target).Digest | Should -Be $old
    }

    It 'refuses to push over what is no longer what the lock says, also where nothing has been seen before' {
        $file = Write-CraneFile $TestDrive @"
containers:
  etcd: { image: "core/$name-etcd:2", pull: { registry: $address }, push: { registry: $address, override_user: alice } }
"@
        $before = New-Image "alice/$name-etcd:2"
        $null = Update-CraneLock etcd -Path $file -MinimumAge $days
        (Get-CraneRetagPlan Push etcd -Path $file -Locked).TargetDigest | Should -Be $before
        $folder = "oci:$TestDrive/$(New-Name)"
        $null = Invoke-CranePull etcd -Path $file -Engine $folder

        $theirs = New-Image "alice/$name-etcd:2"
        $result = Invoke-CranePush etcd -Path $file -Locked -Engine $folder -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'TargetMoved,Crane.Commands.InvokeCranePushCommand'
        $errors[0].Exception.Message | Should -Match "$theirs.*$before"

        $null = Update-CraneLock etcd -Path $file -MinimumAge $days
        (Invoke-CranePush etcd -Path $file -Locked -Engine $folder).Status | Should -Be 'Succeeded'
    }
}

Describe 'A stack that is locked on one engine' -Skip:$missing {
    BeforeAll {
        $name = New-Name
        # Layers of its own: an engine that has unpacked one before may not have all of what is built on it.
        $node, $etcd = "library/$name-node:20", "core/$name-etcd:2" | ForEach-Object { Publish-Image "$official/$_" -ShellMark $name }
        $file = Write-CraneFile $TestDrive @"
containers:
  etcd: { image: "core/$name-etcd:2", pull: { registry: $official } }
  service: { image: company/$name-service, build: service }
"@
        $null = New-Item (Join-Path (Split-Path $file) service/Dockerfile) -Force -Value @"
FROM $official/library/$name-node:20
COPY --from=core/$name-etcd:2 /etc/mark /etcd
"@
        $null = Update-CraneLock -Path $file
        # Both tags move on.
        $null = "library/$name-node:20", "core/$name-etcd:2" | ForEach-Object { Publish-Image "$official/$_" -ShellMark $name }

        # The digest of an image's configuration, the same in every store.
        function Get-ConfigDigest([string] $Store, [string] $Name) {
            $archive = Join-Path $TestDrive "$(New-Name).tar"
            $null = Invoke-TestbedDocker $Store image save --output $archive $Name
            (tar --extract --to-stdout --file $archive manifest.json | ConvertFrom-Json)[0].Config -replace '.*/|\.json$'
        }

        function Get-Layer([string] $Store, [string] $Name) {
            Invoke-TestbedDocker $Store image inspect $Name --format '{{json .RootFS.Layers}}' | ConvertFrom-Json
        }
    }

    It 'is pulled as the same images by another one' {
        foreach ($store in $testbed.Engines.Keys) {
            $result = Invoke-CranePull etcd -Path $file -Locked -Engine $testbed.Engines[$store]
            $result.Status, $result.Digest | Should -Be 'Succeeded', $etcd
            (Invoke-CranePull etcd -Path $file -Locked -Engine $testbed.Engines[$store]).Status | Should -Be 'UpToDate'
        }
        $stores = @($testbed.Engines.Keys)
        Get-ConfigDigest $stores[0] "core/$name-etcd:2" | Should -Be (Get-ConfigDigest $stores[1] "core/$name-etcd:2")
        Get-ConfigDigest $stores[0] "core/$name-etcd:2" | Should -Match '^[0-9a-f]{64}$'
    }

    It 'is built on the same bases by <builder> on <store>, under the names in the Dockerfile' -ForEach @(
        @{ Store = 'overlay2'; Builder = 'Engine' }
        @{ Store = 'containerd'; Builder = 'Engine' }
        @{ Store = 'overlay2'; Builder = 'Buildx' }
        @{ Store = 'containerd'; Builder = 'Buildx' }
    ) {
        if ($builder -eq 'Buildx' -and -not $env:CRANE_TEST_BUILDX) { Set-ItResult -Skipped -Because 'there is no Buildx' }
        # The engine has what the tag is now.
        $null = Invoke-TestbedDocker $store pull --quiet "$official/library/$name-node:20"
        $result = Invoke-CraneBuild service -Path $file -Locked -Builder $builder -NoCache -Engine $testbed.Engines[$store]
        $result.Status | Should -Be 'Succeeded'
        $null = Invoke-TestbedDocker $store pull --quiet "$official/library/$name-node@$node"
        $layers = Get-Layer $store "$official/library/$name-node@$node"
        (Get-Layer $store "company/$name-service")[0..($layers.Count - 1)] | Should -Be $layers
        if ($builder -eq 'Engine') {
            Get-LocalId $store "$official/library/$name-node:20" | Should -Be (Invoke-TestbedDocker $store image inspect --format '{{.Id}}' "$official/library/$name-node@$node")
        }
    }

    It 'is provided by Invoke-CraneProvision' {
        $results = Invoke-CraneProvision -Path $file -Locked -Engine $testbed.Engines.overlay2
        $results.Status | Should -Not -Contain 'Failed'
        ($results | Where-Object Container -eq etcd).Digest | Should -Be $etcd
        $null = Invoke-TestbedDocker overlay2 pull --quiet "$official/library/$name-node@$node"
        (Get-Layer overlay2 "company/$name-service")[0] | Should -Be (Get-Layer overlay2 "$official/library/$name-node@$node")[0]
    }

    It 'is not built on a base that the lock does not have' {
        Add-Content (Join-Path (Split-Path $file) service/Dockerfile) "`nFROM $official/library/$name-other`nCOPY --from=0 /etc /etc"
        $result = Invoke-CraneBuild service -Path $file -Locked -Engine $testbed.Engines.overlay2 -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'NotLocked,Crane.Commands.InvokeCraneBuildCommand'
        $errors[0].Exception.Message | Should -Match 'service/Dockerfile:3'
    }
}
