Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # The stack for the tests below: two containers that are built, one needing the other, and two with third-party images.
    $stack = Write-CraneFile $TestDrive @'
containers:
  web:
    image: company/web:1
    build: { context: web/, build-arg: { VERSION: "2" } }
    push: { registry: personal.example, override_user: bob, tag: [latest, "2"] }
    requires: [os]
  os:
    image: company/os
    build: os/
    pull: { registry: official.example }
  etcd:
    image: coreos/etcd:2
    push: { skip: true }
  worker:
    image: company/worker
    depends_on: [web]
groups:
  core: [os, web]
  data: [etcd]
'@
    $folder = Split-Path $stack
    $id = 'Crane.Commands.GetCraneContainerCommand'
}

Describe 'Get-CraneContainer' {
    It 'emits every container, dependencies first and otherwise in the order of the file' {
        $containers = Get-CraneContainer -Path $stack
        $containers | Should -BeOfType Crane.CraneContainer
        $containers.Name | Should -Be 'os', 'web', 'etcd', 'worker'
    }

    It 'has the credentials in a context''s address, but does not show them in its views' {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, build: 'https://bob:s3cret@git.example/a.git#v@2' } }"
        $container = Get-CraneContainer -Path $file
        $container.Build.Context | Should -Match 's3cret'
        "$($container | Out-String) $($container.Build | Out-String) $(Get-CraneRetagPlan Build -Path $file | Out-String)" |
            Should -Not -Match 's3cret'
        $container.Build | Out-String | Should -Match ([regex]::Escape('https://***@'))
    }

    It 'emits all properties of a container' {
        $web = Get-CraneContainer web -Path $stack
        $web.Image | Should -Be 'company/web:1'
        $web.Build.Context | Should -Be (Join-Path $folder web)
        $web.Build.Argument | Should -Be 'VERSION=2'
        $web.Pull | Should -BeNullOrEmpty
        $web.Push.Registry | Should -Be 'personal.example'
        $web.Push.OverrideUser | Should -Be 'bob'
        $web.Push.Tag | Should -Be 'latest', '2'
        $web.Push.Skip | Should -BeFalse
        $web.PullReference | Should -BeNullOrEmpty
        $web.PushReference | Should -Be 'personal.example/bob/web:latest'
        $web.Requires | Should -Be 'os'
        $web.Group | Should -Be 'core'
        $web.Path | Should -Be $stack
        $web.Line | Should -Be 2
    }

    It 'warns about a -Variable that no string of the file uses' {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: "company/x:${TAG:-${DEFAULT_TAG:-1}}", run: { env: ["A=$OTHER"] } } }'
        $null = Get-CraneContainer -Path $file -Variable @{ TAGG = '2'; tag = '2'; DEFAULT_TAG = '3'; OTHER = 'x'; UNRELATED = 'x' } -WarningVariable warnings -WarningAction SilentlyContinue
        ($warnings.Message | Sort-Object) -join "`n" | Should -Be (@(
                "-Variable has TAGG, which the crane file does not use. Did you mean 'TAG'?"
                '-Variable has UNRELATED, which the crane file does not use.'
            ) -join "`n")
    }

    It 'does not warn about a -Variable that one of the piped files uses' {
        $files = 'A', 'B' | ForEach-Object { Write-CraneFile $TestDrive "containers: { x: { image: 'company/`${$_}' } }" }
        $containers = Get-Item $files | Get-CraneContainer -Variable @{ A = 'a'; B = 'b' } -WarningVariable warnings
        $containers.Image | Should -Be 'company/a', 'company/b'
        $warnings | Should -BeNullOrEmpty
    }

    It 'refuses a -Variable with <what>' -ForEach @(
        @{ What = 'a list'; Given = @{ TAG = 1, 2 }; Message = 'TAG .* not a list' }
        @{ What = 'a hashtable'; Given = @{ TAG = @{} }; Message = 'TAG .* not a map' }
        @{ What = 'a credential'; Given = @{ TAG = [pscredential]::new('x', [securestring]::new()) }; Message = 'TAG .* not an object' }
        @{ What = 'names that differ only in case'; Given = ('{ "TAG": "1", "tag": "2" }' | ConvertFrom-Json -AsHashtable); Message = 'TAG and tag' }
    ) {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: "company/x:$TAG" } }'
        Get-CraneContainer -Path $file -Variable $given -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].Exception.Message | Should -Match $message
    }

    It 'accepts a number, a version or true as a -Variable' {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: "company/x:$TAG" } }'
        foreach ($tag in 2, [version]'1.2', $true) { (Get-CraneContainer -Path $file -Variable @{ TAG = $tag }).Image | Should -Be "company/x:$tag" }
    }

    It 'shows four columns within 120 characters' {
        $output = Get-CraneContainer -Path $stack | Out-String -Width 120
        $output | Should -Match 'Name +Image +Pull +Push'
        $output | Should -Match 'web +company/web:1 +personal\.example/bob/web:latest'
        $output | Should -Not -Match '…'
    }

    It 'is found by its noun in every shell' {
        (Get-Command -Noun Crane* -Module Crane).Name | Should -Contain 'Get-CraneContainer'
    }
}

