# Which crane file a cmdlet reads. All cmdlets find it in the same way, so Get-CraneContainer is enough.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $id = 'Crane.Commands.GetCraneContainerCommand' }

Describe 'A crane file is found' {
    BeforeAll {
        function New-Container([string] $Name) { "containers: { ${Name}: { image: company/$Name } }" }
        $one = Write-CraneFile $TestDrive (New-Container one)
        $two = Write-CraneFile $TestDrive (New-Container two)
        $json = Write-CraneFile $TestDrive '{ "containers": { "json": { "image": "company/json" } } }' -Name crane.json
        $other = Write-CraneFile $TestDrive (New-Container other) -Name stack.yml
        $odd = New-Item (Join-Path $TestDrive 'a [1] folder') -ItemType Directory
        Set-Content -LiteralPath (Join-Path $odd crane.yaml) (New-Container odd)
        Push-Location $TestDrive
    }

    AfterAll { Pop-Location }

    It 'by -Path, <how>' -ForEach @(
        @{ How = 'a file'; Path = { $one }; Expected = 'one' }
        @{ How = 'a file of any name'; Path = { $other }; Expected = 'other' }
        @{ How = 'a folder'; Path = { Split-Path $one }; Expected = 'one' }
        @{ How = 'a folder with crane.json'; Path = { Split-Path $json }; Expected = 'json' }
        @{ How = 'several that merge'; Path = { $one, (Split-Path $two), $json }; Expected = 'one', 'two', 'json' }
        @{ How = 'a wildcard'; Path = { Join-Path (Split-Path $one) '*.yaml' }; Expected = 'one' }
        @{ How = 'relative to the current location'; Path = { Join-Path (Split-Path (Split-Path $two) -Leaf) crane.yaml }; Expected = 'two' }
        @{ How = 'with its provider'; Path = { "Microsoft.PowerShell.Core\FileSystem::$one" }; Expected = 'one' }
        @{ How = 'a wildcard for brackets'; Path = { Join-Path $TestDrive 'a `[1`] folder' }; Expected = 'odd' }
    ) {
        (Get-CraneContainer -Path (& $path) -ErrorAction Stop).Name | Should -Be $expected
    }

    It 'by -LiteralPath, including brackets' {
        (Get-CraneContainer -LiteralPath $odd).Name | Should -Be 'odd'
        (Get-CraneContainer odd -LiteralPath (Join-Path $odd crane.yaml)).Name | Should -Be 'odd'
    }

    It 'piped from Get-Item and Get-ChildItem' {
        (Get-Item -LiteralPath $odd | Get-CraneContainer).Name | Should -Be 'odd'
        (Get-Item $one, $two | Get-CraneContainer).Name | Should -Be 'one', 'two'
        (Get-ChildItem (Split-Path $other) -Filter *.yml | Get-CraneContainer o*).Name | Should -Be 'other'
    }

    It 'in a folder that has brackets in its name, without a path' {
        Push-Location -LiteralPath $odd
        try { (Get-CraneContainer).Name | Should -Be 'odd' }
        finally { Pop-Location }
    }

    It 'on a PowerShell drive' {
        $null = New-PSDrive CraneOne FileSystem (Split-Path $one)
        try {
            (Get-CraneContainer -Path CraneOne:/crane.yaml).Name | Should -Be 'one'
            (Get-CraneContainer -LiteralPath CraneOne:/).Name | Should -Be 'one'
            Push-Location CraneOne:/
            try { (Get-CraneContainer).Name | Should -Be 'one' }
            finally { Pop-Location }
        }
        finally { Remove-PSDrive CraneOne }
    }

    It 'in a parent of the current location' {
        Push-Location (New-Item (Join-Path (Split-Path $two) deep/down) -ItemType Directory)
        try {
            $two = Get-CraneContainer
            $two.Name | Should -Be 'two'
            Split-Path $two.Path -Leaf | Should -Be 'crane.yaml'
        }
        finally { Pop-Location }
    }

    It 'in the file system if the current location is in another provider' {
        Push-Location (Split-Path $one)
        Push-Location Env:
        try { (Get-CraneContainer).Name | Should -Be 'one' }
        finally { Pop-Location; Pop-Location }
    }

    It 'by CRANE_CONFIG, also several' {
        Use-Environment @{ CRANE_CONFIG = $one, $two -join [IO.Path]::PathSeparator } {
            (Get-CraneContainer).Name | Should -Be 'one', 'two'
            (Get-CraneContainer -Path $other).Name | Should -Be 'other'
        }
    }

    It 'only if it exists: <how>' -ForEach @(
        @{ How = 'a file'; Parameter = @{ Path = 'absent.yaml' }; Target = 'absent.yaml' }
        @{ How = 'a literal file'; Parameter = @{ LiteralPath = 'absent.yaml' }; Target = 'absent.yaml' }
        @{ How = 'a wildcard'; Parameter = @{ Path = 'absent*.yaml' }; Target = 'absent*.yaml' }
        @{ How = 'an invalid pattern'; Parameter = @{ Path = 'crane[.yaml' }; Target = 'crane[.yaml' }
        @{ How = 'a missing drive'; Parameter = @{ Path = 'Absent:/crane.yaml' }; Target = 'Absent:/crane.yaml' }
        @{ How = 'another provider'; Parameter = @{ Path = 'Env:/PATH' }; Target = 'Env:/PATH' }
        @{ How = 'another provider, literally'; Parameter = @{ LiteralPath = 'Env:/PATH' }; Target = 'Env:/PATH' }
    ) {
        Get-CraneContainer @parameter -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "CraneFileNotFound,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Split-Path $errors[0].TargetObject -Leaf | Should -Be (Split-Path $target -Leaf)
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'or the error says where it was searched for' {
        Push-Location (New-Item (Join-Path $TestDrive (New-Name)) -ItemType Directory)
        try {
            Get-CraneContainer -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $errors[0].FullyQualifiedErrorId | Should -Be "CraneFileNotFound,$id"
            $errors[0].Exception.Message | Should -Match 'crane\.yaml, crane\.yml, crane\.json'
            $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Path or CRANE_CONFIG'
        }
        finally { Pop-Location }
    }
}

Describe 'A path that is not of the file system' {
    BeforeAll {
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os, build: . } }'
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
    }

    It 'is refused: <how>' -ForEach @(
        @{ How = 'a missing drive'; Path = 'nodrive:/x' }
        @{ How = 'another provider'; Path = 'env:x' }
        @{ How = 'a character that no path has'; Path = "a`0b" }
    ) {
        $shown = $path.Replace("`0", '\0')
        $plan = @{ Source = 'r.example/os'; Target = 'r.example/os' }
        $credential = [pscredential]::new('bob', [securestring]::new())
        foreach ($use in @(
                { Export-CraneBakeFile -Path $file -FilePath $path }
                { Connect-CraneRegistry r.example $credential -CertificateAuthority $path -ErrorAction Stop }
                { Invoke-CranePull @plan -Engine "oci:$path" }
                { Invoke-CranePush @plan -Engine "oci:$path" }
                { Invoke-CraneBuild -Path $file -Engine "oci:$path" }
                { Invoke-CraneProvision -Path $file -Engine "oci:$path" }
                { Get-CraneImage company/os -Engine "oci:$path" }
                { Get-CraneTag company/os -Engine "oci:$path" }
                { New-CraneFile $path }
            )) {
            $use | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage "*'$shown'*" -Because "$use"
        }
        (Test-CraneFile -LiteralPath $path).ErrorId | Should -Be 'CraneFileNotFound'
    }
}
