Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.InvokeCraneBuildCommand'

    # A stack of two images; the second is FROM the first but comes before it in the file.
    function New-Stack([string] $Name, [string] $Os = "FROM scratch`nCOPY mark /mark") {
        $file = Write-CraneFile $TestDrive @"
containers:
  service: { image: company/$Name-service, build: service }
  os: { image: company/$Name-os, build: os }
  etcd: { image: coreos/etcd:2 }
"@
        $folder = Split-Path $file
        foreach ($part in 'os', 'service') {
            $null = New-Item $folder/$part -ItemType Directory
            Set-Content $folder/$part/mark (New-Name)
        }
        Set-Content $folder/os/Dockerfile $Os
        Set-Content $folder/service/Dockerfile "FROM company/$Name-os`nCOPY mark /service-mark"
        $file
    }
}

Describe 'Invoke-CraneBuild on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'builds a stack with its plain names, bases first' {
        $name = New-Name
        $results = Invoke-CraneBuild -Path (New-Stack $name)
        $? | Should -BeTrue
        $results | Should -BeOfType Crane.RetagResult
        $results.Container | Should -Be 'os', 'service', 'etcd'
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Skipped'
        $results[2].Reason | Should -Be 'no build context'
        Get-LocalId $store "company/$name-os" | Should -Be $results[0].Digest
        Get-LocalId $store "company/$name-service" | Should -Be $results[1].Digest
    }

    It 'builds with -Changed only missing images, and those whose base is not the current one' {
        $name = New-Name
        $file = New-Stack $name
        (Invoke-CraneBuild os, service -Path $file -Changed).Reason | Should -Be 'image is missing', "after company/$name-os"

        $again = Invoke-CraneBuild os, service -Path $file -Changed -WarningVariable warnings -WarningAction SilentlyContinue
        $again.Status | Should -Be 'Skipped', 'Skipped'
        $warnings | Should -HaveCount 1

        Set-Content (Join-Path (Split-Path $file) os/mark) 'new'
        (Invoke-CraneBuild os, service -Path $file -Changed -WhatIf).Reason | Should -Be 'os/mark changed', "after company/$name-os"
        $null = Invoke-CraneBuild os -Path $file
        $due = Invoke-CraneBuild os, service -Path $file -Changed
        $due.Status | Should -Be 'Skipped', 'Succeeded'
        $due[1].Reason | Should -Be "base company/$name-os changed"
    }

    It 'detects with -Changed what was edited, and says what, with -Builder <_>' -ForEach 'Engine', 'Buildx' {
        $name = New-Name
        $file = New-Stack $name
        $folder = Split-Path $file
        Set-Content $folder/service/Dockerfile "FROM company/$name-os`nARG VERSION`nCOPY . /service"
        $built = @{ Name = 'os', 'service'; Path = $file; Builder = $_; BuildArgument = "VERSION=it's `$1" }
        $null = Invoke-CraneBuild @built
        $before = Get-LocalId $store "company/$name-service"
        (Invoke-CraneBuild @built).Status | Should -Be 'Succeeded', 'Succeeded'
        Get-LocalId $store "company/$name-service" | Should -Be $before   # the same is built from the same
        $isDue = {
            (Invoke-CraneBuild @built -Changed -WhatIf).Where{ $_.Status -eq 'Planned' }.ForEach{ "$($_.Container): $($_.Reason)" }
        }
        & $isDue 3> $null | Should -BeNullOrEmpty

        Add-Content $folder/service/mark 'more'
        & $isDue | Should -Be 'service: service/mark changed'
        Set-Content $folder/service/new 'new'
        & $isDue | Should -Be 'service: service/mark changed, and 1 more'
        Set-Content $folder/service/.dockerignore 'mark', 'new'
        & $isDue | Should -Be 'service: service/.dockerignore added, and 1 more'
        Add-Content $folder/service/Dockerfile '# more'
        & $isDue | Should -Be 'service: Dockerfile changed'
        (Invoke-CraneBuild @built -Changed).Status | Should -Be 'Skipped', 'Succeeded'
        & $isDue 3> $null | Should -BeNullOrEmpty

        $built.BuildArgument = 'VERSION=2'
        & $isDue | Should -Be 'os: build argument VERSION changed', "service: after company/$name-os"
        $built.BuildArgument = "VERSION=it's `$1"
        $null = Invoke-TestbedDocker $store image tag "company/$name-service" "company/$name-os"
        & $isDue | Should -Be 'os: no record of what it was built from', "service: after company/$name-os"
    }

    It 'finds nothing to build if the same was built on an engine with another store, and pulled, with -Builder <_>' -ForEach 'Engine', 'Buildx' {
        $name = New-Name
        $file = New-Stack $name
        $other = $testbed.Engines[$store -eq 'overlay2' ? 'containerd' : 'overlay2']
        $null = Invoke-CraneBuild os, service -Path $file -Builder $_ -Engine $other
        foreach ($image in "company/$name-os", "company/$name-service") {
            $null = Invoke-CranePush -Source $image -Target "$($testbed.Official)/$image" -Engine $other
            $null = Invoke-CranePull -Source "$($testbed.Official)/$image" -Target $image
        }
        $results = Invoke-CraneBuild os, service -Path $file -Changed -WarningAction Ignore
        $results.Status | Should -Be 'Skipped', 'Skipped'
        Set-Content (Join-Path (Split-Path $file) os/mark) 'new'
        (Invoke-CraneBuild os, service -Path $file -Changed -WhatIf).Reason | Should -Be 'os/mark changed', "after company/$name-os"
    }

    It 'detects with -Changed that a third-party base has changed, even if only its configuration' {
        $name = New-Name
        $file = New-Stack $name "FROM company/$name-base`nCOPY --from=company/$name-tool /mark /mark"
        $folder = Split-Path $file
        foreach ($part in 'base', 'tool') {
            Set-Content $folder/$part "FROM scratch`nCOPY os/mark /mark`nENV PART=$part"
            $null = Invoke-TestbedDocker $store build --quiet --tag "company/$name-$part" --file $folder/$part $folder
        }
        $null = Invoke-CraneBuild os -Path $file
        (Invoke-CraneBuild os -Path $file -Changed -WarningAction Ignore).Status | Should -Be 'Skipped'
        foreach ($part in 'base', 'tool') {
            Add-Content $folder/$part 'ENV MORE=1'
            $null = Invoke-TestbedDocker $store build --quiet --tag "company/$name-$part" --file $folder/$part $folder
            (Invoke-CraneBuild os -Path $file -Changed).Reason | Should -Be "base company/$name-$part changed"
        }
    }

    It 'does not ask a registry with -Changed -Pull for a base of ours that is up to date' {
        $name = New-Name
        $file = New-Stack $name
        $null = Invoke-CraneBuild os -Path $file
        $results = Invoke-CraneBuild os, service -Path $file -Changed -Pull
        $results.Status | Should -Be 'Skipped', 'Succeeded'
    }

    It 'does not report an image without a Dockerfile as up to date with -Changed' {
        $name = New-Name
        $file = New-Stack $name
        $null = Invoke-CraneBuild os, service -Path $file
        Remove-Item (Join-Path (Split-Path $file) service/Dockerfile)
        $results = Invoke-CraneBuild os, service -Path $file -Changed -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'service', 'os'
        $results.Status | Should -Be 'Failed', 'Skipped'
        $results[0].Reason | Should -Be 'its Dockerfile cannot be read'
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
    }

    It 'fails with the line of the Dockerfile; images based on it fail too, and the others are built' {
        $name = New-Name
        $file = New-Stack $name "FROM scratch`n`nCOPY absent /absent"
        Add-Content $file "  alone: { image: company/$name-alone, build: { context: service, file: Dockerfile.alone } }"
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile.alone) "FROM scratch`nCOPY mark /mark"
        $results = Invoke-CraneBuild os, service, alone -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Container | Should -Be 'os', 'service', 'alone'
        $results.Status | Should -Be 'Failed', 'Failed', 'Succeeded'
        $results[1].Error | Should -Match "company/$name-os"
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].TargetObject.Line | Should -Be 3
        $errors[0].TargetObject.LineText | Should -Be 'COPY absent /absent'
        $errors[0].TargetObject.Container | Should -Be 'os'
        $errors[0].TargetObject.Plan | Should -BeOfType Crane.RetagPlan
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-LocalId $store "company/$name-os" | Should -BeNullOrEmpty
    }
}

