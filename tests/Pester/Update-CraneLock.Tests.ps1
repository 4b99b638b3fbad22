# The rules need no engine, only small registries; what -Locked does is tested on both image stores.

Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery { $buildx = $missing -or -not $env:CRANE_TEST_BUILDX }

BeforeAll {
    $id = 'Crane.Commands.UpdateCraneLockCommand'
    $days = [timespan]::FromDays(3)

    function Get-LockPath([string] $File) { Join-Path (Split-Path $File) crane.lock }

    function Get-Lock([string] $File) { Get-Content (Get-LockPath $File) -Raw }

    # Makes what is held in the lock look as if it had been seen some days before.
    function Set-HeldAge([string] $File, [double] $Days) {
        $seen = [datetime]::UtcNow.AddDays(-$Days).ToString('yyyy-MM-ddTHH:mm:ssZ')
        Set-Content (Get-LockPath $File) ((Get-Lock $File) -replace '(?<=held:\s+digest: \S+\s+seen: )\S+', $seen) -NoNewline
    }

    # The digest of an image's configuration, the same in every store.
    function Get-ConfigDigest([string] $Store, [string] $Name) {
        $archive = Join-Path $TestDrive "$(New-Name).tar"
        $null = Invoke-TestbedDocker $Store image save --output $archive $Name
        (tar --extract --to-stdout --file $archive manifest.json | ConvertFrom-Json)[0].Config -replace '.*/|\.json$'
    }
}

