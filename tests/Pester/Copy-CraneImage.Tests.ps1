# Uses small registries that need no testbed; other programs read the copies in the tests with real registries.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cr:t' -AsPlainText))
    $id = 'Crane.Commands.CopyCraneImageCommand'

    function Get-Request($Registry, [string] $Method = '*') {
        (Invoke-RestMethod $Registry.Log) | Where-Object { $_.method -like $Method -and $_.path -ne '/_requests' }
    }
}

Describe 'Copy-CraneImage' {
    BeforeAll {
        $source = Start-TestRegistry
        $target = Start-TestRegistry
        $base = @{ 'etc/base' = 300KB }

        function New-SourceImage([string] $Name) {
            New-TestRegistryImage "$($source.Address)/company/${Name}:1" -Layer $base, @{ 'etc/name' = $Name }
        }
    }

    AfterAll { Stop-TestRegistry }

    It 'copies from one remote to another, also what is built here, and back upstream by a plan' {
        $name = New-Name
        $image = New-SourceImage $name
        $file = Write-CraneFile $TestDrive @"
containers:
  ours: { image: 'company/${name}:1', build: . }
  etcd: { image: 'coreos/etcd:2', push: { skip: true } }
  else: { image: 'company/else', pull: { registry: '`${NOT_SET_ANYWHERE}' } }
remotes:
  mine: { registry: $($source.Address) }
  official: { registry: $($target.Address), override_user: team, overwrite: never }
  unused: { registry: '`${NOT_SET_ANYWHERE}' }
defaults: { push: unused }
"@
        $plan = Get-CraneRetagPlan Copy ours, etcd -From mine -To official -Path $file
        $plan.Status | Should -Be 'Planned', 'Skipped'
        $plan[0].Overwrite | Should -Be 'Never'
        $plan[1].Reason | Should -Be 'push.skip'
        $results = $plan | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json | Copy-CraneImage
        $results.Status | Should -Be 'Succeeded', 'Skipped'
        (Get-CraneImage "$($target.Address)/team/${name}:1").Digest | Should -Be $image.Digest

        (Copy-CraneImage ours -From mine -To official -Path $file).Status | Should -Be 'UpToDate'
        (Copy-CraneImage ours -From mine -To mine -Path $file -WarningAction Ignore).Status | Should -Be 'Skipped'
    }

    It 'refuses <line>' -ForEach @(
        @{ Line = 'Copy-CraneImage -From mine'; Id = 'InvalidValue'; Words = '-From is given without -To.' }
        @{ Line = 'Copy-CraneImage -To mine'; Id = 'InvalidValue'; Words = '-To is given without -From.' }
        @{ Line = 'Copy-CraneImage -From mine -To oficial'; Id = 'UnknownRemote'; Words = "No remote is called 'oficial'. Did you mean 'official'?" }
        @{ Line = 'Get-CraneRetagPlan Copy, Push -From mine -To official'; Id = 'InvalidValue'; Words = '-From and -To are given for Copy, Push.' }
    ) {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: a } }
