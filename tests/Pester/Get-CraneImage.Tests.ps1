Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.GetCraneImageCommand'
    $registry = Start-TestRegistry
    $image = New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer @{ 'etc/base' = 'base' }, @{ 'etc/name' = 'os' }
}

AfterAll { Stop-TestRegistry }

Describe 'Get-CraneImage' {
    It 'shows images while names still arrive' {
        $taken = [Collections.Generic.List[int]]::new()
        1..100 | ForEach-Object { $taken.Add($_); Start-Sleep -Milliseconds 50; "$($registry.Address)/company/os:1" } | Get-CraneImage |
            Select-Object -First 1 | Should -BeOfType Crane.CraneImage
        $taken.Count | Should -BeLessThan 100
    }

    It 'shows the contents of an image in a registry' {
        $shown = Get-CraneImage $image.Name
        $shown | Should -BeOfType Crane.CraneImage
        $shown.Name, $shown.Store, $shown.Digest | Should -Be $image.Name, $registry.Address, $image.Digest
        $shown.Platform | Should -Be 'linux/amd64'
        $shown.Layer | Should -HaveCount 2
        $shown.SizeBytes | Should -BeGreaterThan ($shown.Layer | Measure-Object SizeBytes -Sum).Sum
        $shown.MediaType | Should -Be 'application/vnd.oci.image.manifest.v1+json'
    }

    It 'accepts names, containers, plans and results' {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: 'company/os:1', pull: { registry: $($registry.Address) }, push: { registry: $($registry.Address), override_user: bob } } }"
        $container = Get-CraneContainer -Path $file
        $null = $container | Copy-CraneImage
        ($image.Name | Get-CraneImage).Digest | Should -Be $image.Digest
        ([pscustomobject]@{ Name = $image.Name } | Get-CraneImage).Digest | Should -Be $image.Digest
        (@{ Name = $image.Name } | Get-CraneImage).Digest | Should -Be $image.Digest
        ("Name`n$($image.Name)" | ConvertFrom-Csv | Get-CraneImage).Digest | Should -Be $image.Digest
        ($container | Get-CraneImage).Name | Should -Be $image.Name
        (Get-CraneRetagPlan Push -Path $file | Get-CraneImage).Name | Should -Be "$($registry.Address)/bob/os:1"
        (Get-CraneRetagPlan Pull -Path $file | Get-CraneImage).Name | Should -Be $image.Name
        (Get-CraneTag "$($registry.Address)/company/os" | Get-CraneImage).Digest | Should -Be $image.Digest
        ($container | ConvertTo-Json | ConvertFrom-Json | Get-CraneImage).Digest | Should -Be $image.Digest
    }

    It 'shows the others if one is missing' {
        $shown = Get-CraneImage "$($registry.Address)/company/none", $image.Name -ErrorVariable errors -ErrorAction SilentlyContinue
        $shown.Digest | Should -Be $image.Digest
        $errors.FullyQualifiedErrorId | Should -Be "ImageNotFound,$id"
        $errors[0].TargetObject | Should -Be "$($registry.Address)/company/none"
    }

    It 'reports an invalid name' {
        Get-CraneImage 'company/Case' -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidImageName,$id"
    }

    It 'says which container has no image in a registry' {
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os, build: ., push: { skip: true } } }'
        Get-CraneContainer -Path $file | Get-CraneImage -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "MissingImage,$id"
    }

    It 'says what is not valid in a container, and where: <keys>' -ForEach @(
        @{ Keys = 'image: Company/Os'; Id = 'InvalidImageName' }
        @{ Keys = 'image: company/os, pull: { registry: r..example }'; Id = 'InvalidRegistry' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  os: { $keys }"
        Get-CraneContainer -Path $file | Get-CraneImage -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -BeLike "$($_.Id),*"
        "$errors" | Should -BeLike "$($file):2:*container 'os'*"
    }

    It 'does not ask a registry about a build' {
        $build = [pscustomobject]@{ Operation = 'Build'; Source = '/src'; Target = 'company/os' }
        $build | Get-CraneImage -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "MissingImage,$id"
    }

    It 'survives CliXml' {
        $read = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-CraneImage $image.Name)))
        $read.Created | Should -Be (Get-CraneImage $image.Name).Created
        ($read | Out-String -Width 200) | Should -Match '1970-01-01 00:00'
    }

    It 'survives JSON' {
        $read = Get-CraneImage $image.Name | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $read.Digest, $read.Layer[0].MediaType | Should -Be $image.Digest, 'application/vnd.oci.image.layer.v1.tar'
    }
}

