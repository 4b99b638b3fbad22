# Objects leave a session as JSON, CSV or CliXml and are read back after a review. Nothing that matters may be lost.

Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    $ways = @(
        @{ How = 'nothing at all'; Way = { $input } }
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json | ConvertFrom-Json } }
        @{ How = 'JSON with names of enums'; Way = { $input | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | Export-Csv $TestDrive/plans.csv; Import-Csv $TestDrive/plans.csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/plans.xml; Import-Clixml $TestDrive/plans.xml } }
        @{ How = 'Select-Object'; Way = { $input | Select-Object Container, Operation, Source, Target, Status, Reason, Path, Line } }
    )
}

BeforeAll { if ($testbed) { $env:DOCKER_HOST = $testbed.Engines.overlay2 } }

AfterAll { $env:DOCKER_HOST = $null }

Describe 'Containers that were read back' {
    BeforeAll {
        $stack = Write-CraneFile $TestDrive @'
containers:
  web:
    image: company/web:1
    build: { context: web/, build-arg: { VERSION: "2", COLOR: red } }
    push: { registry: personal.example, override_user: bob, tag: [latest, "2"] }
    requires: [os]
  os:
    image: company/os
    build: os/
    pull: { registry: official.example }
  etcd:
    image: coreos/etcd:2
    push: { skip: true }
groups: { core: [os, web], all: [web, etcd] }
'@
        $before = Get-CraneContainer -Path $stack
        $plans = ($before | Get-CraneRetagPlan -Operation Pull, Push).ForEach{ "$_" }
    }

    It 'result in the same plans after <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 3 | ConvertFrom-Json } }
        @{ How = 'JSON with names of enums'; Way = { $input | ConvertTo-Json -Depth 3 -EnumsAsStrings | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | Export-Csv $TestDrive/containers.csv; Import-Csv $TestDrive/containers.csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/containers.xml; Import-Clixml $TestDrive/containers.xml } }
        @{ How = 'a job'; Way = { Start-Job { Import-Module $using:env:CRANE_TEST_MODULE; Get-CraneContainer -Path $using:stack } | Receive-Job -Wait -AutoRemoveJob } }
        @{ How = 'Select-Object'; Way = { $input | Select-Object * } }
    ) {
        $after = $before | & $way
        $after.Name | Should -Be $before.Name
        ($after | Get-CraneRetagPlan -Operation Pull, Push -ErrorAction Stop).ForEach{ "$_" } | Should -Be $plans
    }

    It 'have plans that can be filtered by words after <how>' -ForEach $ways {
        $after = $before | Get-CraneRetagPlan -Operation Pull, Push | & $way
        ($after | Where-Object Operation -eq Push).Container | Should -Be 'os', 'web', 'web', 'etcd'
        ($after | Where-Object Status -eq Planned | Where-Object Operation -in Push).Target | Should -Be @(
            'personal.example/bob/web:latest', 'personal.example/bob/web:2')
        $after.Status -contains 'Skipped' | Should -BeTrue
    }

    It 'are refused if ConvertTo-Json has cut off a list, and the others continue' {
        $cut = $before | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json
        $kept = $cut | Get-CraneRetagPlan Push -ErrorVariable errors -ErrorAction SilentlyContinue
        $kept.Container | Should -Be 'os', 'etcd'
        $errors.FullyQualifiedErrorId | Should -Be 'InvalidValue,Crane.Commands.GetCraneRetagPlanCommand'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Depth 4'
    }

    It 'keep the build section: <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/build.xml; Import-Clixml $TestDrive/build.xml } }
    ) {
        ($before | & $way | Get-CraneRetagPlan Build).Step | Should -Be ($before | Get-CraneRetagPlan Build).Step
    }

    It 'keep their hooks and registry settings: <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/hook.xml; Import-Clixml $TestDrive/hook.xml } }
        @{ How = 'Select-Object'; Way = { $input | Select-Object * } }
    ) {
        $hooked = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os, build: os/, pull: { registry: official.example }, push: { registry: personal.example } }
hooks:
  os: { pre-build: "sh -c 'make; echo \"a=b\"'", post-build: ./check }
registries:
  personal.example: { insecure: yes, mirrors: [mirror.example, "mirror.example:444"] }
  official.example: { ca: ca.pem }
