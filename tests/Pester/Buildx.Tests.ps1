Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery { $missing = $missing -or -not $env:CRANE_TEST_BUILDX }

BeforeAll {
    $id = 'Crane.Commands.InvokeCraneBuildCommand'

    # service is FROM os; alone has no base. Each Dockerfile can be replaced.
    function New-Stack([string] $Name, [hashtable] $Dockerfile = @{}, [string] $Keys = '') {
        $file = Write-CraneFile $TestDrive @"
containers:
  service: { image: company/$Name-service, build: service }
  os: { image: company/$Name-os, build: { context: os $Keys } }
  al.one: { image: company/$Name-alone, build: alone }
"@
        $default = @{ os = "FROM scratch`nCOPY mark /mark"; service = "FROM company/$Name-os`nCOPY mark /s"; alone = "FROM scratch`nCOPY mark /mark" }
        foreach ($part in @($default.Keys)) {
            $folder = New-Item (Join-Path (Split-Path $file) $part) -ItemType Directory
            Set-Content $folder/mark (New-Name)
            Set-Content $folder/Dockerfile ($Dockerfile[$part] ?? $default[$part])
        }
        $file
    }

    function Get-Layer([string] $Name) {
        Invoke-TestbedDocker $store image inspect $Name --format '{{json .RootFS.Layers}}' | ConvertFrom-Json
    }
}

Describe 'Invoke-CraneBuild -Builder Buildx on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'builds the same as the engine, with the same names' {
        $name = New-Name
        $file = New-Stack $name
        $engine = Invoke-CraneBuild -Path $file -Builder Engine
        $layers = @(Get-Layer "company/$name-service")
        $results = Invoke-CraneBuild -Path $file -Builder Buildx
        $? | Should -BeTrue
        $results.Container | Should -Be $engine.Container
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        foreach ($result in $results) { Get-LocalId $store $result.Target | Should -Be $result.Digest }
        @(Get-Layer "company/$name-service").Count | Should -Be $layers.Count
        @(Get-Layer "company/$name-service")[0] | Should -Be @(Get-Layer "company/$name-os")[0]
        (Invoke-CraneBuild os, service -Path $file -Changed -WarningAction Ignore).Status | Should -Be 'Skipped', 'Skipped'
    }

    It 'fails with the line of the Dockerfile; images based on it fail too, and the others are built' {
        $name = New-Name
        $file = New-Stack $name @{ os = "FROM scratch`n`nCOPY absent /absent" }
        $results = Invoke-CraneBuild -Path $file -Builder Buildx -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Container | Should -Be 'os', 'service', 'al.one'
        $results.Status | Should -Be 'Failed', 'Failed', 'Succeeded'
        $results[1].Error | Should -Match "company/$name-os"
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].TargetObject.Line | Should -Be 3
        $errors[0].TargetObject.LineText | Should -Be 'COPY absent /absent'
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-LocalId $store "company/$name-os" | Should -BeNullOrEmpty
    }

    It 'is used by Invoke-CraneProvision' {
        $name = New-Name
        (Invoke-CraneProvision -Path (New-Stack $name) -Builder Buildx).Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        Get-LocalId $store "company/$name-service" | Should -Not -BeNullOrEmpty
    }

    It 'is selected automatically for what only Buildx supports, and shows no secret' {
        $name = New-Name
        $null = New-TestbedImage "company/$name-shell" -Store $store
        $file = New-Stack $name -Keys ', network: none, secret: "id=token,src=token.txt"' @{
            os = "FROM company/$name-shell`nRUN --mount=type=secret,id=token test -s /run/secrets/token"
        }
        Set-Content (Join-Path (Split-Path $file) token.txt) 'hunter2'
        $plan = Get-CraneRetagPlan Build os -Path $file
        $all = Invoke-CraneBuild os, service -Path $file -Verbose -Debug *>&1
        ($all | Where-Object { $_ -is [Crane.RetagResult] }).Status | Should -Be 'Succeeded', 'Succeeded'
        "$($all | Out-String) $($plan | ConvertTo-Json -Depth 4)" | Should -Not -Match 'hunter2'
    }
}

Describe 'A build with Buildx whose process is ended' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'by <Signal>, ends with it and leaves no password' -ForEach @{ Signal = 'TERM' }, @{ Signal = 'KILL' } {
        $name = New-Name
        $runtime = (New-Item "$TestDrive/$name-run" -ItemType Directory).FullName
        $null = New-TestbedImage "company/$name-shell" -Store overlay2
        $file = New-Stack $name -Keys ', network: none' @{ os = "FROM company/$name-shell`nRUN echo begun && sleep 600" }
        $process = Start-Shell @"
            `$credential = [pscredential]::new('bob', (ConvertTo-SecureString 'hunter2-$name' -AsPlainText))
            Invoke-CraneBuild os -Path '$file' -Builder Buildx -RegistryCredential @{ '$($testbed.Personal)' = `$credential } -Verbose