Describe 'Get-CraneImage on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    It 'shows a local image, with the digest that its registry knows' {
        # Without the other images' shell: containerd omits layers that it has unpacked, and reports no platform.
        $name = "$($registry.Address)/$(New-Name):1"
        $digest = (New-TestRegistryImage $name -Layer @{ 'etc/mark' = New-Name }).Digest
        $null = Invoke-CranePull -Source $name -Target $name -Engine $testbed.Engines[$store]
        $shown = Get-CraneImage $name -Engine $testbed.Engines[$store]
        $shown.Digest, $shown.Store | Should -Be $digest, $testbed.Engines[$store]
        $shown.Platform | Should -HaveCount 1
        $shown.SizeBytes | Should -BeGreaterThan 0
        (Get-CraneImage $name -RegistryCredential @{}).Digest | Should -Be $digest

        Get-CraneImage $name -Engine $testbed.Engines[$store] -Platform plan9/mips -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "LocalImageNotFound,$id"
        Get-CraneImage company/none -Engine $testbed.Engines[$store] -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "LocalImageNotFound,$id"
    }

    It 'shows the digest that the registry of the pull has, also under a plain name' {
        $name = New-Name
        $digest = Publish-Index "$($registry.Address)/company/${name}:1"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: 'company/${name}:1', pull: { registry: $($registry.Address) } } }"
        $pulled = Invoke-CranePull -Path $file -Engine $testbed.Engines[$store]
        # The engine pushes only one image of the index, which is the same image to it, with another digest.
        $null = Invoke-CranePush -Source "company/${name}:1" -Target "$($registry.Address)/bob/${name}:1" -Engine $testbed.Engines[$store] -WarningAction SilentlyContinue
        (Get-CraneContainer -Path $file | Get-CraneImage -Engine $testbed.Engines[$store]).Digest | Should -Be $digest
        ($pulled | Get-CraneImage -Engine $testbed.Engines[$store]).Digest | Should -Be $digest
        (Get-CraneContainer -Path $file | Get-CraneImage).Digest | Should -Be $digest
        (Get-CraneImage "$($registry.Address)/company/${name}:1" -Engine $testbed.Engines[$store]).Digest | Should -Be $digest
    }

    It 'looks for a name without a registry among local images first' {
        $name = New-Name
        $null = New-TestbedImage "company/${name}:1" -Layer @{ 'etc/mark' = $name } -Store $store
        $other = Write-CraneFile $TestDrive "containers: { x: { image: 'company/${name}:1', pull: { registry: 127.0.0.1:1 } } }"
        Use-Environment @{ CRANE_ENGINE = $testbed.Engines[$store]; HTTPS_PROXY = 'http://127.0.0.1:1' } {
            (Get-CraneImage "company/${name}:1").Store | Should -Be $testbed.Engines[$store]
            ("company/${name}:1" | Get-CraneImage).Store | Should -Be $testbed.Engines[$store]
            (Get-CraneTag "company/$name").Reference | Should -Be "company/${name}:1"
            (Get-CraneTag "company/$name" | Get-CraneImage).Store | Should -Be $testbed.Engines[$store]
            # Docker Hub is asked last, and the error says so.
            Get-CraneImage "company/${name}:2" -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors[0].Exception.Message | Should -Match "docker.io.*Docker Hub was asked because 'company/${name}:2' has no registry and was not found locally: There is no image"
            Get-CraneTag "company/$name-none" -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors[0].Exception.Message | Should -Match 'Docker Hub was asked because'
            # A registry in the name is asked directly.
            Get-CraneImage "docker.io/company/${name}:1" -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $errors[0].Exception.Message | Should -Not -Match 'Docker Hub was asked because'
            Get-CraneContainer -Path $other | Get-CraneImage -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        }
        (Get-CraneTag "company/$name" -Engine $testbed.Engines[$store]).Tag | Should -Be '1'
        Get-CraneTag "company/$name-none" -Engine $testbed.Engines[$store] -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'LocalImageNotFound,Crane.Commands.GetCraneTagCommand'
    }
}
