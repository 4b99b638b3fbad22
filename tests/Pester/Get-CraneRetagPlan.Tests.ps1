Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $example = Join-Path $PSScriptRoot ../../samples/stack/crane.yaml | Resolve-Path | Convert-Path
    $set = @{ DOCKER_REGISTRY = 'official.example.com'; USER = 'bob' }
    $id = 'Crane.Commands.GetCraneRetagPlanCommand'
}

Describe 'Get-CraneRetagPlan for the example of a crane file' {
    It 'pulls from the registries and tags with the plain names' {
        $plans = Get-CraneRetagPlan Pull -Path $example -Variable $set
        $plans | Should -BeOfType Crane.RetagPlan
        $plans.ForEach{ "$_" } | Should -Be @(
            'Pull official.example.com/company/os -> company/os'
            'Pull docker.io/coreos/etcd:2 -> coreos/etcd:2'
            'Pull registry.company.co/company/service -> company/service'
        )
        $plans.Status | Should -Be 'Planned', 'Planned', 'Planned'
        $plans[0].Step | Should -Be 'set -e', 'docker pull official.example.com/company/os', 'docker tag official.example.com/company/os company/os'
        $plans[1].Step | Should -Be 'set -e', 'docker pull docker.io/coreos/etcd:2'
    }

    It 'builds the same names' {
        $plans = Get-CraneRetagPlan Build -Path $example -Variable $set
        $plans.Container | Should -Be 'os', 'etcd', 'service'
        $plans.Target | Should -Be 'company/os', 'coreos/etcd:2', 'company/service'
        $plans.Status | Should -Be 'Planned', 'Skipped', 'Planned'
        $plans[1].Reason | Should -Be 'no build context'
        $plans[0].Source | Should -Be (Join-Path (Split-Path $example) os)
    }

    It 'pushes to the personal registry, except skipped images' {
        $plans = Get-CraneRetagPlan Push -Path $example -Variable $set
        $plans.Container | Should -Be 'os', 'etcd', 'service'
        $plans.Source | Should -Be 'company/os', 'coreos/etcd:2', 'company/service'
        $plans[0].Target | Should -BeNullOrEmpty
        $plans[2].Target | Should -Be 'registry.bob.company.co/bob/service'
        $plans.Status | Should -Be 'Skipped', 'Skipped', 'Planned'
        $plans.Reason | Should -Be 'no push directive', 'push.skip', ''
        $plans[1].Step | Should -BeNullOrEmpty
        $plans[2].Step | Should -Be @(
            'set -e'
            'docker tag company/service registry.bob.company.co/bob/service'
            'docker push registry.bob.company.co/bob/service')
    }

    It 'reads variables from the environment' {
        Use-Environment $set { (Get-CraneRetagPlan Pull os -Path $example).Source | Should -Be 'official.example.com/company/os' }
    }

    It 'has an error for os without DOCKER_REGISTRY, and plans for the others' {
        Use-Environment @{ DOCKER_REGISTRY = $null; USER = 'bob' } {
            $plans = Get-CraneRetagPlan Pull -Path $example -ErrorVariable errors -ErrorAction SilentlyContinue
            $? | Should -BeFalse
            $plans.Container | Should -Be 'etcd', 'service'
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
            $errors[0].TargetObject.Container | Should -Be 'os'
            $errors[0].TargetObject.Line | Should -Be 7
            $errors[0].TargetObject.LineText | Should -Be '      registry: ${DOCKER_REGISTRY}'
            $errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*DOCKER_REGISTRY*${DOCKER_REGISTRY:-}*'
        }
    }

    It 'has the location of each plan' {
        $plan = Get-CraneRetagPlan Pull service -Path $example -Variable $set
        $plan.Path | Should -Be $example
        $plan.Line | Should -Be 12
    }

    It 'shows everything that matters within 200 characters' {
        $table = Get-CraneRetagPlan -Path $example -Variable $set | Out-String -Width 200
        $table | Should -Match 'Operation +Status +Container +Source +Target +Detail'
        $table | Should -Match 'Pull +Planned +os +official\.example\.com/company/os +company/os'
        $table | Should -Match 'Push +Planned +service +company/service +registry\.bob\.company\.co/bob/service'
        $table | Should -Not -Match '…'
        $table | Should -Match 'Push +Skipped +etcd +coreos/etcd:2 +push\.skip'
    }
}

