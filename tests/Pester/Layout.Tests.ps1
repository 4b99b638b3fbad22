# A folder instead of an engine: -Engine oci:FOLDER.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $official = Start-TestRegistry
    $personal = Start-TestRegistry
}

AfterAll { Stop-TestRegistry }

Describe 'A layout folder' {
    BeforeEach {
        $name = New-Name
        $folder = "$TestDrive/$name"
        $image = New-TestRegistryImage "$($official.Address)/company/${name}:1" -Layer @{ 'etc/base' = 64KB }, @{ 'etc/name' = $name }
        $file = Write-CraneFile $TestDrive @"
containers:
  one:
    image: company/${name}:1
    pull: { registry: $($official.Address) }
    push: { registry: $($personal.Address), override_user: bob }
"@
    }

    It 'holds a stack between pull and push with its plain names, and those of the registries it has been in' {
        $pulled = Invoke-CranePull -Path $file -Engine "oci:$folder"
        $pulled.Status, $pulled.Target, $pulled.Digest | Should -Be 'Succeeded', "company/${name}:1", $image.Digest
        $pulled.Engine | Should -Be "oci:$folder"
        $index = Get-Content $folder/index.json | ConvertFrom-Json
        $index.manifests.annotations.'org.opencontainers.image.ref.name' | Should -Be "company/${name}:1", $image.Name

        $pushed = Invoke-CranePush -Path $file -Engine "oci:$folder"
        $pushed.Status, $pushed.Digest | Should -Be 'Succeeded', $image.Digest
        (Get-CraneImage $pushed.Target).Digest | Should -Be $image.Digest

        (Invoke-CranePull -Path $file -Engine "oci:$folder").Status | Should -Be 'UpToDate'
        (Invoke-CranePush -Path $file -Engine "oci:$folder").Status | Should -Be 'UpToDate'
    }

    It 'keeps the last name of an image that exists nowhere else' {
        $digest = (New-TestRegistryImage "$($personal.Address)/mine/${name}:1" -Layer @{ 'etc/mine' = $name }).Digest
        # By its digest: with a tag, the folder would have the remote name as well, which keeps it.
        $null = Invoke-CranePull -Source "$($personal.Address)/mine/$name@$digest" -Target "company/${name}:1" -Engine "oci:$folder"
        $mine = (Get-CraneImage "company/${name}:1" -Engine "oci:$folder").Digest
        $index = Get-Content $folder/index.json -Raw

        Invoke-CranePull -Path $file -Engine "oci:$folder" -ErrorVariable errors -ErrorAction SilentlyContinue | ForEach-Object Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'WouldLoseImage,*'
        Get-Content $folder/index.json -Raw | Should -Be $index
        # If the registry has both, nothing is lost.
        $null = New-TestRegistryImage "$($official.Address)/company/${name}:0" -Layer @{ 'etc/mine' = $name }
        (Invoke-CranePull -Path $file -Engine "oci:$folder").Digest | Should -Be $image.Digest
        (Get-CraneImage "company/${name}@$mine" -Engine "oci:$folder").Digest | Should -Be $mine
    }

    It 'is searched first for names and tags' {
        $null = Invoke-CranePull -Path $file -Engine "oci:$folder"
        Use-Environment @{ CRANE_ENGINE = "oci:$folder" } {
            (Get-CraneImage "company/${name}:1").Store | Should -Be "oci:$folder"
            (Get-CraneTag "company/$name").Reference | Should -Be "company/${name}:1"
        }
    }

    It 'is a PowerShell path relative to the current location, also in CRANE_ENGINE' {
        Push-Location $TestDrive
        try {
            Use-Environment @{ CRANE_ENGINE = "oci:$name" } { (Invoke-CranePull -Path $file).Engine | Should -Be "oci:$folder" }
            (Get-CraneImage "company/${name}:1" -Engine "oci:$name").Digest | Should -Be $image.Digest
            Invoke-CraneProvision -Path $file -Engine "oci:$name" -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors.Exception.Message | Should -Match ([regex]::Escape("oci:$folder"))
        }
        finally { Pop-Location }
    }

    It 'is not written if files cannot be locked' -Skip:$IsWindows {
        $shell = Invoke-Shell -Environment @{ DOTNET_SYSTEM_IO_DISABLEFILELOCKING = '1' } @"
            Invoke-CranePull -Path '$file' -Engine 'oci:$folder' -ErrorVariable errors -ErrorAction SilentlyContinue | ForEach-Object Status
            `$errors.FullyQualifiedErrorId
            `$errors[0].Exception.Message
"@
        $shell.Output | Should -Match '^Failed\s+PullFailed,'
        $shell.Output | Should -Match 'files cannot be locked there'
    }

    It 'cannot be used for builds' {
        $build = Write-CraneFile $TestDrive "containers: { one: { image: company/$name, build: . } }"
        Set-Content "$(Split-Path $build)/Dockerfile" 'FROM scratch'
        { Invoke-CraneBuild -Path $build -Engine "oci:$folder" -ErrorAction Stop } | Should -Throw -ErrorId 'NotSupportedByBuilder,*'
    }

    It 'must not contain other files' {
        $other = (New-Item "$TestDrive/$name-other" -ItemType Directory).FullName
        Set-Content $other/readme.txt 'not images'
        Invoke-CranePull -Path $file -Engine "oci:$other" -ErrorVariable errors -ErrorAction SilentlyContinue |
            ForEach-Object Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'EngineUnreachable,*'
        (Get-ChildItem $other).Name | Should -Be 'readme.txt'
    }

    It 'reports a missing image' {
        Invoke-CranePush -Source "company/$name-absent" -Target "$($personal.Address)/x" -Engine "oci:$folder" `
            -ErrorVariable errors -ErrorAction SilentlyContinue | ForEach-Object Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'LocalImageNotFound,*'
        $errors[0].Exception.Message | Should -Be "There is no image 'company/$name-absent' in oci:$folder."
    }

    It 'continues after it was killed, and moves less than the first time' {
        $large = New-TestRegistryImage "$($official.Address)/company/$name-large:1" -Layer @{ 'data/one' = 20MB }, @{ 'data/two' = 20MB }
        $gate = Start-GatedRegistry $official.Address
        try {
            $from = $large.Name -replace [regex]::Escape($official.Address), $gate.Address
            $process = Start-Shell "Invoke-CranePull -Source $from -Target company/$name-large -Engine 'oci:$folder'"
            Wait-Until { $gate.Reached.IsSet }
            Wait-Until { Get-ChildItem $folder/.crane/partial -File -ErrorAction Ignore | Where-Object Length -GT 0 }
            $process.Kill()
            $process.WaitForExit()
        }
        finally { $gate.Dispose() }
        Get-CraneImage "company/$name-large" -Engine "oci:$folder" -ErrorAction SilentlyContinue | Should -BeNullOrEmpty

        $result = Invoke-CranePull -Source $large.Name -Target "company/$name-large" -Engine "oci:$folder"
        $result.Status, $result.Digest | Should -Be 'Succeeded', $large.Digest
        $ranges = (Invoke-RestMethod $official.Log) | Where-Object { $_.path -match "$name-large/blobs/" -and $_.status -eq 206 }
        $ranges | Should -Not -BeNullOrEmpty
    }
}

Describe 'A layout folder and other programs' -Skip:$missing {
    It 'is read by skopeo, and reads what skopeo wrote' {
        $name = New-Name
        $folder = "$TestDrive/$name"
        $digest = Publish-Image "$($testbed.Official)/company/${name}:1"
        $null = Invoke-CranePull -Source "$($testbed.Official)/company/${name}:1" -Target "company/${name}:1" -Engine "oci:$folder"
        $raw = (Invoke-TestbedProgram skopeo inspect --format '{{.Digest}}' "oci:${folder}:company/${name}:1")
        $raw | Should -Be $digest

        $null = Invoke-TestbedProgram skopeo copy --src-tls-verify=false "docker://$($testbed.Official)/company/${name}:1" "oci:${folder}:theirs/${name}:2"
        $to = "$($testbed.Personal)/theirs/${name}:2"
        $pushed = Invoke-CranePush -Source "theirs/${name}:2" -Target $to -Engine "oci:$folder" -Credential $testbed.PersonalCredential
        $pushed.Status | Should -Be 'Succeeded'
        Get-RemoteDigest $to | Should -Be $pushed.Digest
    }
}