Describe 'Get-CraneContainer selects' {
    It 'by <how>' -ForEach @(
        @{ How = 'name'; Parameter = @{ Name = 'etcd' }; Expected = 'etcd' }
        @{ How = 'several names, whatever their order'; Parameter = @{ Name = 'worker', 'os' }; Expected = 'os', 'worker' }
        @{ How = 'wildcard'; Parameter = @{ Name = 'w*' }; Expected = 'web', 'worker' }
        @{ How = 'wildcard in another case'; Parameter = @{ Name = 'W[a-f]?' }; Expected = 'web' }
        @{ How = 'a group''s name'; Parameter = @{ Name = 'core' }; Expected = 'os', 'web' }
        @{ How = 'group'; Parameter = @{ Group = 'data' }; Expected = 'etcd' }
        @{ How = 'groups by wildcard'; Parameter = @{ Group = '*' }; Expected = 'os', 'web', 'etcd' }
        @{ How = 'name and group together'; Parameter = @{ Name = 'worker'; Group = 'data' }; Expected = 'etcd', 'worker' }
        @{ How = 'exclusion'; Parameter = @{ Exclude = 'w*' }; Expected = 'os', 'etcd' }
        @{ How = 'exclusion of a group'; Parameter = @{ Name = '*'; Exclude = 'core' }; Expected = 'etcd', 'worker' }
        @{ How = 'dependency'; Parameter = @{ Name = 'worker'; WithDependency = $true }; Expected = 'os', 'web', 'worker' }
        @{ How = 'dependent'; Parameter = @{ Name = 'os'; WithDependent = $true }; Expected = 'os', 'web', 'worker' }
        @{ How = 'dependency without what is excluded'; Parameter = @{ Name = 'worker'; Exclude = 'os'; WithDependency = $true }; Expected = 'web', 'worker' }
        @{ How = 'a wildcard that matches nothing'; Parameter = @{ Name = 'x*' }; Expected = @() }
    ) {
        (Get-CraneContainer -Path $stack @parameter -ErrorAction Stop).Name | Should -Be $expected
    }

    It 'dependencies and dependents by their Dockerfiles' {
        $file = Write-CraneFile $TestDrive 'containers: { service: { image: company/service, build: . }, os: { image: company/os }, etcd: { image: etcd } }'
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM company/os'
        (Get-CraneContainer service -Path $file -WithDependency).Name | Should -Be 'service', 'os'
        (Get-CraneContainer os -Path $file -WithDependent).Name | Should -Be 'service', 'os'
    }

    It 'piped names, reading and warning once' {
        $file = Write-CraneFile $TestDrive "x-mine: 1`nunheard-of: 2`ncontainers: { a: { image: a/a }, b: { image: b/b }, c: { image: c/c } }"
        ('c', 'a' | Get-CraneContainer -Path $file -WarningVariable warnings -WarningAction SilentlyContinue).Name | Should -Be 'a', 'c'
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -Match 'unheard-of'
        $warnings[0] | Should -Not -Match 'x-mine'
    }

    It 'the group default without a name' {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: a/a }, b: { image: b/b } }
groups: { default: [b] }'
        (Get-CraneContainer -Path $file).Name | Should -Be 'b'
        (Get-CraneContainer * -Path $file).Name | Should -Be 'a', 'b'
    }

    It 'nothing for an unknown name, and suggests similar ones; the others are emitted' {
        $found = Get-CraneContainer wbe, etcd -Path $stack -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $found.Name | Should -Be 'etcd'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "UnknownContainer,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $errors[0].CategoryInfo.Activity | Should -Be 'Get-CraneContainer'
        $errors[0].TargetObject | Should -Be 'wbe'
        $errors[0].Exception.Message | Should -Match 'did you mean.*web'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'os.*web.*etcd.*worker|web.*os.*etcd.*worker'
    }

    It 'nothing for an unknown group' {
        Get-CraneContainer -Group cor -Path $stack -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "UnknownGroup,$id"
        $errors[0].Exception.Message | Should -Match 'core'
    }

    It 'nothing at all if an excluded name is misspelled' {
        Get-CraneContainer -Exclude etdc -Path $stack -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "UnknownContainer,$id"
    }

    It 'nothing of a dependency cycle, and shows its path' {
        $file = Write-CraneFile $TestDrive @'
containers:
  a: { image: a/a, requires: [b] }
  b: { image: b/b, requires: [c] }
  c: { image: c/c, requires: [a] }
  d: { image: d/d }
'@
        (Get-CraneContainer -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue).Name | Should -Be 'd'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "DependencyCycle,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $errors[0].Exception.Message | Should -Match 'a -> b -> c -> a'
    }
}