Describe 'Get-CraneRetagPlan' {
    BeforeAll {
        $stack = Write-CraneFile $TestDrive @'
containers:
  web: { image: company/web, requires: [os], build: web/, push: { registry: r.example/team, tag: [latest, "1.0"] } }
  os: { image: company/os, pull: { registry: r.example } }
groups: { base: [os] }
'@
    }

    It 'emits plans of all operations by default, each in dependency order' {
        (Get-CraneRetagPlan -Path $stack).ForEach{ "$($_.Operation) $($_.Container)" } |
            Should -Be 'Pull os', 'Pull web', 'Build os', 'Build web', 'Push os', 'Push web', 'Push web'
    }

    It 'emits plans of several operations in the given order' {
        (Get-CraneRetagPlan Push, Pull os -Path $stack).Operation | Should -Be 'Push', 'Pull'
    }

    It 'selects as Get-CraneContainer does: <how>' -ForEach @(
        @{ How = 'name'; Parameter = @{ Name = 'web' }; Expected = 'web' }
        @{ How = 'wildcard'; Parameter = @{ Name = 'o?' }; Expected = 'os' }
        @{ How = 'group'; Parameter = @{ Group = 'base' }; Expected = 'os' }
        @{ How = 'exclusion'; Parameter = @{ Exclude = 'base' }; Expected = 'web' }
        @{ How = 'dependency'; Parameter = @{ Name = 'web'; WithDependency = $true }; Expected = 'os', 'web' }
        @{ How = 'dependent'; Parameter = @{ Name = 'os'; WithDependent = $true }; Expected = 'os', 'web' }
    ) {
        (Get-CraneRetagPlan Pull -Path $stack @parameter).Container | Should -Be $expected
    }

    It 'plans one push for each tag of push.tag' {
        (Get-CraneRetagPlan Push web -Path $stack).Target | Should -Be 'r.example/team/company/web:latest', 'r.example/team/company/web:1.0'
    }

    It 'uses -Tag' {
        (Get-CraneRetagPlan Pull os -Path $stack -Tag 9).ForEach{ "$_" } | Should -Be 'Pull r.example/company/os:9 -> company/os:9'
    }

    It 'plans the same for piped containers as for their file' {
        $piped = Get-CraneContainer -Path $stack | Get-CraneRetagPlan
        $piped.ForEach{ "$_" } | Should -Be (Get-CraneRetagPlan -Path $stack).ForEach{ "$_" }
        $containers = Get-CraneContainer -Path $stack
        (Get-CraneRetagPlan Pull -InputObject $containers).ForEach{ "$_" } | Should -Be (Get-CraneRetagPlan Pull -Path $stack).ForEach{ "$_" }
    }

    It 'accepts any object with a Name and an Image as a container' {
        $plan = [pscustomobject]@{ Name = 'x'; Image = 'company/x'; Pull = @{ Registry = 'r.example' } } | Get-CraneRetagPlan Pull
        "$plan" | Should -Be 'Pull r.example/company/x -> company/x'
        $plan = [pscustomobject]@{ Name = 'x'; Image = 'company/x'; Push = [pscustomobject]@{ OverrideUser = 'bob' } } | Get-CraneRetagPlan Push
        "$plan" | Should -Be 'Push company/x -> docker.io/bob/x'
    }

    It 'refuses a section with an unknown property, and accepts the crane file''s keys' {
        $plans = 'regsitry', 'override_user' | ForEach-Object { [pscustomobject]@{ Name = $_; Image = 'company/x'; Push = @{ Registry = 'r.example'; $_ = 'bob' } } } |
            Get-CraneRetagPlan Push -ErrorVariable errors -ErrorAction SilentlyContinue
        $plans.Target | Should -Be 'r.example/bob/x'
        $errors.FullyQualifiedErrorId | Should -Be "UnknownKey,$id"
    }

    It 'accepts nothing else' {
        $found = 1, [pscustomobject]@{ Name = 'x'; Push = $null } | Get-CraneRetagPlan -ErrorVariable errors -ErrorAction SilentlyContinue
        $found | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "UnknownObject,$id", "UnknownObject,$id"
        $errors[0].TargetObject | Should -Be 1
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
    }

    It 'accepts files from the pipeline' {
        (Get-Item $stack | Get-CraneRetagPlan Pull).Container | Should -Be 'os', 'web'
    }

    It 'plans copies only on request: from where a container is pulled to where it is pushed' {
        (Get-CraneRetagPlan -Path $stack).Operation | Should -Not -Contain Copy
        $file = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os, pull: { registry: a.co }, push: { registry: b.co, tag: ['1', '2'] } }
  ours: { image: company/ours, build: . }
  skipped: { image: company/skipped, push: { skip: true } }
  same: { image: r.co/company/same }
  nowhere: { image: company/nowhere, push: { tag: '1' } }
'@
        $plans = Get-CraneRetagPlan Copy -Path $file
        $plans.Status | Should -Be Planned, Planned, Skipped, Skipped, Skipped, Skipped
        $plans.Reason | Should -Be '', '', 'built here', 'push.skip', 'pulled from where it is pushed to', 'no push directive'
        $plans[0..1].Source | Should -Be 'a.co/company/os', 'a.co/company/os'
        $plans[0..1].Target | Should -Be 'b.co/company/os:1', 'b.co/company/os:2'
        $plans[0].Step | Should -Be 'set -e', 'docker buildx imagetools create --tag b.co/company/os:1 a.co/company/os'
    }

    It 'needs no engine, no registry and no build folder' {
        Use-Environment @{ DOCKER_HOST = 'unix:///absent.sock' } {
            (Get-CraneRetagPlan -Path $stack -ErrorAction Stop) | Should -HaveCount 7
        }
    }

    It 'makes a script that ends at the first command that fails' -Skip:$IsWindows {
        $file = Write-CraneFile $TestDrive @'
containers:
  a: { image: a, pull: { registry: r.example } }
  skipped: { image: skipped, build: skipped/ }
  b: { image: b, pull: { registry: r.example } }
  c: { image: c, pull: { registry: r.example } }
'@
        $folder = Split-Path $file
        Set-Content $folder/docker "#!/bin/sh`necho `"`$@`" >> '$folder/log'`n[ `"`$2`" != `"`$FAILS`" ]"
        chmod +x $folder/docker
        (Get-CraneRetagPlan Pull -Path $file).Step | Set-Content $folder/pull.sh
        $PSNativeCommandUseErrorActionPreference = $false
        Use-Environment @{ PATH = "${folder}:$env:PATH"; FAILS = 'r.example/b' } { sh $folder/pull.sh; $LASTEXITCODE | Should -Be 1 }
        Get-Content $folder/log | Should -Be 'pull r.example/a', 'tag r.example/a a', 'pull r.example/b'
        Remove-Item $folder/log
        Use-Environment @{ PATH = "${folder}:$env:PATH"; FAILS = 'none' } { sh $folder/pull.sh; $LASTEXITCODE | Should -Be 0 }
        Get-Content $folder/log | Should -HaveCount 6
    }

    It 'quotes steps for a shell' {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, build: { context: 'a b', build-arg: ['X=it''s `$`$HOME'] } } }"
        (Get-CraneRetagPlan Build -Path $file).Step |
            Should -Be 'set -e', "docker build --tag company/os --build-arg 'X=it'\''s `$HOME' '$(Join-Path (Split-Path $file) 'a b')'"
    }
}

