Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    $missing = $missing -or -not $env:CRANE_TEST_BUILDX
    $ways = foreach ($store in 'overlay2', 'containerd') {
        foreach ($builder in 'Engine', 'Buildx') { @{ Store = $store; Builder = $builder } }
    }
}

BeforeAll {
    $id = 'Crane.Commands.InvokeCraneBuildCommand'

    # A base of a build with new layers, which no engine has from another test.
    function Publish-Base([string[]] $Name, [hashtable] $Layer) { Publish-Image $Name $Layer -ShellMark (New-Name) }

    # service is FROM os and copies from tools, which the official registry has and a new engine would pull from Docker Hub.
    function New-Stack([string] $Name, [string] $Dockerfile) {
        $null = Publish-Base "$($testbed.Official)/company/$Name-os", "$($testbed.Official)/company/$Name-tools" @{ 'etc/mark' = $Name }
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$Name-os, build: os, pull: { registry: '$($testbed.Official)' } }
  tools: { image: company/$Name-tools, pull: { registry: '$($testbed.Official)' } }
  made: { image: company/$Name-made, build: os }
  service: { image: company/$Name-service, build: service }
"@
        foreach ($part in 'os', 'service') { $null = New-Item (Join-Path (Split-Path $file) $part) -ItemType Directory }
        Set-Content (Join-Path (Split-Path $file) os/Dockerfile) "FROM scratch`nCOPY Dockerfile /os"
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile) ($Dockerfile ? $Dockerfile
            : "FROM company/$Name-os`nCOPY --from=company/${Name}-tools:latest /etc/mark /tools")
        $file
    }

    function Get-Asked([string] $Name) { Get-HubRequest | Where-Object { $_ -like "*$Name*" } }

    function Get-Layer([string] $Name) {
        Invoke-TestbedDocker $store image inspect $Name --format '{{json .RootFS.Layers}}' | ConvertFrom-Json
    }
}