'@
        $live = Get-CraneContainer -Path $hooked
        $read = $live | & $way
        ($read | Get-CraneRetagPlan Build).Hook | Should -Be $live.Hook

        # The error has the whole container as its target.
        $read.Image = $null
        $read | Get-CraneRetagPlan Push -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($errors[0].TargetObject.RegistrySetting)" | Should -Be "$($live.RegistrySetting)"
        $errors[0].TargetObject.RegistrySetting[1].Mirror | Should -Be 'mirror.example', 'mirror.example:444'
    }

    It 'keep what protects targets, and what holds images back: <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'JSON with names of enums'; Way = { $input | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/guard.xml; Import-Clixml $TestDrive/guard.xml } }
        @{ How = 'Select-Object'; Way = { $input | Select-Object * } }
    ) {
        $guarded = Write-CraneFile $TestDrive @'
containers:
  os:
    image: company/os
    pull: { remote: official, minimum_age: 12h }
    push: { remote: mine, tag: [v1, latest], overwrite: { mode: lease, never: ["v*", "[0-9],*"], always: dev } }
groups: { core: { containers: [os], atomic: true } }
hooks: { core: { pre-tag: "scan --exit-code 1" } }
remotes: { official: { registry: official.example }, mine: { registry: personal.example } }
lock: { minimum_age: 3d }
'@
        $live = Get-CraneContainer core -Path $guarded
        $live.MinimumAge | Should -Be ([timespan]'12:00')
        foreach ($operation in 'Pull', 'Push', 'Copy') {
            $plans = $live | Get-CraneRetagPlan $operation
            $read = $live | & $way | Get-CraneRetagPlan $operation
            $again = $plans | & $way
            $read | Should -Be $plans
            foreach ($one in $read, $again) {
                # JSON has numbers for enums, and CSV an empty string for null.
                @($one.Overwrite).Where{ "$_" }.ForEach{ [Crane.OverwriteMode]$_ } | Should -Be @($plans.Overwrite).Where{ "$_" }
                $one.AtomicGroup | Should -Be $plans.AtomicGroup
            }
            $read.Hook | Should -Be $plans.Hook
            if ($operation -ne 'Pull') { $plans.Overwrite | Should -Contain 'Never' }
        }

        # The error has the whole container as its target.
        $after = $live | & $way
        if ($after.Image) { $after = $after | Select-Object * }
        $after.Image = $null
        $after | Get-CraneRetagPlan Push -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].TargetObject.MinimumAge | Should -Be $live.MinimumAge
        $errors[0].TargetObject.Pull | Should -Be $live.Pull
        $errors[0].TargetObject.Push | Should -Be $live.Push
    }

    It 'have values in every CSV column, not names of types' {
        $web = Get-CraneContainer web -Path $stack | ConvertTo-Csv | ConvertFrom-Csv
        $web.Requires | Should -Match '\bos\b'
        $web.Group | Should -Match '\bcore\b'
        $web.Push | Should -Match 'personal\.example.*bob.*latest'
        $web.PSObject.Properties.Value | Should -Not -Match '^(System|Crane)\.|`\d\['
    }
}

