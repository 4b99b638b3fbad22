# What -WhatIf and -Resolve say of a pull, push or copy, and what a run then does.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $source = Start-TestRegistry
    $target = Start-TestRegistry

    # A preview, and what happens: both say the same.
    function Get-Foretold([scriptblock] $Run) {
        $foretold = & $Run -WhatIf 6> $null
        $result = & $Run
        $foretold.Status | Should -Be ($result.Status -eq 'Succeeded' ? 'Planned' : $result.Status)
        $foretold.SizeBytes | Should -Be $result.SizeBytes
        $result
    }
}

AfterAll { Stop-TestRegistry }

Describe 'A preview' {
    BeforeEach {
        $name = New-Name
        $index = Publish-Index "$($source.Address)/company/${name}:1"
        $images = (Get-CraneImage "$($source.Address)/company/${name}:1").Manifest
    }

    It 'of a copy of <Platform> says what moves' -ForEach @(
        @{ Platform = @('linux/arm64') }
        @{ Platform = @('linux/amd64', 'linux/arm64') }
    ) {
        $to = "$($target.Address)/copies/${name}:1"
        $copy = { Copy-CraneImage -Source "$($source.Address)/company/${name}:1" -Destination $to -Platform $Platform @args }
        (Get-Foretold $copy).Status | Should -Be 'Succeeded'
        (Get-Foretold $copy).Status | Should -Be 'UpToDate'
    }

    It 'of a copy of a platform that the image does not have fails like the copy' {
        foreach ($whatIf in $true, $false) {
            { Copy-CraneImage -Source "$($source.Address)/company/${name}:1" -Destination "$($target.Address)/copies/$name" `
                    -Platform linux/s390x -WhatIf:$whatIf -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        }
    }

    It 'of an index in an index counts what is in both' {
        $type = 'application/vnd.oci.image.index.v1+json'
        $address = "http://$($source.Address)/v2/company/$name/manifests"
        $size = (Invoke-WebRequest "$address/$index" -Headers @{ Accept = $type }).RawContentLength
        $outer = ConvertTo-Json -Depth 4 -Compress @{
            schemaVersion = 2; mediaType = $type; manifests = @(@{ mediaType = $type; digest = $index; size = $size })
        }
        $null = Invoke-WebRequest "$address/outer" -Method Put -Body $outer -ContentType $type
        $copy = { Copy-CraneImage -Source "$($source.Address)/company/${name}:outer" -Destination "$($target.Address)/copies/$name" @args }
        (Get-Foretold $copy).SizeBytes | Should -BeGreaterThan 0
    }

    It 'of an image whose manifest claims more bytes than there can be has a limit' {
        $type = 'application/vnd.oci.image.manifest.v1+json'
        $from = "$($source.Address)/company/${name}:huge"
        $address = "http://$($source.Address)/v2/company/$name/manifests"
        $bytes = (Invoke-WebRequest "$address/$($images[0].Digest)" -Headers @{ Accept = $type }).RawContentStream.ToArray()
        $huge = [Text.Encoding]::UTF8.GetString($bytes) -replace '(?<="layers":.*"size":)\d+', [long]::MaxValue
        $null = Invoke-WebRequest "$address/huge" -Method Put -Body $huge -ContentType $type
        $to = "$($target.Address)/copies/$name"
        (Copy-CraneImage -Source $from -Destination $to -WhatIf).SizeBytes | Should -Be ([long]::MaxValue)
        $pull = @{ Source = $from; Target = "company/$name"; Engine = "oci:$TestDrive/$name" }
        (Invoke-CranePull @pull -WhatIf).SizeBytes | Should -Be ([long]::MaxValue)
    }

    It 'of a pull into a folder says what moves, and so does the status' {
        $engine = "oci:$TestDrive/$name"
        $file = Write-CraneFile $TestDrive @"
containers:
  one:
    image: company/${name}:1
    platform: `${PLATFORM}
    pull: { registry: $($source.Address) }
    push: { registry: $($target.Address) }
"@
        $null = Update-CraneLock -Path $file -Variable @{ PLATFORM = 'linux/amd64' }
        foreach ($platform in 'linux/amd64', 'linux/arm64') {
            $selection = @{ Path = $file; Engine = $engine; Variable = @{ PLATFORM = $platform } }
            (Get-CraneStatus @selection).Pull | Should -Be ($platform -eq 'linux/amd64' ? 'Missing' : 'Behind')
            $result = Get-Foretold { Invoke-CranePull @selection @args }
            $result.Status, $result.Digest | Should -Be 'Succeeded', ($images | Where-Object Platform -eq $platform).Digest
            (Get-Foretold { Invoke-CranePull @selection @args }).Status | Should -Be 'UpToDate'
            (Get-CraneRetagPlan Pull @selection -Resolve).Status | Should -Be 'UpToDate'
            $status = Get-CraneStatus @selection
            $status.Pull, $status.Lock, $status.Reason | Should -Be 'UpToDate', 'Match', ''
        }
    }

    It 'of a push from a folder to a target that has one image of the index says what moves' {
        $engine = "oci:$TestDrive/$name"
        $to = "$($target.Address)/company/${name}:1"
        $null = Copy-CraneImage -Source "$($source.Address)/company/${name}:1" -Destination $to -Platform linux/amd64
        $null = Invoke-CranePull -Source "$($source.Address)/company/${name}:1" -Target "company/${name}:1" -Engine $engine
        (Get-Foretold { Invoke-CranePush -Source "company/${name}:1" -Target $to -Engine $engine @args }).Status | Should -Be 'Succeeded'
        (Get-CraneImage $to).Digest | Should -Be $index
    }

    It 'of a pull through the <_> store says that an image for another platform is replaced' -Skip:$missing -ForEach overlay2, containerd {
        $file = Write-CraneFile $TestDrive @"
containers:
  one: { image: 'company/${name}:1', platform: '`${PLATFORM}', pull: { registry: $($source.Address) } }
"@
        $selection = @{ Path = $file; Engine = $testbed.Engines[$_] }
        $null = Invoke-CranePull @selection -Variable @{ PLATFORM = 'linux/amd64' }
        (Get-CraneStatus @selection -Variable @{ PLATFORM = 'linux/amd64' }).Pull | Should -Be 'UpToDate'

        $selection.Variable = @{ PLATFORM = 'linux/arm64' }
        $status = Get-CraneStatus @selection
        $status.Pull | Should -Be 'Behind'
        $status.Reason | Should -BeLike 'the local image is for linux/amd64, the one to pull for linux/arm64*'
        (Invoke-CranePull @selection -WhatIf).Status | Should -Be 'Planned'
        (Invoke-CranePull @selection).Status | Should -Be 'Succeeded'
        (Get-CraneStatus @selection).Pull | Should -Be 'UpToDate'
        (Invoke-CranePull @selection -WhatIf).Status | Should -Be 'UpToDate'
    }

    It 'of a pull that would lose an image is refused like the pull, in <_>' -Skip:$missing -ForEach overlay2, containerd, folder {
        $from, $to = "$($source.Address)/company/${name}:1-amd64", "company/${name}:1"
        $engine = $_ -eq 'folder' ? "oci:$TestDrive/$name" : $testbed.Engines[$_]
        if ($_ -eq 'folder') {
            $mine = (New-TestRegistryImage "$($target.Address)/mine/${name}:1" -Layer @{ 'etc/mine' = $name }).Digest
            $null = Invoke-CranePull -Source "$($target.Address)/mine/$name@$mine" -Target $to -Engine $engine
        }
        else { New-LocalImage $to -On $_ }

        foreach ($whatIf in $true, $false) {
            { Invoke-CranePull -Source $from -Target $to -Engine $engine -WhatIf:$whatIf -ErrorAction Stop } |
                Should -Throw -ErrorId 'WouldLoseImage,*'
        }
        (Invoke-CranePull -Source $from -Target $to -Engine $engine -Force -WhatIf).Status | Should -Be 'Planned'
        (Invoke-CranePull -Source $from -Target $to -Engine $engine -Force).Status | Should -Be 'Succeeded'
        # What was pulled is in its registry.
        $null = New-TestRegistryImage $from -Layer @{ 'etc/mark' = New-Name }
        (Invoke-CranePull -Source $from -Target $to -Engine $engine -WhatIf).Status | Should -Be 'Planned'
        (Invoke-CranePull -Source $from -Target $to -Engine $engine).Status | Should -Be 'Succeeded'
    }

    It 'of a push that would remove platforms from its target is refused like the push' -Skip:$missing {
        $engine, $to = $testbed.Engines.overlay2, "$($target.Address)/company/${name}:1"
        $null = Copy-CraneImage -Source "$($source.Address)/company/${name}:1" -Destination $to
        New-LocalImage "company/${name}:1"
        foreach ($whatIf in $true, $false) {
            { Invoke-CranePush -Source "company/${name}:1" -Target $to -Engine $engine -WhatIf:$whatIf -ErrorAction Stop } |
                Should -Throw -ErrorId 'WouldLoseImage,*'
        }
        (Invoke-CranePush -Source "company/${name}:1" -Target $to -Engine $engine -Force -WhatIf).Status | Should -Be 'Planned'
    }
}
