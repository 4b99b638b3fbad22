Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.InvokeCraneProvisionCommand'

    # base is pulled; os is based on it, and could be pulled; service is based on os.
    function New-Stack([string] $Name) {
        $file = Write-CraneFile $TestDrive @"
containers:
  service: { image: company/$Name-service, build: service }
  os: { image: company/$Name-os, build: os, pull: { registry: $official } }
  base: { image: company/$Name-base, pull: { registry: $official } }
"@
        $folder = Split-Path $file
        foreach ($part in 'os', 'service') {
            $null = New-Item $folder/$part -ItemType Directory
            Set-Content $folder/$part/mark (New-Name)
        }
        Set-Content $folder/os/Dockerfile "FROM company/$Name-base`nCOPY mark /mark"
        Set-Content $folder/service/Dockerfile "FROM company/$Name-os`nCOPY mark /service-mark"
        $file
    }
}

Describe 'Invoke-CraneProvision on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach { $name = New-Name }

    It 'pulls what is not built here and builds the rest, bases first' {
        $digest = Publish-Image "$official/company/$name-base"
        $results = Invoke-CraneProvision -Path (New-Stack $name)
        $? | Should -BeTrue
        $results | Should -BeOfType Crane.RetagResult
        $results.Container | Should -Be 'base', 'os', 'service'
        $results.Operation | Should -Be 'Pull', 'Build', 'Build'
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        $results[0].Digest | Should -Be $digest
        foreach ($result in $results) { Get-LocalId $store $result.Target | Should -Not -BeNullOrEmpty }
    }

    It 'does not build on a base that could not be pulled' {
        $results = Invoke-CraneProvision -Path (New-Stack $name) -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Failed', 'Failed'
        $results[1].Error | Should -Match "Not built, since company/$name-base has failed"
        $errors.FullyQualifiedErrorId | Should -Be "ImageNotFound,$id"
        $errors[0].TargetObject.Container | Should -Be 'base'
    }

    It 'does not build on an image of the engine whose container has an error, but pulls with -PreferPull' {
        $null = Publish-Image "$official/company/$name-base"
        $file = New-Stack $name
        $null = Invoke-CraneProvision -Path $file
        $digest = Publish-Image "$official/company/$name-os"
        (Get-Content $file) -replace '(-base, pull: \{ registry:) \S+', '$1 "${CRANE_TEST_UNSET}"' | Set-Content $file
        $results = Invoke-CraneProvision -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'os', 'service'
        $results.Status | Should -Be 'Failed', 'Failed'
        $results.Error | Should -Be "Not built, since the container 'base' has an error.", "Not built, since company/$name-os has failed."
        $errors.FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
        $results = Invoke-CraneProvision -Path $file -PreferPull -Force -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $results[0].Digest | Should -Be $digest
    }

    It 'pulls with -PreferPull what could also be built' {
        $digest = Publish-Image "$official/company/$name-os"
        $null = Publish-Image "$official/company/$name-base"
        $results = Invoke-CraneProvision -Path (New-Stack $name) -PreferPull
        $results.Container | Should -Be 'base', 'os', 'service'
        $results.Operation | Should -Be 'Pull', 'Pull', 'Build'
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        $results[1].Digest | Should -Be $digest
    }

    It 'builds with -PreferPull what no registry has, without an error' {
        $null = Publish-Image "$official/company/$name-base"
        $results = Invoke-CraneProvision -Path (New-Stack $name) -PreferPull -ErrorAction Stop
        $results.Operation | Should -Be 'Pull', 'Build', 'Build'
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        $results[1].Reason | Should -Match "$official/company/$name-os was not pulled: "
        Get-LocalId $store "company/$name-os" | Should -Be $results[1].Digest
    }
}