Describe 'Get-CraneContainer -Tag' {
    It 'replaces the tags of images that are built or retagged, and no others' {
        $containers = Get-CraneContainer -Path $stack -Tag 3.0
        $containers.Image | Should -Be 'company/os:3.0', 'company/web:3.0', 'coreos/etcd:2', 'company/worker'
    }

    It 'replaces the tag of a third-party image that is named' {
        (Get-CraneContainer etcd -Path $stack -Tag 3.0).Image | Should -Be 'coreos/etcd:3.0'
    }

    It 'refuses an invalid tag' {
        Get-CraneContainer -Path $stack -Tag 'not a tag' -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].TargetObject | Should -Be 'not a tag'
    }
}

Describe 'Get-CraneContainer -Variable' {
    BeforeAll {
        $file = Write-CraneFile $TestDrive @'
containers:
  os: { image: "company/os:${CRANE_TAG:-latest}", pull: { registry: "${CRANE_REGISTRY}" } }
  etcd: { image: coreos/etcd:2 }
'@
    }

    It 'overrides the environment' {
        Use-Environment @{ CRANE_REGISTRY = 'from.environment'; CRANE_TAG = '1' } {
            $os = Get-CraneContainer os -Path $file
            $os.PullReference | Should -Be 'from.environment/company/os:1'
            $os = Get-CraneContainer os -Path $file -Variable @{ CRANE_REGISTRY = 'from.parameter' }
            $os.PullReference | Should -Be 'from.parameter/company/os:1'
        }
    }

    It 'accepts values that are not strings' {
        (Get-CraneContainer os -Path $file -Variable @{ CRANE_REGISTRY = [uri]'r.example'; CRANE_TAG = 7 }).PullReference |
            Should -Be 'r.example/company/os:7'
    }

    It 'is not set by $null, even if the environment has a value' {
        Use-Environment @{ CRANE_REGISTRY = 'from.environment' } {
            Get-CraneContainer os -Path $file -Variable @{ CRANE_REGISTRY = $null } -ErrorVariable errors -ErrorAction SilentlyContinue |
                Should -BeNullOrEmpty
            $errors[0].FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
        }
    }

    It 'that is missing is an error for its container only, with the line' {
        Use-Environment @{ CRANE_REGISTRY = $null } {
            $found = Get-CraneContainer -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
            $? | Should -BeFalse
            $found.Name | Should -Be 'etcd'
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -Be "UndefinedVariable,$id"
            $errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
            $errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*CRANE_REGISTRY*-Variable*${CRANE_REGISTRY:-}*'
            $place = $errors[0].TargetObject
            $place | Should -BeOfType Collections.IDictionary
            $place.File | Should -Be $file
            $place.Line | Should -Be 2
            $place.Column | Should -Be 69
            $place.LineText | Should -BeLike '*registry: "${CRANE_REGISTRY}"*'
            $place.Container | Should -Be 'os'
        }
    }
}

Describe 'Get-CraneContainer reports' {
    It 'every error of a broken file at once, each with its location' {
        $file = Write-CraneFile $TestDrive @'
containers:
  os:
    image: company/os
    puhs: { skip: true }
  web:
    image: [company/web]
'@
        Get-CraneContainer -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -Be "UnknownKey,$id", "InvalidValue,$id"
        $errors.CategoryInfo.Category | Should -Be 'InvalidData', 'InvalidData'
        $errors.TargetObject.File | Should -Be $file, $file
        $errors.TargetObject.Line | Should -Be 4, 6
        $errors.TargetObject.LineText | Should -Be '    puhs: { skip: true }', '    image: [company/web]'
        $errors[0].Exception.Message | Should -Match 'push'
    }

    It 'the line of the file in PowerShell''s own error view' {
        $file = Write-CraneFile $TestDrive "containers:`n  os:`n    image: company/os`n    puhs: { skip: true }"
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $ErrorView = 'ConciseView'
            $output = Get-CraneContainer -Path $file -ErrorAction Continue 2>&1 | Out-String -Width 200
        }
        finally { $PSStyle.OutputRendering = 'Host' }
        $output | Should -Match ([regex]::Escape("$($file):4"))
        $output | Should -Match '4 \|\s+puhs: \{ skip: true \}'
    }

    It 'a file of another program once, by name' {
        $file = Write-CraneFile $TestDrive "web:`n  image: company/web`n  ports: ['80:80']"
        Get-CraneContainer -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "CraneFileInvalid,$id"
        $errors[0].Exception.Message | Should -Match ([regex]::Escape($file))
    }

    It 'a terminating error with -ErrorAction Stop' {
        { Get-CraneContainer absent -Path $stack -ErrorAction Stop } | Should -Throw -ErrorId "UnknownContainer,$id"
    }
}