"@ -Environment @{ XDG_RUNTIME_DIR = $runtime }
        try {
            while (($line = $process.StandardOutput.ReadLine()) -notmatch ': begun$') { $line | Should -Not -BeNullOrEmpty }
            pgrep -f "metadata-file $runtime" | Should -Not -BeNullOrEmpty
            Get-ChildItem $runtime -Recurse -File | Where-Object { $_.UnixFileMode -notmatch 'Socket' -and $_.Length } |
                Select-String "hunter2-$name" | Should -BeNullOrEmpty
            kill "-$signal" $process.Id
            $process.WaitForExit(30000) | Should -BeTrue
        }
        finally { $process.Dispose() }
        Wait-Until { $PSNativeCommandUseErrorActionPreference = $false; -not (pgrep -f "metadata-file $runtime") }

        Use-Environment @{ XDG_RUNTIME_DIR = $runtime } {
            (Invoke-CraneBuild al.one -Path $file -Builder Buildx).Status | Should -Be 'Succeeded'
        }
        Get-ChildItem $runtime | Should -BeNullOrEmpty
    }
}

Describe 'The builder of Invoke-CraneBuild' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'is Buildx if one of its builders is named' {
        $name = New-Name
        $verbose = Invoke-CraneBuild os -Path (New-Stack $name) -BuilderName default -Verbose 4>&1
        $verbose[-1].Status | Should -Be 'Succeeded'
        "$verbose" | Should -Match 'exporting to image'
    }

    It 'is the engine if it supports everything' {
        "$(Invoke-CraneBuild os -Path (New-Stack (New-Name)) -Verbose 4>&1)" | Should -Match 'Step 2/3'
    }

    It 'is Buildx if a Dockerfile has a variable that only BuildKit sets' {
        $name = New-Name
        $file = New-Stack $name @{ os = "FROM scratch`nARG TARGETOS`nLABEL os=`$TARGETOS`nCOPY mark /mark" }
        (Invoke-CraneBuild os -Path $file).Status | Should -Be 'Succeeded'
        Invoke-TestbedDocker overlay2 image inspect "company/$name-os" --format '{{.Config.Labels.os}}' | Should -Be 'linux'
        $null = Invoke-CraneBuild os -Path $file -Builder Engine -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "NotSupportedByBuilder,$id"
        $errors[0].TargetObject.Line | Should -Be 2
    }

    It 'cannot be the engine and have a name' {
        { Invoke-CraneBuild os -Path (New-Stack (New-Name)) -Builder Engine -BuilderName default } |
            Should -Throw -ErrorId "SettingConflict,$id"
    }

    It 'is named in the error if Buildx does not know it' {
        $null = Invoke-CraneBuild os -Path (New-Stack (New-Name)) -BuilderName nowhere -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].Exception.Message | Should -Match 'nowhere'
    }

    It 'is the engine if there is no Buildx; it reports what it does not support' {
        $file = New-Stack (New-Name) -Keys ', secret: "id=a,env=A"'
        Use-Environment @{ DOCKER_CONFIG = "$TestDrive"; PATH = '/usr/sbin' } {
            $results = Invoke-CraneBuild os -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
            if ($results.Status -eq 'Succeeded') { return Set-ItResult -Skipped -Because 'this machine has a Buildx for all users' }
            $errors.FullyQualifiedErrorId | Should -Be "NotSupportedByBuilder,$id"
        }
    }

    It 'builds for another platform' {
        $name = New-Name
        (Invoke-CraneBuild os -Path (New-Stack $name) -Builder Buildx -Platform linux/s390x).Status | Should -Be 'Succeeded'
        Invoke-TestbedDocker overlay2 image inspect "company/$name-os" --format '{{.Architecture}}' | Should -Be 's390x'
    }

    It 'refuses several platforms if the engine stores only one' {
        $null = Invoke-CraneBuild os -Path (New-Stack (New-Name)) -Platform linux/amd64, linux/arm64 -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "NotSupportedByBuilder,$id"
        $errors[0].Exception.Message | Should -Match 'linux/amd64, linux/arm64'
    }

    It 'builds nothing with -WhatIf' {
        (Invoke-CraneBuild -Path (New-Stack (New-Name)) -Builder Buildx -WhatIf).Status | Should -Be 'Planned', 'Planned', 'Planned'
    }

    It 'runs hooks before and after; images based on a failed one are not built' {
        $name = New-Name
        $file = New-Stack $name
        Add-Content $file "hooks: { os: { pre-build: 'sh -c ""exit 3""' }, al.one: { pre-build: 'cp alone/mark alone/new', post-build: 'rm alone/new' } }"
        $results = Invoke-CraneBuild -Path $file -Builder Buildx -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Failed', 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -Be "HookFailed,$id"
        Join-Path (Split-Path $file) alone/new | Should -Not -Exist
    }
}
