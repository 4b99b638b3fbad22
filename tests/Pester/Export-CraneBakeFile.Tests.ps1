Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery { $missing = $missing -or -not $env:CRANE_TEST_BUILDX }

BeforeAll {
    $id = 'Crane.Commands.ExportCraneBakeFileCommand'

    function New-Stack([string] $Name = 't') {
        $file = Write-CraneFile $TestDrive @"
containers:
  service: { image: company/$Name-service, build: { context: service, build-arg: [CRANE_TEST_ARG] } }
  os: { image: company/$Name-os, build: { context: os, label: { note: 'x`$`${y}' } } }
  etcd: { image: coreos/etcd:2 }
"@
        foreach ($part in 'os', 'service') {
            $folder = New-Item (Join-Path (Split-Path $file) $part) -ItemType Directory
            Set-Content $folder/mark (New-Name)
            Set-Content $folder/Dockerfile ($part -eq 'os' ? 'FROM scratch' : "FROM company/$Name-os:latest"), 'COPY mark /mark'
        }
        $file
    }
}

Describe 'Export-CraneBakeFile' {
    BeforeAll { $stack = New-Stack }

    It 'emits JSON with linked targets' {
        $json = Export-CraneBakeFile -Path $stack
        $json | Should -BeOfType string
        $bake = $json | ConvertFrom-Json
        $bake.group.default.targets | Should -Be 'os', 'service'
        $bake.target.os.tags | Should -Be 'company/t-os'
        $bake.target.os.context | Should -Be (Join-Path (Split-Path $stack) os)
        $bake.target.os.labels.note | Should -Be 'x$${y}'
        $bake.target.service.contexts.'company/t-os' | Should -Be 'target:os'
        $bake.target.service.args.CRANE_TEST_ARG | Should -Be '${CRANE_TEST_ARG}'
    }

    It 'returns the same for <what>' -ForEach @(
        @{ What = 'containers from the pipeline'; Get = { Get-CraneContainer -Path $stack | Export-CraneBakeFile } }
        @{ What = 'plans from the pipeline'; Get = { Get-CraneRetagPlan Build -Path $stack | Export-CraneBakeFile } }
        @{ What = 'plans as JSON'; Get = { Get-CraneRetagPlan Build -Path $stack | ConvertTo-Json -Depth 4 | ConvertFrom-Json | Export-CraneBakeFile } }
    ) {
        & $get | Should -Be (Export-CraneBakeFile -Path $stack)
    }

    It 'accepts a selection' {
        (Export-CraneBakeFile os -Path $stack | ConvertFrom-Json).group.default.targets | Should -Be 'os'
    }

    It 'writes a file, and emits it with -PassThru' {
        Export-CraneBakeFile -Path $stack -FilePath TestDrive:/bake.json | Should -BeNullOrEmpty
        Get-Content TestDrive:/bake.json -Raw | Should -Be "$(Export-CraneBakeFile -Path $stack)`n"
        $file = Export-CraneBakeFile -Path $stack -FilePath TestDrive:/bake.json -PassThru
        $file | Should -BeOfType IO.FileInfo
        $file.Name | Should -Be 'bake.json'
    }

    It 'writes nothing where a base is left out because of an error, although it could be pulled' {
        $broken = New-Stack broken
        (Get-Content $broken) -replace 'build: \{ context: os, label.*', 'build: { context: os, target: "${CRANE_TEST_UNSET}" }, pull: { registry: r.example } }' |
            Set-Content $broken
        Export-CraneBakeFile -Path $broken -FilePath TestDrive:/broken.json -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
        'TestDrive:/broken.json' | Should -Not -Exist
    }

    It 'does not overwrite a file with -NoClobber' {
        Set-Content TestDrive:/kept.json 'mine'
        { Export-CraneBakeFile -Path $stack -FilePath TestDrive:/kept.json -NoClobber } | Should -Throw -ErrorId "NoClobber,$id"
        $Error[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        Get-Content TestDrive:/kept.json | Should -Be 'mine'
    }

    It 'overwrites a read-only file with -Force' {
        Set-Content TestDrive:/locked.json 'old'
        Set-ItemProperty TestDrive:/locked.json IsReadOnly $true
        Export-CraneBakeFile -Path $stack -FilePath TestDrive:/locked.json -Force
        Get-Content TestDrive:/locked.json -Raw | Should -Match '"target"'
    }

    It 'writes nothing with -WhatIf' {
        Export-CraneBakeFile -Path $stack -FilePath TestDrive:/whatif.json -WhatIf
        'TestDrive:/whatif.json' | Should -Not -Exist
    }

    It 'says which file cannot be written' {
        { Export-CraneBakeFile -Path $stack -FilePath TestDrive:/nowhere/bake.json } | Should -Throw -ErrorId "FileNotWritten,$id"
    }

    It 'writes nothing if a Dockerfile is missing' {
        $file = New-Stack
        Remove-Item (Join-Path (Split-Path $file) os/Dockerfile)
        Export-CraneBakeFile -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
    }

    It 'warns of hooks, and if nothing is built here' {
        $file = New-Stack
        Add-Content $file "hooks: { os: { pre-build: make } }"
        $null = Export-CraneBakeFile -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'os'
        Export-CraneBakeFile etcd -Path $file -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
    }

    It 'writes a file that docker buildx bake builds' -Skip:$missing {
        $name = New-Name
        $file = New-Stack $name
        $bake = Export-CraneBakeFile -Path $file -FilePath "$TestDrive/hand.json" -PassThru
        Use-Environment @{ DOCKER_HOST = $testbed.Engines.overlay2; BUILDX_BAKE_ENTITLEMENTS_FS = '0' } {
            & $env:CRANE_TEST_BUILDX bake --file $bake.FullName --progress quiet 2>&1 | Out-Null
        }
        Get-LocalId overlay2 "company/$name-service" | Should -Not -BeNullOrEmpty
        Invoke-TestbedDocker overlay2 image inspect "company/$name-os" --format '{{.Config.Labels.note}}' | Should -Be 'x${y}'
    }
}