remotes: { mine: { registry: r.co }, official: { registry: o.co } }'
        Invoke-Expression "$line -LiteralPath '$file' -ErrorVariable errors -ErrorAction SilentlyContinue" | Should -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$($errors[0])" | Should -BeLike "*$([wildcardpattern]::Escape($words))*"
    }

    It 'copies a stack from where it is pulled to where it is pushed, except skipped images; the second time nothing moves' {
        $name = New-Name
        $images = "$name-os", "$name-service" | ForEach-Object { New-SourceImage $_ }
        $file = Write-CraneFile $TestDrive @"
containers:
  os:
    image: company/$name-os:1
    pull: { registry: $($source.Address) }
    push: { registry: $($target.Address), override_user: bob }
  etcd:
    image: coreos/etcd:2
    push:
      skip: true
  ours:
    image: company/ours
    build: .
  same:
    image: $($source.Address)/company/same
  service:
    image: company/$name-service:1
    pull: { registry: $($source.Address) }
    push: { registry: $($target.Address), override_user: bob }
"@
        $results = Copy-CraneImage -Path $file
        $results | Should -BeOfType Crane.RetagResult
        $results.Container | Should -Be 'os', 'etcd', 'ours', 'same', 'service'
        $results.Status | Should -Be 'Succeeded', 'Skipped', 'Skipped', 'Skipped', 'Succeeded'
        $results[1..3].Reason | Should -Be 'push.skip', 'built here', 'pulled from where it is pushed to'
        $results[0, 4].Digest | Should -Be $images.Digest
        $results[0].Target | Should -Be "$($target.Address)/bob/$name-os:1"
        (Get-CraneImage $results[0, 4].Target).Digest | Should -Be $images.Digest

        $before = @(Get-Request $target).Count + @(Get-Request $source).Count
        $again = Copy-CraneImage -Path $file
        $again.Status | Should -Be 'UpToDate', 'Skipped', 'Skipped', 'Skipped', 'UpToDate'
        @(Get-Request $target).Count + @(Get-Request $source).Count - $before | Should -Be 4
    }

    It 'sends a layer that several images need once' {
        $name = New-Name
        $images = 1..6 | ForEach-Object { New-SourceImage "$name-$_" }
        $own = Start-TestRegistry
        try {
            $results = $images.Name | ForEach-Object {
                [pscustomobject]@{ Source = $_; Target = $_ -replace [regex]::Escape($source.Address), $own.Address }
            } | Copy-CraneImage
            $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
            $requests = Get-Request $own
            # A blob of the base has 300 KB; an image's own layer is much smaller.
            @($requests | Where-Object { $_.method -eq 'PUT' -and $_.bytesIn -gt 200KB }) | Should -HaveCount 1
            @($requests | Where-Object { $_.method -eq 'POST' -and $_.query -match 'mount=' }) | Should -HaveCount 5
            ($results | Measure-Object SizeBytes -Sum).Sum | Should -BeLessThan 400KB
        }
        finally { $own | Stop-TestRegistry }
    }

    It 'accepts a Source and a Destination, and shows what it would do' {
        $image = New-SourceImage (New-Name)
        $to = "$($target.Address)/copies/$(New-Name)"
        $planned = Copy-CraneImage -Source $image.Name -Destination $to -WhatIf
        $planned.Status | Should -Be 'Planned'
        $planned.Step | Should -Be 'set -e', "docker buildx imagetools create --tag $to $($image.Name)"
        (Copy-CraneImage -Source $image.Name -Destination $to).Digest | Should -Be $image.Digest
    }

    It 'runs plans that went through <Format>, and repeats results' -ForEach @(
        @{ Format = 'JSON'; Through = { $input | ConvertTo-Json -EnumsAsStrings -Depth 6 | ConvertFrom-Json } }
        @{ Format = 'CSV'; Through = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $images = 1..2 | ForEach-Object { New-SourceImage (New-Name) }
        $file = Write-CraneFile $TestDrive @"
containers:
  one: &one
    image: $($images[0].Name -replace '^[^/]+/')
    pull: { registry: $($source.Address) }
    push: { registry: $($target.Address) }
  two: { <<: *one, image: $($images[1].Name -replace '^[^/]+/') }
registries:
  $($source.Address): { insecure: true, mirrors: [$($source.Address)] }
  $($target.Address): { insecure: true }
"@
        $plans = Get-CraneRetagPlan Copy -Path $file
        $plans[1].RegistrySetting.RegistryHost | Should -Be $source.Address, $target.Address
        $results = $plans | & $Through | Copy-CraneImage
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $results.Container | Should -Be 'one', 'two'
        $results.Digest | Should -Be $images.Digest
        ($results | Copy-CraneImage).Status | Should -Be 'UpToDate', 'UpToDate'

        # The same settings for the rest of the test.
        (Get-CraneContainer -Path $file | & $Through | Get-CraneImage).Digest | Should -Be $images.Digest
        (Get-CraneContainer -Path $file | & $Through | Get-CraneTag) | Should -HaveCount 2
        (Get-CraneRetagPlan Pull -Path $file | & $Through | Invoke-CranePull -Engine "oci:$TestDrive/$Format").Status | Should -Be 'Succeeded', 'Succeeded'
        (Get-CraneRetagPlan Push -Path $file | & $Through | Invoke-CranePush -Engine "oci:$TestDrive/$Format").Status | Should -Be 'UpToDate', 'UpToDate'
    }

    It 'refuses a plan of another operation' {
        $plan = [pscustomobject]@{ Operation = 'Push'; Source = 'company/os'; Target = "$($target.Address)/company/os" }
        { $plan | Copy-CraneImage -ErrorAction Stop } | Should -Throw -ErrorId "OperationMismatch,$id"
    }

    It 'copies the others if one image is missing, and says which' {
        $image = New-SourceImage (New-Name)
        $absent = "$($source.Address)/company/$(New-Name)"
        $results = $absent, $image.Name | ForEach-Object {
            [pscustomobject]@{ Source = $_; Target = $_ -replace [regex]::Escape($source.Address), $target.Address }
        } | Copy-CraneImage -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -Be "ImageNotFound,$id"
        $errors[0].TargetObject.Source | Should -Be $absent
    }

    It 'uses each registry''s credential, and never shows it' {
        $guarded = Start-TestRegistry -Credential $bob -Token
        try {
            $image = New-SourceImage (New-Name)
            $to = "$($guarded.Address)/bob/$(New-Name)"
            { Copy-CraneImage -Source $image.Name -Destination $to -ErrorAction Stop } |
                Should -Throw -ErrorId "RegistryUnauthorized,$id"
            $said = Copy-CraneImage -Source $image.Name -Destination $to -RegistryCredential @{ $guarded.Address = $bob } -Verbose -Debug *>&1
            ($said | Where-Object { $_ -is [Crane.RetagResult] }).Status | Should -Be 'Succeeded'
            "$said" | Should -Not -Match 's3cr'
        }
        finally { $guarded | Stop-TestRegistry }
    }

    It 'ends within a second when it is stopped, and leaves no tag' {
        $image = New-TestRegistryImage "$($source.Address)/company/$(New-Name):1" -Layer @{ 'data/large' = 1MB }
        $gate = Start-GatedRegistry $source.Address
        try {
            $to = "$($target.Address)/company/$(New-Name):1"
            $from = $image.Name -replace [regex]::Escape($source.Address), $gate.Address
            $session = Start-Session { param($from, $to) Copy-CraneImage -Source $from -Destination $to } @{ from = $from; to = $to }
            Wait-Until { $gate.Reached.IsSet }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $session.Shell.Stop()
            $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:2')   # a second, and the rest for a busy machine
            { Get-CraneImage $to -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        }
        finally { $gate.Dispose() }
    }

    It 'continues with what is missing after it was killed' {
        $image = New-TestRegistryImage "$($source.Address)/company/$(New-Name):1" -Layer @{ 'data/small' = 100KB }, @{ 'data/large' = 2MB }
        $name = New-Name
        $to = "$($target.Address)/company/${name}:1"
        $gate = Start-GatedRegistry $source.Address -ForEach
        try {
            $from = $image.Name -replace [regex]::Escape($source.Address), $gate.Address
            $process = Start-Shell "Copy-CraneImage -Source $from -Destination $to"
            Wait-Until { $gate.Reached.IsSet -and (Get-Request $target PUT | Where-Object { $_.path -like "*/$name/blobs/uploads/*" -and $_.status -eq 201 }) }
            $process.Kill()
            $process.WaitForExit()
        }
        finally { $gate.Dispose() }
        { Get-CraneImage $to -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'

        $result = Copy-CraneImage -Source $image.Name -Destination $to
        $result.Status, $result.Digest | Should -Be 'Succeeded', $image.Digest
        $result.SizeBytes | Should -BeLessThan (Get-CraneImage $to).SizeBytes
    }

    It 'refuses <Platform> as a platform' -ForEach @(@{ Platform = 'linux' }, @{ Platform = 'linux/' }, @{ Platform = 'a/b/c/d' }) {
        { Copy-CraneImage -Source a.co/x -Destination b.co/x -Platform $Platform -ErrorAction Stop } |
            Should -Throw -ErrorId "InvalidValue,$id"
    }
}

Describe 'Copy-CraneImage between docker''s registries' -Skip:$missing {
    BeforeAll {
        $from = "$($testbed.Official)/$(New-Name)/os:1"
        $digest = Publish-Image $from
    }

    It 'writes an image that skopeo, crane and oras can read' {
        $to = "$($testbed.Personal)/$(New-Name)/os:1"
        $result = Copy-CraneImage -Source $from -Destination $to -RegistryCredential @{ $testbed.Personal = $testbed.PersonalCredential }
        $result.Status, $result.Digest | Should -Be 'Succeeded', $digest
        Get-RemoteDigest $to | Should -Be $digest
        Invoke-TestbedProgram crane digest $to | Should -Be $digest
        (Invoke-TestbedProgram oras manifest fetch --descriptor --plain-http $to | ConvertFrom-Json).digest | Should -Be $digest
    }

    It 'copies an index with its platforms and its referrers, or one platform of it' {
        $name = "$($testbed.Official)/$(New-Name)/many"
        $null = Invoke-TestbedProgram sh -ec @"
            exec 2>&1
            crane mutate --set-platform linux/amd64 --tag ${name}:amd $from
            crane mutate --set-platform linux/arm64 --tag ${name}:arm $from
            crane index append --tag ${name}:1 --manifest ${name}:amd --manifest ${name}:arm
            echo bill > $TestDrive/bill.txt
            oras attach --plain-http --disable-path-validation --artifact-type example/bill ${name}:1 $TestDrive/bill.txt
"@
        $to = "$($testbed.Personal)/$(New-Name)/many:1"
        $login = @{ RegistryCredential = @{ $testbed.Personal = $testbed.PersonalCredential } }
        $result = Copy-CraneImage -Source "${name}:1" -Destination $to -IncludeReferrers @login
        $result.Digest | Should -Be (Invoke-TestbedProgram crane digest "${name}:1")
        (Get-CraneImage $to @login).Platform | Should -Be 'linux/amd64', 'linux/arm64'
        (Invoke-TestbedProgram oras discover --plain-http --format json $to) -join "`n" | Should -Match 'example/bill'

        $one = Copy-CraneImage -Source "${name}:1" -Destination "$to-arm" -Platform linux/arm64 @login
        $one.Digest | Should -Be (Invoke-TestbedProgram crane digest "${name}:arm")
    }
}
