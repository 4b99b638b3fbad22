# What gets into the lock, and when. Locked.Tests.ps1 has what -Locked does with it.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.UpdateCraneLockCommand'
    $days = [timespan]::FromDays(3)

    # Makes what is held in the lock look as if it had been seen some days before.
    function Set-HeldAge([string] $File, [double] $Days) {
        $seen = [datetime]::UtcNow.AddDays(-$Days).ToString('yyyy-MM-ddTHH:mm:ssZ')
        Set-Content (Get-LockPath $File) ((Get-Lock $File) -replace '(?<=held:\s+digest: \S+\s+seen: )\S+', $seen) -NoNewline
    }
}

Describe 'Update-CraneLock' {
    BeforeAll {
        $registry = Start-TestRegistry
        $address = $registry.Address

        function New-Image([string] $Name) { (New-TestRegistryImage "$address/$Name" -Layer @{ 'etc/mark' = New-Name }).Digest }
    }

    AfterAll { Stop-TestRegistry }

    It 'writes down what registries have, and changes no byte if nothing has changed' {
        $name = New-Name
        $etcd, $node, $service = "core/$name-etcd:2", "library/$name-node:20", "bob/$name-service:latest" | ForEach-Object { New-Image $_ }
        $file = New-LockableFile $TestDrive $address $name
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
        $unchanged = Update-CraneLock -Path $file -PassThru
        $unchanged.Status | Should -Be 'Unchanged', 'Unchanged', 'Unchanged'
        $unchanged | Out-String -Width 200 | Should -Not -Match '->'
        (Get-Item (Get-LockPath $file)).LastWriteTimeUtc | Should -Be $written
    }

    It 'asks a registry once for each name, and only with HEAD' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-LockableFile $TestDrive $address $name
        $null = Update-CraneLock -Path $file
        $requests = (Invoke-RestMethod $registry.Log) | Where-Object { $_.path -match "$name.*/manifests/" -and $_.method -ne 'PUT' }
        $requests.method | Should -Be 'HEAD', 'HEAD', 'HEAD'
    }

    It 'with -WhatIf says what would change, and writes nothing' {
        $name = New-Name
        "core/$name-etcd:2", "library/$name-node:20" | ForEach-Object { $null = New-Image $_ }
        $file = New-LockableFile $TestDrive $address $name
        (Update-CraneLock -Path $file -WhatIf).Status | Should -Be 'Added', 'Added'
        Get-LockPath $file | Should -Not -Exist
    }

    It 'holds a new digest until it was seen for the minimum age' {
        $name = New-Name
        $old = New-Image "core/$name-etcd:2"
        $file = New-LockableFile $TestDrive $address $name
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
        $file = New-LockableFile $TestDrive $address $name
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
        $file = New-LockableFile $TestDrive $address $name
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
        $file = New-LockableFile $TestDrive $address $name
        $changes = Get-CraneContainer -Path $file | Update-CraneLock
        $changes.Entry | Should -Be 'Image', 'Base'
        $changes.Path | Select-Object -Unique | Should -Be (Get-LockPath $file)
        Get-CraneContainer -Path $file | ConvertTo-Json -Depth 5 | ConvertFrom-Json | Update-CraneLock -PassThru |
            ForEach-Object Status | Should -Be 'Unchanged', 'Unchanged'
    }

    It 'emits changes that survive <_>' -ForEach 'JSON', 'CSV' {
        $name = New-Name
        $null = New-Image "core/$name-etcd:2"
        $file = New-LockableFile $TestDrive $address $name
        $change = Update-CraneLock etcd -Path $file
        $back = $_ -eq 'CSV' ? ($change | ConvertTo-Csv | ConvertFrom-Csv) : ($change | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json)
        foreach ($property in 'Entry', 'Container', 'Reference', 'New', 'Status', 'Reason', 'Path') { $back.$property | Should -Be "$($change.$property)" }
        [datetime]$back.Seen | Should -Be $change.Seen
    }

    It 'shows changes as a table' {
        $name = New-Name
        $null = New-Image "core/$name-etcd:2"
        $table = Update-CraneLock etcd -Path (New-LockableFile $TestDrive $address $name) | Out-String -Width 160
        $table | Should -Match 'Entry\s+Status\s+Container\s+Reference\s+Detail'
        $table | Should -Match "Image\s+Added\s+etcd\s+$address/core/$name-etcd:2\s+[0-9a-f]{12}\s"
    }

    It 'has the digest of an index, for all platforms' {
        $name = New-Name
        $index = Publish-Index "$address/core/$name-etcd:2"
        (Update-CraneLock etcd -Path (New-LockableFile $TestDrive $address $name)).New | Should -Be $index
    }
}