Describe 'Plans that were read back' -Skip:$missing {
    It 'run the same after <how>' -ForEach $ways {
        $name = New-Name
        $null = Publish-Image "$official/$name", "$official/$name-pinned:1"
        $file = Write-CraneFile $TestDrive @"
containers:
  plain: { image: $name, pull: { registry: $official } }
  pinned: { image: '$name-pinned:1', pull: { registry: $official } }
  built: { image: $name-built, build: here/ }
"@
        $live = Get-CraneRetagPlan Pull -Path $file
        $plans = $live | & $way

        $results = $plans | Invoke-CranePull
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Skipped'
        $results.Container | Should -Be $live.Container
        $results.Source | Should -Be $live.Source
        $results.Target | Should -Be $live.Target
        $results.Step | Should -Be $live.Step
        $results.Reason | Should -Be $live.Reason
        $results.Path | Should -Be $live.Path
        $results.Line | Should -Be $live.Line
        ($live | Invoke-CranePull).Status | Should -Be 'UpToDate', 'UpToDate', 'Skipped'
    }

    It 'run the same after a job, which returns other types' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: $name, pull: { registry: $official } } }"
        $plans = Start-Job { Import-Module $using:env:CRANE_TEST_MODULE; Get-CraneRetagPlan Pull -Path $using:file } | Receive-Job -Wait -AutoRemoveJob
        $plans.PSObject.TypeNames | Should -Contain 'Deserialized.Crane.RetagPlan'
        ($plans | Format-Table | Out-String -Width 120) | Should -Match 'Operation +Status +Container +Source +Target +Detail'
        ($plans | Invoke-CranePull).Status | Should -Be 'Succeeded'
    }

    It 'push the same after <how>' -ForEach $ways {
        $name = New-Name
        $null = New-TestbedImage $name -Layer @{ 'etc/mark' = $name }
        $file = Write-CraneFile $TestDrive "containers: { x: { image: $name, push: { registry: $official, tag: [a, b] } }, y: { image: $name-y, push: { skip: yes } } }"
        $results = Get-CraneRetagPlan Push -Path $file | & $way | Invoke-CranePush
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Skipped'
        $results[0, 1].Target | Should -Be "$official/${name}:a", "$official/${name}:b"
    }

    It 'keep their operation after <how>' -ForEach $ways {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: company/x } }'
        $results = Get-CraneRetagPlan Push -Path $file | & $way | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $results | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be 'OperationMismatch,Crane.Commands.InvokeCranePullCommand'
    }

    It 'can be saved in a file, reviewed and approved' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: $name, pull: { registry: $official } }, y: { image: $name-y, pull: { registry: $official } } }"
        Get-CraneRetagPlan Pull -Path $file | ConvertTo-Json -EnumsAsStrings | Set-Content $TestDrive/plan.json
        $reviewed = Get-Content $TestDrive/plan.json | ConvertFrom-Json | Where-Object Container -EQ x
        $reviewed.Status | Should -Be 'Planned'
        ($reviewed | Invoke-CranePull).Status | Should -Be 'Succeeded'
    }

    It 'move nothing if they have become invalid, and the others run' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $file = Write-CraneFile $TestDrive "containers: { x: { image: $name, pull: { registry: $official } }, y: { image: $name-y, pull: { registry: $official } } }"
        $json = Get-CraneRetagPlan Pull -Path $file | ConvertTo-Json
        $results = $json -replace [regex]::Escape("$official/$name-y"), "$official/NOT A NAME" | ConvertFrom-Json |
            Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'x'
        $errors.FullyQualifiedErrorId | Should -Be 'InvalidImageName,Crane.Commands.InvokeCranePullCommand'
        $errors[0].TargetObject.Container | Should -Be 'y'
    }
}

Describe 'Results of a platform' {
    It 'are of the same platform when they are run again after <how>' -ForEach @(
        @{ How = 'nothing at all'; Way = { $input } }
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/platform.xml; Import-Clixml $TestDrive/platform.xml } }
    ) {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: company/a, platform: linux/arm64, pull: { registry: 127.0.0.1:9 } } }'
        $result = Invoke-CranePull -Path $file -Engine "oci:$TestDrive/images" -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $result.Platform | Should -Be 'linux/arm64'
        ($result | & $way | Invoke-CranePull -Engine "oci:$TestDrive/images" -WhatIf).Platform | Should -Be 'linux/arm64'
    }
}

Describe 'An object whose properties Add-Member has covered' {
    BeforeAll {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: company/a, pull: { registry: 127.0.0.1:9 }, push: { registry: r.co } } }'
        $layout = "oci:$TestDrive/covered"
    }

    It 'is what it shows: a plan, by the name <_>' -ForEach 'Target', 'target' {
        $plan = Get-CraneRetagPlan Pull -Path $file | Add-Member $_ 'mine/a' -Force -PassThru
        ($plan | Invoke-CranePull -Engine $layout -WhatIf).Target | Should -Be 'mine/a'
    }

    It 'is what it shows: a result' {
        $result = Invoke-CranePull -Path $file -Engine $layout -WhatIf | Add-Member Target 'mine/a' -Force -PassThru
        ($result | Invoke-CranePull -Engine $layout -WhatIf).Target | Should -Be 'mine/a'
    }

    It 'is what it shows: a container' {
        $container = Get-CraneContainer -Path $file | Add-Member Push @{ Registry = 's.co' } -Force -PassThru
        ($container | Get-CraneRetagPlan Push).Target | Should -Be 's.co/company/a'
    }

    It 'may have other properties' {
        $container = Get-CraneContainer -Path $file | Add-Member Owner 'me' -PassThru
        ($container | Get-CraneRetagPlan Push).Target | Should -Be 'r.co/company/a'
    }
}