Describe 'Invoke-CraneBuild' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'builds nothing with -WhatIf, and shows the order' {
        $name = New-Name
        $results = Invoke-CraneBuild -Path (New-Stack $name) -WhatIf
        $results.Container | Should -Be 'os', 'service', 'etcd'
        $results.Status | Should -Be 'Planned', 'Planned', 'Skipped'
        Get-LocalId overlay2 "company/$name-os" | Should -BeNullOrEmpty
    }

    It 'needs no engine with -WhatIf, and shows the missing Dockerfile' {
        $name = New-Name
        $file = New-Stack $name
        Add-Content $file "  alone: { image: company/$name-alone, build: nowhere }"
        $results = Invoke-CraneBuild os, alone -Path $file -Engine unix:///nowhere.sock -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'os', 'alone'
        $results.Status | Should -Be 'Planned', 'Failed'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].Exception.Message | Should -Match 'nowhere'
        $results[1].Error | Should -Be $errors[0].Exception.Message
    }

    It 'does not show the credentials in a context''s address' {
        $file = Write-CraneFile $TestDrive @"
containers:
  a: { image: company/a, build: 'http://bob:t0ken@127.0.0.1:1/a.git' }
  b: { image: company/b, build: 'http://bob:t0ken@127.0.0.1:1/b.git' }
  c: { image: company/b, build: 'http://bob:t0ken@127.0.0.1:1/c.git' }
"@
        $all = Invoke-CraneBuild -Path $file -Engine unix:///nowhere.sock -Verbose -ErrorAction Continue *>&1
        $all.Where{ $_ -is [Management.Automation.ErrorRecord] }.FullyQualifiedErrorId |
            Should -Be "TargetConflict,$id", "TargetConflict,$id", "EngineUnreachable,$id"
        $all += Get-CraneRetagPlan Build a -Path $file | Invoke-CranePull -ErrorAction Continue 2>&1
        $result = $all.Where{ $_ -is [Crane.RetagResult] }
        $result.Source | Should -Be 'http://bob:t0ken@127.0.0.1:1/a.git'
        ($all + $result.Step | Out-String) -split '\n' | Should -Not -Match 't0ken'
        $all.ForEach{ "$_" } | Should -Not -Match 't0ken'
        $all.ForEach{ "$_" } -join "`n" | Should -Match 'http://\*\*\*@127\.0\.0\.1:1/a\.git'
    }

    It 'runs plans that were <how>' -ForEach @(
        @{ How = 'piped'; Way = { $input } }
        @{ How = 'JSON on their way'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV on their way'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $name = New-Name
        $plans = Get-CraneRetagPlan Build os, service -Path (New-Stack $name) | & $way
        ($plans | Invoke-CraneBuild).Status | Should -Be 'Succeeded', 'Succeeded'
        Get-LocalId overlay2 "company/$name-service" | Should -Not -BeNullOrEmpty
    }

    It 'prefers arguments and target of the parameters to those of the file' {
        $name = New-Name
        $file = Write-CraneFile $TestDrive @"
containers:
  c: { image: company/$name, build: { context: ., build-arg: { FILE: absent }, target: last } }
"@
        Set-Content (Join-Path (Split-Path $file) Dockerfile) "FROM scratch AS first`nARG FILE`nCOPY `${FILE} /f`nFROM scratch AS last`nCOPY absent /g"
        (Invoke-CraneBuild -Path $file -BuildArgument FILE=crane.yaml -Target first).Status | Should -Be 'Succeeded'
        (Invoke-CraneBuild -Path $file -BuildArgument @{ FILE = 'crane.yaml' } -Target first).Status | Should -Be 'Succeeded'
    }

    It 'refuses a -BuildArgument that is <what>' -ForEach @(
        @{ What = 'without a name'; Given = '=x' }
        @{ What = 'an invalid name'; Given = 'A B' }
        @{ What = 'a number'; Given = 5 }
        @{ What = 'a list in a hashtable'; Given = @{ A = 1, 2 } }
        @{ What = 'nothing in a hashtable'; Given = @{ A = $null } }
        @{ What = 'an assignment for a name'; Given = @{ 'A=B' = 'c' } }
    ) {
        $file = Write-CraneFile $TestDrive 'containers: { c: { image: company/c, build: . } }'
        Invoke-CraneBuild -Path $file -BuildArgument $given -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
    }

    It 'says what is missing: <what>' -ForEach @(
        @{ What = 'the Dockerfile'; Build = '{ context: . }'; Pattern = 'Dockerfile' }
        @{ What = 'the context'; Build = '{ context: nowhere }'; Pattern = 'nowhere' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  c: { image: company/c, build: $build }"
        (Invoke-CraneBuild -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].Exception.Message | Should -Match $pattern
    }

    It 'refuses a dependency cycle, with its path through the files' {
        $name = New-Name
        $file = New-Stack $name "FROM company/$name-service"
        Invoke-CraneBuild os, service -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "DependencyCycle,$id", "DependencyCycle,$id"
        $errors[0].Exception.Message | Should -Match 'service.Dockerfile:1.*os.Dockerfile:1'
    }

    It 'builds nothing on the previous image of a container with an error: <what>, with -Builder <builder>' -ForEach @(
        foreach ($builder in 'Engine', 'Buildx') {
            @{ builder = $builder; what = 'an unset variable'; build = '{ context: os, target: "${CRANE_TEST_UNSET}" }'; expected = 'UndefinedVariable' }
            @{ builder = $builder; what = 'an unknown service'; build = '{ context: os, build-context: { a: service:absent } }'; expected = 'InvalidValue' }
            @{
                builder = $builder; what = 'two builds of one image'; build = 'os'; expected = 'TargetConflict', 'TargetConflict'
                more = '  twin: { image: company/NAME-os, build: { context: service, file: Dockerfile.alone } }'
            }
        }
    ) {
        $name = New-Name
        $file = New-Stack $name
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile.alone) "FROM scratch`nCOPY mark /mark"
        $null = Invoke-CraneBuild os, service -Path $file -Builder $builder
        $before = Get-LocalId overlay2 "company/$name-service"
        (Get-Content $file) -replace '(os, build:) os', "`$1 $build" | Set-Content $file
        Add-Content $file @(
            "  later: { image: company/$name-later, requires: [os], build: { context: service, file: Dockerfile.alone } }"
            "  alone: { image: company/$name-alone, build: { context: service, file: Dockerfile.alone } }"
            "$more" -replace 'NAME', $name)
        Set-Content (Join-Path (Split-Path $file) service/mark) (New-Name)
        foreach ($how in @{}, @{ Changed = $true }, @{ WhatIf = $true }) {
            $results = Invoke-CraneBuild -Path $file -Builder $builder @how -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors.FullyQualifiedErrorId | Should -Be ($expected | ForEach-Object { "$_,$id" })
            $dependent = $results | Where-Object Container -In 'service', 'later'
            $dependent.Status | Should -Be 'Failed', 'Failed'
            $dependent.Error | Should -Be (, "Not built, since the container 'os' has an error." * 2)
            ($results | Where-Object Container -EQ alone).Status | Should -Not -Be Failed
        }
        Get-LocalId overlay2 "company/$name-service" | Should -Be $before
        # Where that container is not part of the run, its image is what the engine has.
        (Invoke-CraneBuild service -Path $file -Builder $builder).Status | Should -Be Succeeded
    }

    It 'names the key that the engine''s builder does not support' {
        $file = Write-CraneFile $TestDrive "containers:`n  c: { image: company/c, build: { context: ., secret: 'id=a,src=b' } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
        $null = Invoke-CraneBuild -Path $file -Builder Engine -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "NotSupportedByBuilder,$id"
        $errors[0].Exception.Message | Should -Match 'secret.*Buildx'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Builder Buildx'
    }

    It 'refuses plans of other operations' {
        $plan = [pscustomobject]@{ Operation = 'Pull'; Source = 'a/b'; Target = 'c/d' }
        $plan | Invoke-CraneBuild -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "OperationMismatch,$id"
    }

    It 'refuses a relative context in a plan, and continues' {
        $plans = @([pscustomobject]@{ Operation = 'Build'; Source = 'os'; Target = 'company/os' }) +
            (Get-CraneRetagPlan Build os -Path (New-Stack (New-Name)))
        $results = $plans | Invoke-CraneBuild -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        $errors[0].Exception.Message | Should -Match "'os' is not an absolute path"
    }

    It 'builds the base of a stage that the target does not need, because the engine builds that stage' {
        $name = New-Name
        $file = New-Stack $name
        Set-Content (Join-Path (Split-Path $file) service/Dockerfile) "FROM company/$name-os AS test`nFROM scratch`nCOPY mark /mark"
        $results = Invoke-CraneBuild os, service -Path $file -Builder Engine
        $results.Target | Should -Be "company/$name-os", "company/$name-service"
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
    }

    It 'writes the build output to the verbose stream' {
        $name = New-Name
        $verbose = Invoke-CraneBuild os -Path (New-Stack $name) -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $verbose.Message | Should -Contain 'os: Step 2/3 : COPY mark /mark'
    }

    It 'uses -Credential for the only registry that bases come from' {
        $name = New-Name
        $file = New-Stack $name 'FROM registry.example/base'
        $results = Invoke-CraneBuild os, service -Path $file -Credential $testbed.PersonalCredential -WhatIf
        $results.Status | Should -Be 'Planned', 'Planned'
    }
}
