Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    function New-Folder { (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid) shop)).FullName }
}

Describe 'New-CraneFile' {
    It 'writes a container for each Dockerfile, and the file loads as it is' {
        $folder = New-Folder
        $null = New-Item -ItemType Directory $folder/web, $folder/tools/Build.Image, $folder/node_modules/x, $folder/.git
        'web', 'tools/Build.Image', 'node_modules/x', '.git' | ForEach-Object { Set-Content $folder/$_/Dockerfile 'FROM scratch' }
        Set-Content $folder/web/Dockerfile.dockerignore '*'
        $file = New-CraneFile $folder
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Join-Path $folder crane.yaml)
        Get-Content $file -TotalCount 1 | Should -BeLike '# yaml-language-server: $schema=https://*/module/crane.schema.json'
        Test-CraneFile -Path $file | Should -BeNullOrEmpty
        $containers = Get-CraneContainer -Path $file -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $containers.Name | Should -Be 'build-image', 'web'
        $containers.Image | Should -Be 'shop/build-image', 'shop/web'
        $containers.Build.Context | Should -Be (Join-Path $folder tools Build.Image), (Join-Path $folder web)
        Get-CraneRetagPlan Push -Path $file | ForEach-Object Status | Should -Be 'Skipped', 'Skipped'
    }

    It 'has the services of the Compose file with what it says of their images, and other Dockerfiles once' {
        $folder = New-Folder
        $null = New-Item -ItemType Directory $folder/web, $folder/api
        'web', 'api' | ForEach-Object { Set-Content $folder/$_/Dockerfile 'FROM scratch' }
        Set-Content $folder/compose.yaml @'
services:
  web: { image: "r.example:5000/acme/web:1", build: { context: web, args: { A: "1", B: "x: y" } }, ports: ["80:80"] }
  db: { image: "postgres:${PG:-16}" }
'@
        $null = New-CraneFile $folder
        $containers = Get-CraneContainer -Path $folder/crane.yaml
        $containers.Name | Should -Be 'web', 'db', 'api'
        $containers[0].Image | Should -Be 'acme/web:1'
        $containers[0].Pull.Registry | Should -Be 'r.example:5000'
        $containers[0].Build.Argument | Should -Be 'A=1', 'B=x: y'
        $containers[0].Build.Context | Should -Be (Join-Path $folder web)
        $containers[1].Image | Should -Be 'postgres:16'
        Get-Content $folder/crane.yaml -Raw | Should -Match ([regex]::Escape('${PG:-16}'))
    }

    It 'reads a Compose file that is elsewhere, with paths relative to the crane file' {
        $folder = New-Folder
        $other = New-Folder
        Set-Content $other/stack.yaml 'services: { web: { build: web } }'
        $null = New-CraneFile $folder -FromCompose $other/stack.yaml
        $web = Get-CraneContainer -Path $folder/crane.yaml
        $web.Image | Should -Be 'shop-web'
        $web.Build.Context | Should -Be (Join-Path $other web)
    }

    It 'has images by their names in registries: <image>' -ForEach @(
        @{ Image = 'r.example/company/os:1'; Plain = 'company/os:1'; Registry = 'r.example'; Name = 'os' }
        @{ Image = 'postgres:16'; Plain = 'postgres:16'; Registry = $null; Name = 'postgres' }
        @{ Image = 'localhost:5000/a/b'; Plain = 'a/b'; Registry = 'localhost:5000'; Name = 'b' }
        @{ Image = 'docker.io/coreos/etcd'; Plain = 'coreos/etcd'; Registry = $null; Name = 'etcd' }
    ) {
        $folder = New-Folder
        $null = New-CraneFile $folder -FromImage $image
        $container = Get-CraneContainer -Path $folder/crane.yaml
        $container.Name | Should -Be $name
        $container.Image | Should -Be $plain
        $container.Pull.Registry | Should -Be $registry
    }

    It 'takes names of images from the pipeline, each image once, and keeps those of one name apart' {
        $folder = New-Folder
        'a.example/x/os', 'b.example/y/os', 'a.example/x/os', 'Not An Image' |
            New-CraneFile $folder -ErrorAction SilentlyContinue -ErrorVariable failures | Should -Not -BeNullOrEmpty
        $failures.FullyQualifiedErrorId | Should -BeLike 'InvalidImageName,*'
        (Get-CraneContainer -Path $folder/crane.yaml).Name | Should -Be 'os', 'os-2'
    }

    It 'has an example that can be pulled where there is nothing to begin with, in a folder that it makes' {
        $folder = Join-Path (New-Folder) new
        $null = New-CraneFile $folder
        (Get-CraneRetagPlan Pull -Path $folder/crane.yaml).Source | Should -Be 'docker.io/library/hello-world'
    }

    It 'writes nothing for a list without images: <what>' -ForEach @(
        @{ What = 'an empty one'; Images = @() }
        @{ What = 'one with an empty name'; Images = @('') }
    ) {
        $folder = New-Folder
        $images | New-CraneFile $folder -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Join-Path $folder crane.yaml | Should -Not -Exist
    }

    It 'writes to the current location of the file system, whatever the current location is' {
        $folder = New-Folder
        Push-Location $folder
        Push-Location Env:
        try { (New-CraneFile).FullName | Should -Be (Join-Path $folder crane.yaml) }
        finally {
            Pop-Location
            Pop-Location
        }
    }

    It 'does not overwrite a file without -Force' {
        $folder = New-Folder
        Set-Content $folder/crane.yaml '# mine'
        { New-CraneFile $folder -ErrorAction Stop } | Should -Throw '*exists already*' -ErrorId 'FileNotWritten,*'
        Get-Content $folder/crane.yaml | Should -Be '# mine'
        $null = New-CraneFile $folder -Force
        Get-Content $folder/crane.yaml -Raw | Should -Match 'hello-world'
    }

    It 'writes nothing with -WhatIf' {
        $folder = New-Folder
        New-CraneFile $folder -WhatIf
        Join-Path $folder crane.yaml | Should -Not -Exist
    }

    It 'has the images of the engine' -Skip:$missing {
        $folder = New-Folder
        $name = "draft-$(New-Guid)"
        $null = New-LocalImage "company/$name"
        $null = New-CraneFile $folder -FromEngine -Engine $testbed.Engines.overlay2
        (Get-CraneContainer $name -Path $folder/crane.yaml).Image | Should -Be "company/${name}:latest"
    }
}