Describe 'Get-CraneRetagPlan reports' {
    It '<error> about its container, and plans the others' -ForEach @(
        @{ Error = 'InvalidImageName'; Yaml = '{ image: Company/Foo }'; Category = 'InvalidArgument' }
        @{ Error = 'InvalidRegistry'; Yaml = '{ image: company/foo, pull: { registry: registry..company.co } }'; Category = 'InvalidArgument' }
        @{ Error = 'InvalidRegistry'; Yaml = '{ image: company/foo, pull: { registry: proxy } }'; Category = 'InvalidArgument' }
        @{ Error = 'MissingImage'; Yaml = '{ pull: { registry: r.example } }'; Category = 'InvalidData' }
        @{ Error = 'DigestWithoutTag'; Yaml = '{ image: "company/foo@sha256:0000000000000000000000000000000000000000000000000000000000000000" }'; Category = 'InvalidArgument' }
        @{ Error = 'InvalidImageName'; Yaml = '{ image: TheHolm/app, pull: { registry: r.example } }'; Category = 'InvalidArgument' }
        @{ Error = 'EmptyVariable'; Yaml = '{ image: company/foo, push: { registry: "${SET_BUT_EMPTY}" } }'; Category = 'InvalidArgument' }
        @{ Error = 'EmptyVariable'; Yaml = '{ image: company/foo, pull: { registry: "registry.${SET_BUT_EMPTY}.co" } }'; Category = 'InvalidArgument' }
        @{ Error = 'UndefinedVariable'; Yaml = '{ image: "company/foo:${NOT_SET_HERE}" }'; Category = 'InvalidArgument' }
        @{ Error = 'UndefinedVariable'; Yaml = '{ image: "company/foo:${NOT_SET_HERE:?set me}" }'; Category = 'InvalidArgument' }
        @{ Error = 'InvalidInterpolation'; Yaml = '{ image: "company/foo:${A:=x}" }'; Category = 'InvalidArgument' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  bad: $yaml`n  good: { image: company/good }"
        $plans = Get-CraneRetagPlan Pull -Path $file -Variable @{ SET_BUT_EMPTY = '' } -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $plans.Container | Should -Be 'good'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "$error,$id"
        $errors[0].CategoryInfo.Category | Should -Be $category
        $errors[0].CategoryInfo.Activity | Should -Be 'Get-CraneRetagPlan'
        $errors[0].Exception | Should -BeOfType Crane.CraneException
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $errors[0].TargetObject.Container | Should -Be 'bad'
        $errors[0].TargetObject.File | Should -Be $file
        $errors[0].TargetObject.Line | Should -Be 2
        $errors[0].TargetObject.LineText | Should -Be "  bad: $yaml"
        $errors[0].Exception.Message | Should -Match "^$([regex]::Escape($file)):2:\d+: .*ontainer 'bad'"
    }

    It 'an image name that is not valid, whatever is planned and although nothing is done: <operation> of <keys>' -ForEach @(
        @{ Operation = 'Build'; Keys = '' }
        @{ Operation = 'Push'; Keys = '' }
        @{ Operation = 'Push'; Keys = ', push: { skip: true }' }
        @{ Operation = 'Pull'; Keys = ', build: .' }
        @{ Operation = 'Pull'; Keys = ', pull_policy: never' }
        @{ Operation = 'Copy'; Keys = ', push: { skip: true }' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  bad: { image: 'bob:s3cret@r.example/company/foo'$keys }"
        Get-CraneRetagPlan $operation -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidImageName,$id"
        "$errors" | Should -Not -Match 's3cret'
        "$errors" | Should -Match ([regex]::Escape('***@r.example'))
    }

    It 'a conflict for both if two sources have one target, and plans the rest' {
        $file = Write-CraneFile $TestDrive @'
containers:
  one: { image: acme/nginx, push: { registry: r.example, override_user: bob } }
  two: { image: acmeim/nginx, push: { registry: r.example, override_user: bob } }
  three: { image: acme/other, push: { registry: r.example, override_user: bob } }
'@
        (Get-CraneRetagPlan Push -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue).Container | Should -Be 'three'
        $errors.FullyQualifiedErrorId | Should -Be "TargetConflict,$id", "TargetConflict,$id"
        $errors.CategoryInfo.Category | Should -Be 'InvalidOperation', 'InvalidOperation'
        $errors.TargetObject.Container | Should -Be 'one', 'two'
        $errors.TargetObject.Plan | Should -BeOfType Crane.RetagPlan
        $errors.TargetObject.Line | Should -Be 2, 3
        $errors[0].Exception.Message | Should -Match 'acme/nginx.*acmeim/nginx'
    }

    It 'no conflict if two containers have the same image' {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: company/x }, b: { image: docker.io/company/x:latest } }'
        (Get-CraneRetagPlan Pull -Path $file -ErrorAction Stop).Container | Should -Be 'a', 'b'
    }

    It 'a terminating error with -ErrorAction Stop' {
        { Get-CraneRetagPlan Pull absent -Path $example -ErrorAction SilentlyContinue } | Should -Not -Throw
        { Get-CraneRetagPlan Pull absent -Path $example -ErrorAction Stop } | Should -Throw -ErrorId "UnknownContainer,$id"
    }
}