Describe 'Invoke-CraneProvision' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach { $name = New-Name }

    It 'moves nothing with -WhatIf, and shows what it would do' {
        $digest = Publish-Image "$official/company/$name-base"
        $results = Invoke-CraneProvision -Path (New-Stack $name) -PreferPull -WhatIf
        $results[0].Digest | Should -Be "$digest"
        $results.Container | Should -Be 'base', 'os', 'service'
        $results.Status | Should -Be 'Planned', 'Planned', 'Planned'
        $results[1].Reason | Should -Be "if $official/company/$name-os does not exist"
        Get-LocalId overlay2 "company/$name-base" | Should -BeNullOrEmpty
    }

    It 'runs plans of -PreferPull after <how>' -ForEach @(
        @{ How = 'nothing'; Way = { $input } }
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/prefer.xml; Import-Clixml $TestDrive/prefer.xml } }
    ) {
        $digest = Publish-Image "$official/company/$name-os"
        $file = New-Stack $name
        $plans = Invoke-CraneProvision os -Path $file -PreferPull -WhatIf | & $way
        $results = $plans | Invoke-CraneProvision
        $results.Operation | Should -Be 'Pull'
        $results.Digest | Should -Be $digest

        $plans.PullReference | Should -Be "$official/company/$name-os"
        $null = Publish-Image "$official/company/$name-2-base"
        $plans = Invoke-CraneProvision base, os -Path (New-Stack "$name-2") -PreferPull -WhatIf | & $way
        $results = $plans | Invoke-CraneProvision -ErrorAction Stop
        $results.Operation | Should -Be 'Pull', 'Build'
        $results[1].Reason | Should -Match 'was not pulled: '
    }

    It 'does not build with -PreferPull if the registry requires a password' {
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: ., pull: { registry: '$($testbed.Personal)', override_user: bob } } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        $wrong = [pscredential]::new('bob', (ConvertTo-SecureString wrong -AsPlainText))
        $results = Invoke-CraneProvision -Path $file -PreferPull -Credential $wrong -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed'
        $results.Operation | Should -Be 'Pull'
        $errors.FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        Get-LocalId overlay2 "company/$name" | Should -BeNullOrEmpty
    }

    It 'does not build with -PreferPull if the registry does not respond' {
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: ., pull: { registry: '127.0.0.1:1' } } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        (Invoke-CraneProvision -Path $file -PreferPull -ErrorVariable errors -ErrorAction SilentlyContinue).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be "RegistryUnreachable,$id"
    }

    It 'needs no engine with -WhatIf, and shows the missing Dockerfile' {
        $file = New-Stack $name
        Remove-Item (Join-Path (Split-Path $file) service/Dockerfile)
        $results = Invoke-CraneProvision -Path $file -Engine unix:///nowhere.sock -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'service', 'base', 'os'
        $results.Status | Should -Be 'Failed', 'Planned', 'Planned'
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].Exception.Message | Should -Match 'service'
    }

    It 'moves nothing that is up to date, unless -Force is given' {
        $null = Publish-Image "$official/company/$name-base"
        $file = New-Stack $name
        (Invoke-CraneProvision base -Path $file).Status | Should -Be 'Succeeded'
        (Invoke-CraneProvision base -Path $file).Status | Should -Be 'UpToDate'
        (Invoke-CraneProvision base -Path $file -Force).Status | Should -Be 'Succeeded'
    }

    It 'runs piped pull and build plans and earlier results, and no others' {
        $null = Publish-Image "$official/company/$name-base"
        $file = New-Stack $name
        $results = Get-CraneRetagPlan Pull, Build base, service, os -Path $file | ConvertTo-Json -Depth 4 | ConvertFrom-Json |
            Invoke-CraneProvision -ErrorAction Stop
        $results | Where-Object Status -EQ Succeeded | ForEach-Object Container | Should -Be 'base', 'os', 'os', 'service'
        ($results | Invoke-CraneProvision).Status | Should -Not -Contain 'Failed'

        Get-CraneRetagPlan Push base -Path $file | Invoke-CraneProvision -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "OperationMismatch,$id"
        $errors[0].Exception.Message | Should -Match 'Pull and Build plans'
    }

    It 'builds an image of two containers once, and does not pull it for either' {
        $file = Write-CraneFile $TestDrive "containers:`n  test: { image: company/$name }`n  portal: { image: company/$name, build: . }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch`nCOPY crane.yaml /"
        $results = Invoke-CraneProvision -Path $file
        $results.Container | Should -Be 'test', 'portal'
        $results.Operation | Should -Be 'Build', 'Build'
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
    }

    It 'runs the hook of such a build in its own folder and with its own name, whichever container comes first' {
        $user = Write-CraneFile $TestDrive "containers: { user: { image: company/$name } }"
        $own = Write-CraneFile $TestDrive "containers: { own: { image: company/$name, build: . } }`nhooks: { own: { pre-build: sh -c 'echo `$CRANE_HOOKED_CONTAINER > made' } }"
        Set-Content (Join-Path (Split-Path $own) Dockerfile) "FROM scratch`nCOPY made /"
        $results = Invoke-CraneProvision -Path $user, $own
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $results.Container | Should -Be 'user', 'own'
        Get-Content (Join-Path (Split-Path $own) made) | Should -Be 'own'

        Remove-Item (Join-Path (Split-Path $own) made)
        ($results | ConvertTo-Json -Depth 4 | ConvertFrom-Json | Invoke-CraneProvision).Status | Should -Be 'Succeeded', 'Succeeded'
        Join-Path (Split-Path $own) made | Should -Exist
    }

    It 'does not ask a registry with -Pull for what this run has pulled with another name' {
        $null = Publish-Image "$official/company/$name-base"
        (Invoke-CraneProvision os, base -Path (New-Stack $name) -Pull).Status | Should -Be 'Succeeded', 'Succeeded'
    }

    It 'does not ask a registry with -Pull for our images that are excluded from this run' {
        $null = Publish-Image "$official/company/$name-base"
        $file = New-Stack $name
        $null = Invoke-CraneProvision os, base -Path $file
        $plans = Get-CraneRetagPlan Build os, service -Path $file | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json
        $plans[0].Status = 'Skipped'
        ($plans | Invoke-CraneProvision -Pull).Status | Should -Be 'Skipped', 'Succeeded'
    }

    It 'accepts build parameters: arguments, target, cache' {
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: . } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch AS first`nARG FILE`nCOPY `${FILE} /f`nFROM scratch`nCOPY absent /"
        (Invoke-CraneProvision -Path $file -BuildArgument FILE=crane.yaml -Target first -NoCache).Status | Should -Be 'Succeeded'
    }

    It 'runs the hooks of what is built' {
        $null = Publish-Image "$official/company/$name-base"
        $file = New-Stack $name
        Add-Content $file "hooks: { os: { pre-build: sh -c 'echo hooked > os/mark' } }"
        (Invoke-CraneProvision os, base -Path $file).Status | Should -Be 'Succeeded', 'Succeeded'
        Join-Path (Split-Path $file) os/mark | Should -FileContentMatch 'hooked'
    }

    It 'uses -Credential for the only registry' {
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, pull: { registry: '$($testbed.Personal)', override_user: bob } } }"
        $null = New-TestbedImage "$($testbed.Personal)/bob/$name" -Layer @{ 'etc/mark' = $name } -Push
        (Invoke-CraneProvision -Path $file -Credential $testbed.PersonalCredential).Status | Should -Be 'Succeeded'
    }

    It 'fails for everything, with one error, if no engine responds' {
        $results = Invoke-CraneProvision -Path (New-Stack $name) -Engine unix:///nowhere.sock -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Failed', 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be "EngineUnreachable,$id"
    }

    It 'starts no build after an error with -ErrorAction Stop' {
        $file = New-Stack $name
        Add-Content $file "  alone: { image: company/$name-alone, build: { context: service, file: Dockerfile.alone } }"
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile.alone) "FROM scratch`nCOPY mark /mark"
        { Invoke-CraneProvision alone, base -Path $file -ErrorAction Stop } | Should -Throw -ErrorId "ImageNotFound,$id"
        Get-LocalId overlay2 "company/$name-alone" | Should -BeNullOrEmpty
    }
}