Describe 'On an engine with the <store> store, with the builder <builder>' -Skip:$missing -ForEach $ways {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'no public registry is asked for a name of the crane file by <what>' -ForEach @(
        @{ What = 'a build'; Run = { Invoke-CraneBuild service -Path $file -Builder $builder } }
        @{ What = 'a build with -Pull'; Run = { Invoke-CraneBuild service -Path $file -Builder $builder -Pull } }
        @{ What = 'provisioning'; Run = { Invoke-CraneProvision service -Path $file -Builder $builder } }
    ) {
        $name = New-Name
        $file = New-Stack $name
        $result = & $run
        $? | Should -BeTrue
        $result.Status | Should -Be 'Succeeded'
        @(Get-Layer "company/$name-service").Count | Should -Be 3
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'uses what the engine has, and refreshes it with -Pull from where the crane file says' {
        $name = New-Name
        $file = New-Stack $name
        $null = Invoke-CraneBuild os -Path $file -Builder $builder
        $null = Invoke-CraneBuild service -Path $file -Builder $builder
        @(Get-Layer "company/$name-service")[0] | Should -Be @(Get-Layer "company/$name-os")[0]
        Get-Asked $name | Should -BeNullOrEmpty

        $null = Invoke-CranePull os -Path $file -Force
        $null = Publish-Base "$($testbed.Official)/company/$name-os" @{ 'etc/mark' = "$name again" }
        (Invoke-CraneBuild service -Path $file -Builder $builder -Pull).Status | Should -Be 'Succeeded'
        Invoke-TestbedDocker $store run --rm --network none "company/$name-service" cat /etc/mark | Should -Be "$name again"
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'pulls another tag and a digest from the same registry' {
        $name = New-Name
        $digest = Publish-Base "$($testbed.Official)/company/$name-os:1.9" @{ 'etc/os' = 'pinned' }
        $file = New-Stack $name "FROM company/$name-os:1.9 AS a`nFROM company/$name-os@$digest`nCOPY --from=a /etc/os /os"
        (Invoke-CraneBuild service -Path $file -Builder $builder).Status | Should -Be 'Succeeded'
        Invoke-TestbedDocker $store run --rm --network none "company/$name-service" cat /os /etc/os | Should -Be 'pinnedpinned'
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'builds on what the same run builds, whatever its tag' {
        $name = New-Name
        $file = New-Stack $name "FROM company/$name-made`nCOPY --from=company/$name-made:latest /os /again"
        $null = Invoke-CraneBuild made -Path $file -Builder $builder
        Add-Content (Join-Path (Split-Path $file) os/Dockerfile) "`nCOPY Dockerfile /second"
        (Invoke-CraneBuild service, made -Path $file -Builder $builder -Tag 2.0).Status | Should -Be 'Succeeded', 'Succeeded'
        @(Get-Layer "company/$name-service:2.0")[0..1] | Should -Be @(Get-Layer "company/$name-made:2.0")
        @(Get-Layer "company/$name-made") | Should -HaveCount 1
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'leaves a base that no container declares to docker, which asks Docker Hub' {
        $name = New-Name
        $file = New-Stack $name "FROM elsewhere/$name`nCOPY Dockerfile /d"
        $null = Invoke-CraneBuild service -Path $file -Builder $builder -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -BeIn "ImageNotFound,$id", "RegistryUnreachable,$id"   # of a machine without internet
        Get-Asked $name | Should -Be "elsewhere/$name"
    }
}

Describe 'A name of the crane file' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.($store = 'overlay2') }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'is still known in <what>' -ForEach @(
        @{ What = 'a container from the pipeline'; Run = { Get-CraneContainer service -Path $file | Invoke-CraneBuild } }
        @{ What = 'a container as JSON'; Run = { Get-CraneContainer service -Path $file | ConvertTo-Json | ConvertFrom-Json | Invoke-CraneBuild } }
        @{ What = 'a plan as CSV'; Run = { Get-CraneRetagPlan Build service -Path $file | ConvertTo-Csv | ConvertFrom-Csv | Invoke-CraneBuild } }
    ) {
        $name = New-Name
        $file = New-Stack $name
        (& $run).Status | Should -Be 'Succeeded'
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'is an error if the Dockerfile has changed since the plan' {
        $name = New-Name
        $file = New-Stack $name "FROM scratch`nCOPY Dockerfile /d"
        $plan = Get-CraneRetagPlan Build service -Path $file | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile) "FROM company/$name-os`nCOPY Dockerfile /d"
        $null = $plan | Invoke-CraneBuild -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "BaseNotFound,$id"
        Get-Asked $name | Should -BeNullOrEmpty
    }

    It 'says what to do if a base is neither built yet nor pulled' {
        $name = New-Name
        $file = New-Stack $name "FROM company/$name-made`nCOPY Dockerfile /d"
        $result = Invoke-CraneBuild service -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be "BaseNotFound,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match "'made'.*-WithDependency"
        Get-Asked $name | Should -BeNullOrEmpty
        (Invoke-CraneBuild service -WithDependency -Path $file).Status | Should -Be 'Succeeded', 'Succeeded'
    }
}

Describe 'docker buildx bake with an exported file' -Skip:$missing {
    BeforeAll {
        function Invoke-Bake([string] $Json) {
            $bake = New-Item "$TestDrive/$(New-Name).json" -Value $Json
            Use-Environment @{ DOCKER_HOST = $testbed.Engines[$store]; BUILDX_BAKE_ENTITLEMENTS_FS = '0' } {
                & $env:CRANE_TEST_BUILDX bake --file $bake.FullName --progress quiet 2>&1 | Out-Null
            }
        }
    }

    It 'asks no public registry for a name of the crane file (<store>)' -ForEach @(@{ Store = 'overlay2' }, @{ Store = 'containerd' }) {
        $name = New-Name
        $file = New-Stack $name
        $json = Export-CraneBakeFile service -Path $file
        $contexts = ($json | ConvertFrom-Json).target.service.contexts
        $contexts."company/$name-os" | Should -Be "docker-image://$($testbed.Official)/company/$name-os:latest"
        Get-CraneContainer service -Path $file | ConvertTo-Json | ConvertFrom-Json | Export-CraneBakeFile | Should -Be $json
        Invoke-Bake $json
        @(Get-Layer "company/$name-service").Count | Should -Be 3
        Get-Asked $name | Should -BeNullOrEmpty

        $tagged = (Export-CraneBakeFile service, os -Path $file -Tag 2.0 | ConvertFrom-Json).target.service.contexts
        $tagged."company/$name-os" | Should -Be 'target:os'
    }

    It 'is not exported if a base has no registry' {
        $file = New-Stack ($name = New-Name) "FROM company/$name-made"
        Export-CraneBakeFile service -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be 'BaseNotFound,Crane.Commands.ExportCraneBakeFileCommand'
    }
}