Describe 'Results that were read back' -Skip:$missing {
    It 'of failed plans run again after <how>' -ForEach $ways {
        $name = New-Name
        $null = Publish-Image "$official/$name-there"
        $file = Write-CraneFile $TestDrive @"
containers:
  there: { image: $name-there, pull: { registry: $official } }
  late: { image: $name-late, pull: { registry: $official } }
"@
        $results = Invoke-CranePull -Path $file -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Failed'
        $failed = $results | & $way | Where-Object { $_.Status -eq 'Failed' -or $_.Status -eq [int][Crane.RetagStatus]::Failed }
        $failed | Should -HaveCount 1

        $null = Publish-Image "$official/$name-late"
        $again = $failed | Invoke-CranePull
        $again.Container | Should -Be 'late'
        $again.Status | Should -Be 'Succeeded'
    }

    It 'of builds keep the build section, and are built again in the same way: <how>' -ForEach @(
        @{ How = 'nothing at all'; Way = { $input } }
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | Export-Csv $TestDrive/built.csv; Import-Csv $TestDrive/built.csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/built.xml; Import-Clixml $TestDrive/built.xml } }
    ) {
        $name = New-Name
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$name-os, build: { context: ., file: Dockerfile.os } }
  c: { image: company/$name, build: { context: ., file: Other, build-arg: { FROM: mark } }, requires: [os] }
hooks:
  c: { pre-build: "sh -c 'test -e licence'" }
"@
        $folder = Split-Path $file
        Set-Content $folder/Dockerfile 'FROM scratch', 'COPY crane.yaml /wrong'
        Set-Content $folder/Dockerfile.os 'FROM scratch', 'COPY mark /os'
        Set-Content $folder/Other "FROM company/$name-os", 'ARG FROM=absent', 'COPY $FROM /right'
        Set-Content $folder/mark $name
        $results = Invoke-CraneBuild -Path $file -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Failed'
        $failed = @($results | & $way)[1]
        "$($failed.Base)" | Should -Match "company/$name-os"
        "$($failed.Requires)" | Should -Match '\bos\b'

        $again = $failed | Invoke-CraneBuild -ErrorVariable errors -ErrorAction SilentlyContinue
        $again.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'HookFailed,Crane.Commands.InvokeCraneBuildCommand'

        Set-Content $folder/licence 'granted'
        $again = $failed | Invoke-CraneBuild
        $again.Status | Should -Be 'Succeeded'
        $again.Step | Should -Be $results[1].Step
    }

    It 'keep their registry settings: <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/registry.xml; Import-Clixml $TestDrive/registry.xml } }
    ) {
        $file = Write-CraneFile $TestDrive @'
containers: { x: &x { image: company/x, push: { registry: personal.example } }, y: { <<: *x, image: company/y } }
registries: { personal.example: { insecure: yes, mirrors: [mirror.example, "mirror.example:444"] } }
'@
        $absent = @{ Engine = "unix://$TestDrive/absent"; WhatIf = $true }   # so that nothing is looked up
        $live = Invoke-CranePush -Path $file @absent
        $live.RegistrySetting | Should -HaveCount 2
        $live.RegistrySetting[1].Mirror | Should -Be 'mirror.example', 'mirror.example:444'
        $again = $live | & $way | Invoke-CranePush @absent
        $again.Status | Should -Be 'Planned', 'Planned'
        foreach ($which in 0, 1) { $again.RegistrySetting[$which] | Should -Be $live.RegistrySetting[$which] }
    }

    It 'keep what an audit needs: <how>' -ForEach @(
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $result = Invoke-CranePull -Source "$official/$name" -Target $name -Container x
        $kept = $result | & $way
        $kept.Container | Should -Be 'x'
        $kept.Status | Should -Be 'Succeeded'
        $kept.Digest | Should -Be $result.Digest
        $kept.Engine | Should -Be $result.Engine
        $kept.PSObject.Properties.Value | Should -Not -Match '^(System|Crane)\.|`\d\['
    }
}