Describe 'Update-CraneLock' {
    BeforeAll {
        $registry = Start-TestRegistry
        $address = $registry.Address

        function New-Image([string] $Name) { (New-TestRegistryImage "$address/$Name" -Layer @{ 'etc/mark' = New-Name }).Digest }

        # etcd is pulled; service is built on node, which the crane file does not declare, and on etcd, which it does.
        function New-Stack([string] $Name) {
            $file = Write-CraneFile $TestDrive @"
containers:
  etcd: { image: "core/$Name-etcd:2", pull: { registry: $address } }
  service:
    image: company/$Name-service
    build: service
    push: { registry: $address, override_user: bob }
groups: { all: [etcd, service] }
"@
            $null = New-Item (Join-Path (Split-Path $file) service/Dockerfile) -Force -Value @"
FROM $address/library/$Name-node:20
COPY --from=core/$Name-etcd:2 / /
"@
            $file
        }
    }

    AfterAll { Stop-TestRegistry }

    It 'writes down what registries have, and changes no byte if nothing has changed' {
        $name = New-Name
        $etcd, $node, $service = "core/$name-etcd:2", "library/$name-node:20", "bob/$name-service:latest" | ForEach-Object { New-Image $_ }
        $file = New-Stack $name
        $changes = Update-CraneLock -Path $file
        $? | Should -BeTrue
        $changes | Should -BeOfType Crane.LockChange
        $changes.Entry | Should -Be 'Image', 'Base', 'Push'
        $changes.Container | Should -Be 'etcd', 'service', 'service'
        $changes.New | Should -Be $etcd, $node, $service
        $changes.Status | Should -Be 'Added', 'Added', 'Added'
        $changes.Path | Select-Object -Unique | Should -Be (Get-LockPath $file)
        Get-Lock $file | Should -Match "(?s)version: 1\nimages:\n  etcd:\n    reference: $address/core/$name-etcd:2\n    digest: $etcd\n    seen: "
        Get-Lock $file | Should -Match "  $address/library/$name-node:20:\n    digest: $node\n    seen: \S+\npushed:\n  service:\n    $address/bob/$name-service:latest: $service\n$"

        $written = (Get-Item (Get-LockPath $file)).LastWriteTimeUtc
        Update-CraneLock -Path $file | Should -BeNullOrEmpty
        (Update-CraneLock -Path $file -PassThru).Status | Should -Be 'Unchanged', 'Unchanged', 'Unchanged'
        (Get-Item (Get-LockPath $file)).LastWriteTimeUtc | Should -Be $written
    }

    It 'asks a registry once for each name, and only with HEAD' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-Stack $name
        $null = Update-CraneLock -Path $file
        $requests = (Invoke-RestMethod $registry.Log) | Where-Object { $_.path -match "$name.*/manifests/" -and $_.method -ne 'PUT' }
        $requests.method | Should -Be 'HEAD', 'HEAD', 'HEAD'
    }

    It 'with -WhatIf says what would change, and writes nothing' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-Stack $name
        (Update-CraneLock -Path $file -WhatIf).Status | Should -Be 'Added', 'Added'
        Get-LockPath $file | Should -Not -Exist
    }

    It 'holds a new digest until it was seen for the minimum age' {
        $name = New-Name
        $old = New-Image "core/$name-etcd:2"
        $file = New-Stack $name
        $null = Update-CraneLock etcd -Path $file -MinimumAge $days
        $new = New-Image "core/$name-etcd:2"

        $held = Update-CraneLock etcd -Path $file -MinimumAge $days
        $held.Status, $held.Old, $held.New | Should -Be 'Held', $old, $new
        $held.Reason | Should -Match '^held until \d{4}-\d\d-\d\d \d\d:\d\d UTC$'
        (Get-CraneRetagPlan Pull etcd -Path $file -Locked).Digest | Should -Be $old

        Set-HeldAge $file 2.9
        (Update-CraneLock etcd -Path $file -MinimumAge $days).Status | Should -Be 'Held'
        Set-HeldAge $file 3.1
        $changed = Update-CraneLock etcd -Path $file -MinimumAge $days
        $changed.Status, $changed.Old, $changed.New | Should -Be 'Changed', $old, $new
        Get-Lock $file | Should -Not -Match 'held'
        (Get-CraneRetagPlan Pull etcd -Path $file -Locked).Digest | Should -Be $new
    }

    It 'takes the minimum age of the crane file' {
        $name = New-Name
        $null = New-Image "core/$name-etcd:2"
        $file = New-Stack $name
        Add-Content $file 'lock: { minimum_age: 3d }'
        $null = Update-CraneLock etcd -Path $file
        $null = New-Image "core/$name-etcd:2"
        (Update-CraneLock etcd -Path $file).Status | Should -Be 'Held'
        (Update-CraneLock etcd -Path $file -MinimumAge 0).Status | Should -Be 'Changed'
    }

    It 'takes no number for days' {
        { Update-CraneLock -MinimumAge 3 -ErrorAction Stop } | Should -Throw '*-MinimumAge is 00:00:00.0000003*' -ErrorId "InvalidValue,$id"
    }

    It 'keeps the entry of a registry that cannot be asked, and updates the others' {
        $name = New-Name
        $dead = Start-TestRegistry
        $null = New-Image "core/$name-etcd:2"
        $null = New-TestRegistryImage "$($dead.Address)/core/${name}:1" -Layer @{ 'etc/mark' = New-Name }
        $file = Write-CraneFile $TestDrive @"
containers:
  dead: { image: "core/${name}:1", pull: { registry: $($dead.Address) } }
  etcd: { image: "core/$name-etcd:2", pull: { registry: $address } }
"@
        $null = Update-CraneLock -Path $file
        $before = Get-Lock $file
        $dead | Stop-TestRegistry
        $new = New-Image "core/$name-etcd:2"
        $changes = Update-CraneLock -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "RegistryUnreachable,$id"
        $errors[0].TargetObject.Name | Should -Be 'dead'
        $changes.Container | Should -Be 'etcd'
        Get-Lock $file | Should -Match $new
        ((Get-Lock $file) -split '(?m)^  etcd:')[0] | Should -Be ($before -split '(?m)^  etcd:')[0]
    }

    It 'removes what the crane file no longer has, if all of it is selected' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-Stack $name
        $null = Update-CraneLock -Path $file
        Set-Content $file "containers: { other: { image: 'core/$name-etcd:2', pull: { registry: '$address' } }, last: { image: a, push: { skip: true }, build: . } }"
        (Update-CraneLock other -Path $file).Status | Should -Be 'Added'
        $removed = Update-CraneLock -Path $file -ErrorAction Ignore
        $removed | Should -BeNullOrEmpty -Because 'the Dockerfile of last cannot be read, so what it needs is not known'
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
        $removed = Update-CraneLock -Path $file
        $removed.Status | Should -Be 'Removed', 'Removed'
        $removed.Reason | Should -Be 'the crane file does not have it', 'no Dockerfile names it'
        Get-Lock $file | Should -Not -Match 'bases'
    }

    It 'takes containers from the pipeline, and writes the lock beside their crane file' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-Stack $name
        $changes = Get-CraneContainer -Path $file | Update-CraneLock
        $changes.Entry | Should -Be 'Image', 'Base'
        $changes.Path | Select-Object -Unique | Should -Be (Get-LockPath $file)
        Get-CraneContainer -Path $file | ConvertTo-Json -Depth 5 | ConvertFrom-Json | Update-CraneLock -PassThru |
            ForEach-Object Status | Should -Be 'Unchanged', 'Unchanged'
    }

    It 'emits changes that survive <_>' -ForEach 'JSON', 'CSV' {
        $name = New-Name
        $null = New-Image "core/$name-etcd:2"
        $file = New-Stack $name
        $change = Update-CraneLock etcd -Path $file
        $back = $_ -eq 'CSV' ? ($change | ConvertTo-Csv | ConvertFrom-Csv) : ($change | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json)
        foreach ($property in 'Entry', 'Container', 'Reference', 'New', 'Status', 'Reason', 'Path') { $back.$property | Should -Be "$($change.$property)" }
        [datetime]$back.Seen | Should -Be $change.Seen
    }

    It 'shows changes as a table' {
        $name = New-Name
        $null = New-Image "core/$name-etcd:2"
        $table = Update-CraneLock etcd -Path (New-Stack $name) | Out-String -Width 160
        $table | Should -Match 'Entry\s+Status\s+Container\s+Reference\s+Detail'
        $table | Should -Match "Image\s+Added\s+etcd\s+$address/core/$name-etcd:2\s+[0-9a-f]{12}\s"
    }

    It 'has the digest of an index, for all platforms' {
        $name = New-Name
        $index = Publish-Index "$address/core/$name-etcd:2"
        (Update-CraneLock etcd -Path (New-Stack $name)).New | Should -Be $index
    }

    Context '-Locked' {
        BeforeAll {
            $name = New-Name
            $old = New-Image "core/$name-etcd:2"
            $null = New-Image "library/$name-node:20"
            $file = New-Stack $name
            $null = Update-CraneLock -Path $file
            $new = New-Image "core/$name-etcd:2"
            $lock = Get-Lock $file
        }

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
