# The size of images, apart from the bytes that a run moves.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'The size of an image' {
    BeforeAll {
        $registry = (Start-TestRegistry).Address
        $name = New-Name
        $null = New-TestRegistryImage "$registry/${name}:1" -Layer @{ "data/$name" = 2MB }
        $size = (Get-CraneImage "$registry/${name}:1").SizeBytes
        $size | Should -BeGreaterThan 2000000
    }

    It 'is in the result of a pull to a folder, whatever was moved, and survives CSV, JSON and CliXml' {
        $first = Invoke-CranePull -Source "$registry/${name}:1" -Target a -Engine "oci:$TestDrive/1"
        $first.ImageSizeBytes | Should -Be $size
        $again = Invoke-CranePull -Source "$registry/${name}:1" -Target b -Engine "oci:$TestDrive/1"
        $again.Status | Should -Be 'Succeeded'
        $again.SizeBytes | Should -Be 0
        $again.ImageSizeBytes | Should -Be $size
        ($first | ConvertTo-Csv | ConvertFrom-Csv).ImageSizeBytes | Should -Be "$size"
        ($first | ConvertTo-Json | ConvertFrom-Json).ImageSizeBytes | Should -Be $size
        [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($first)).ImageSizeBytes | Should -Be $size
    }

    It 'is in the results of a copy and of a push from a folder' {
        $other = (Start-TestRegistry).Address
        $copy = Copy-CraneImage -Source "$registry/${name}:1" -Destination "$other/copy/${name}:1"
        $copy.ImageSizeBytes | Should -Be $size
        $null = Invoke-CranePull -Source "$registry/${name}:1" -Target c -Engine "oci:$TestDrive/2"
        (Invoke-CranePush -Source c -Target "$other/push/${name}:1" -Engine "oci:$TestDrive/2").ImageSizeBytes | Should -Be $size
    }

    It 'of an index is that of the image for this machine' {
        $architecture = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64'
        $null = Publish-Index "$registry/$name-index:1"
        $expected = (Get-CraneImage "$registry/$name-index:1-$architecture").SizeBytes
        (Get-CraneImage "$registry/$name-index:1").SizeBytes | Should -Be $expected
        (Invoke-CranePull -Source "$registry/$name-index:1" -Target d -Engine "oci:$TestDrive/3").ImageSizeBytes | Should -Be $expected
    }

    It 'is that in the engine in the results of pulls, pushes and builds with the <_> store' -Skip:$missing -ForEach 'overlay2', 'containerd' {
        $engine = $testbed.Engines[$_]
        $null = Publish-Image "$official/$name-$_" -Layer @{ "data/$name" = 2MB }
        $pull = @{ Source = "$official/$name-$_"; Target = "$name-$_"; Engine = $engine }
        $results = @(Invoke-CranePull @pull) + @(Invoke-CranePull @pull) + @(Invoke-CranePush -Source "$name-$_" -Target "$official/$name-$_-again" -Engine $engine)
        $results.Status | Should -Be 'Succeeded', 'UpToDate', 'Succeeded'
        $here = (Get-CraneImage "$name-$_" -Engine $engine).SizeBytes
        $here | Should -BeGreaterThan 2000000
        $results.ImageSizeBytes | Should -Be $here, $here, $here
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/$name-$_, build: os } }"
        $folder = New-Item (Join-Path (Split-Path $file) os) -ItemType Directory
        Set-Content $folder/Dockerfile "FROM scratch`nCOPY mark /mark"
        Set-Content $folder/mark (New-Name)
        $built = Invoke-CraneBuild -Path $file -Engine $engine
        $built.ImageSizeBytes | Should -Be (Get-CraneImage "company/$name-$_" -Engine $engine).SizeBytes
        $built.ImageSizeBytes | Should -BeGreaterThan 0
    }
}
