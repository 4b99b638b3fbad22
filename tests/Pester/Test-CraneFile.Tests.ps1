Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $good = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os }
  web: { image: company/web, requires: [os] }
'@
    $bad = Write-CraneFile $TestDrive @'
containers:
  os:
    image: company/os
    puhs: { skip: true }
  web:
    image: company/web
    push: { registri: r.example }
    image: company/web2
'@
}

Describe 'Test-CraneFile' {
    It 'emits nothing for a valid file' {
        Test-CraneFile -Path $good -ErrorAction Stop | Should -BeNullOrEmpty
        Test-CraneFile -LiteralPath $good | Should -BeNullOrEmpty
        Get-Item $good | Test-CraneFile | Should -BeNullOrEmpty
    }

    It 'emits every error of a file as an object, without writing errors' {
        $issues = Test-CraneFile -Path $bad -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeTrue
        $errors | Should -BeNullOrEmpty
        $issues | Should -BeOfType Crane.CraneFileIssue
        $issues = $issues | Sort-Object Line
        $issues.ErrorId | Should -Be 'UnknownKey', 'UnknownKey', 'DuplicateKey'
        $issues.Line | Should -Be 4, 7, 8
        $issues.Column | Should -Be 5, 13, 5
        $issues.Path | Should -Be $bad, $bad, $bad
        $issues[0].LineText | Should -Be '    puhs: { skip: true }'
        $issues[0].Message | Should -Match "Did you mean 'push'"
        $issues[1].Message | Should -Match "'registry'"
        $issues.RecommendedAction | Should -Not -Contain $null
    }

    It 'accepts files from the pipeline, and says which file has the error' {
        $other = Write-CraneFile $TestDrive 'containers: { os: { image: company/os, puhs: {} } }'
        $issues = Get-Item $good, $bad, $other | Test-CraneFile
        ($issues | Group-Object Path -NoElement | Sort-Object Count).Name | Should -Be $other, $bad
    }

    It 'shows location and message in three columns within 120 characters' {
        $table = Test-CraneFile -Path $bad | Out-String -Width 120
        $table | Should -Match 'ErrorId +Location +Message'
        $table | Should -Match 'UnknownKey +crane\.yaml:4 +'
        $table -split '\r?\n' | Where-Object Length -gt 120 | Should -BeNullOrEmpty
    }

    It 'finds errors of all containers, not only of the default group' {
        $file = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os }
  a: { image: "company/a:${NOT_SET_HERE}" }
  b: { image: Company/B }
  c: { build: c/ }
  d: { image: company/d, push: { registry: "registry..example" } }
  e: { image: company/e, requires: [absent] }
  f: { image: acme/nginx, push: { override_user: bob, registry: r.example } }
  g: { image: acmeim/nginx, push: { override_user: bob, registry: r.example } }
  h: { image: company/h, requires: [i] }
  i: { image: company/i, requires: [h] }
  j: { image: "company/j:${A:=x}" }
  k: { image: "company/k@sha256:0000000000000000000000000000000000000000000000000000000000000000" }
groups: { default: [os], missing: [absent] }
'@
        $issues = Test-CraneFile -Path $file
        $issues.ErrorId | Sort-Object -Unique | Should -Be @(
            'DependencyCycle', 'DigestWithoutTag', 'InvalidImageName', 'InvalidInterpolation', 'InvalidRegistry'
            'MissingImage', 'TargetConflict', 'UndefinedVariable', 'UnknownContainer')
        $of = @{}
        foreach ($issue in $issues) { $of[$issue.ErrorId] += @($issue) }
        $of.UndefinedVariable.Container | Should -Be 'a'
        $of.UndefinedVariable.Line | Should -Be 3
        $of.InvalidImageName.Container | Should -Be 'b'
        $of.InvalidImageName.Line | Should -Be 4
        $of.MissingImage.Container | Should -Be 'c'
        $of.InvalidRegistry.Container | Should -Be 'd'
        $of.TargetConflict.Container | Should -Be 'f', 'g'
        $issues | Where-Object { $_.Path -and -not $_.LineText } | Should -BeNullOrEmpty
        $of.UnknownContainer.Line | Should -Be 14, 7
        $of.DigestWithoutTag.Container | Should -Be 'k'
        $issues.Path | Select-Object -Unique | Should -Be $file
    }

    It 'uses the given variables' {
        $file = Write-CraneFile $TestDrive 'containers: { a: { image: "company/a:${NOT_SET_HERE}" } }'
        (Test-CraneFile -Path $file).ErrorId | Should -Be 'UndefinedVariable'
        Test-CraneFile -Path $file -Variable @{ NOT_SET_HERE = 1 } | Should -BeNullOrEmpty
        Use-Environment @{ NOT_SET_HERE = '2' } { Test-CraneFile -Path $file | Should -BeNullOrEmpty }
    }

    It 'reports a missing file: <path>' -ForEach @(
        @{ Path = 'absent.yaml' }
        @{ Path = 'Env:/PATH' }
    ) {
        $issue = Test-CraneFile -Path $path -ErrorAction Stop
        $issue.ErrorId | Should -Be 'CraneFileNotFound'
        $issue.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'reports a file of another program once: <what>' -ForEach @(
        @{ What = 'an empty file'; Yaml = '' }
        @{ What = 'a compose v1 file'; Yaml = "web:`n  image: company/web`n  ports: ['80:80']" }
        @{ What = 'a package recipe'; Yaml = "package:`n  name: crane`n  version: '1'" }
        @{ What = 'a template'; Yaml = "containers:`n  {{ if .Values.x }}`n  os: {}`n  {{ end }}" }
        @{ What = 'a list'; Yaml = "- image: company/os" }
    ) {
        $file = Write-CraneFile $TestDrive $yaml
        $issues = @(Test-CraneFile -Path $file)
        $issues | Should -HaveCount 1
        $issues.ErrorId | Should -Be 'CraneFileInvalid'
        $issues.Path | Should -Be $file
        $issues.Message | Should -Match ([regex]::Escape($file))
    }

    It 'speaks of JSON in a JSON file' {
        $issue = Test-CraneFile (Write-CraneFile $TestDrive "{`n  `"containers`": {}`n" -Name crane.json)
        $issue.Message | Should -BeLike '*: invalid JSON: *'
        $issue.RecommendedAction | Should -Match 'braces'
    }

    It 'does not take a comment of other languages for a part of a key: <comment>' -ForEach @(
        @{ Comment = '// not ours' }
        @{ Comment = '/* not ours */' }
    ) {
        $json = "{ `"containers`": { `"os`": { `"image`": `"company/os`",`n  $comment`n  `"push`": { `"skip`": true } } } }"
        foreach ($name in 'crane.json', 'crane.yaml') {
            $issue = Test-CraneFile (Write-CraneFile $TestDrive $json -Name $name)
            $issue.ErrorId | Should -Be 'CraneFileInvalid'
            $issue.Line, $issue.Column | Should -Be 2, 3
            $issue.RecommendedAction | Should -Match '#'
        }
    }

    It 'reports once that the array form of crane 0.x is unsupported' {
        $file = Write-CraneFile $TestDrive '{ "containers": [{ "name": "os", "image": "company/os" }, { "image": "company/web" }] }' -Name crane.json
        $issues = @(Test-CraneFile -Path $file)
        $issues | Should -HaveCount 1
        $issues.Message | Should -Match "'containers' must be a map, not a list"
    }

    It 'warns of other unknown keys, once per file' {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, colour: red, zzz: 1 } }"
        Test-CraneFile -Path $file -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -Match 'colour.*zzz'
    }

    It 'reports a null character in <Key> with its line' -ForEach @(
        @{ Key = 'build'; Line = '{ context: "a\0b" }' }
        @{ Key = 'build'; Line = '{ context: ., file: "a\0b" }' }
        @{ Key = 'dockerfile'; Line = '"a\0b"' }
        @{ Key = 'build'; Line = '{ context: ., secret: ["id=a,src=b\0c"] }' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  os:`n    image: company/os`n    ${key}: $line"
        $issues = @(Test-CraneFile -Path $file)
        $issues.ErrorId | Should -Be 'InvalidValue'
        $issues.Line | Should -Be 4
        $issues.Message | Should -Match 'null character'
    }

    It 'finds undeclared names: <what>' -ForEach @(
        @{ What = 'in a group'; Yaml = 'groups: { default: [os], other: [absent] }' }
        @{ What = 'as a requirement'; Yaml = '  web: { image: company/web, requires: [absent] }' }
        @{ What = 'in hooks'; Yaml = 'hooks: { absent: { pre-build: make } }' }
        @{ What = 'as a link'; Yaml = '  web: { image: company/web, depends_on: [absent] }' }
    ) {
        $issue = Test-CraneFile (Write-CraneFile $TestDrive "containers:`n  os: { image: company/os }`n$yaml")
        $issue.ErrorId | Should -Be 'UnknownContainer'
        $issue.Line | Should -Be 3
        $issue.Message | Should -Match "'absent', which is not declared"
    }

    It 'finds errors in Dockerfiles: <what>' -ForEach @(
        @{ What = 'a dependency cycle'; One = 'FROM company/two'; Two = 'FROM company/one'; Id = 'DependencyCycle', 'DependencyCycle' }
        @{ What = 'an unknown instruction'; One = 'FROM scratch'; Two = "FROM scratch`nCOPPY a b"; Id = 'BuildFailed' }
        @{ What = 'a variable of FROM that is not set'; One = 'FROM scratch'; Two = 'FROM $ABSENT'; Id = 'BuildFailed' }
        @{ What = 'a missing Dockerfile'; One = 'FROM scratch'; Two = $null; Id = 'BuildFailed' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  one: { image: company/one, build: one }`n  two: { image: company/two, build: two }"
        foreach ($name in 'one', 'two') {
            $folder = New-Item (Join-Path (Split-Path $file) $name) -ItemType Directory
            $dockerfile = Get-Variable $name -ValueOnly
            if ($dockerfile) { Set-Content (Join-Path $folder Dockerfile) $dockerfile }
        }
        $issues = @(Test-CraneFile $file)
        $issues.ErrorId | Should -Be $id
        $issues[-1].Container | Should -Be 'two'
        foreach ($issue in $issues) {
            $issue.LineText | Should -Not -BeNullOrEmpty
            $issue.Column | Should -BeGreaterThan 0
            "$issue" | Should -BeLike "$($issue.Path):$($issue.Line):$($issue.Column): *"
        }
    }

    It 'points to the value that says what is built: <what>' -ForEach @(
        @{ What = 'the context'; Build = '{ context: absent, file: Dockerfile }'; Value = 'absent'; Key = 'build.context' }
        @{ What = 'the Dockerfile'; Build = '{ context: ., file: absent }'; Value = 'absent'; Key = 'build.file' }
        @{ What = 'the context, where the Dockerfile has its usual name'; Build = './here'; Value = './here'; Key = 'build.context' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  os: { image: company/os, build: $build }"
        $null = New-Item (Join-Path (Split-Path $file) here) -ItemType Directory
        $issue = Test-CraneFile $file
        $issue.ErrorId | Should -Be 'BuildFailed'
        $issue.LineText.Substring($issue.Column - 1) | Should -BeLike "$value*"
        $issue.Message | Should -BeLike "*'$key' of container 'os': The *"
        # What is only planned says it without the location, which the plan has.
        (Get-CraneRetagPlan Build -Path $file).Reason | Should -BeLike 'The *does not exist.'
    }

    It 'finds what every builder refuses: <keys>' -ForEach @(
        @{ Keys = 'build-arg: [A=1, "=2"]'; Key = 'build.build-arg'; Value = '=2' }
        @{ Keys = 'label: ["=x"]'; Key = 'build.label'; Value = '=x' }
        @{ Keys = 'platform: [linux/amd64, "lin ux/arm"]'; Key = 'build.platform'; Value = 'lin ux/arm' }
        @{ Keys = 'add-host: [nobody]'; Key = 'build.add-host'; Value = 'nobody' }
        @{ Keys = 'build-context: [nothing]'; Key = 'build.build-context'; Value = 'nothing' }
        @{ Keys = 'secret: token'; Key = 'build.secret'; Value = 'token' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  os: { image: company/os, build: { context: ., $keys } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
        $issue = Test-CraneFile $file
        $issue.ErrorId | Should -Be 'InvalidValue'
        $issue.Message | Should -BeLike "*:2:*: '$key' of container 'os': '$value' *"
        $issue.RecommendedAction | Should -BeLike 'Write *'
        Get-CraneContainer -Path $file | ConvertTo-Csv | ConvertFrom-Csv | Get-CraneRetagPlan Build -ErrorVariable errors -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        "$errors" | Should -BeLike "'$key' of container 'os': '$value' *"
    }

    It 'finds a platform that is none: <keys>' -ForEach @(
        @{ Keys = 'platform: arm'; Key = 'platform' }
        @{ Keys = 'platform: "a/b/c/d"'; Key = 'platform' }
        @{ Keys = 'platform: "a b", build: .'; Key = 'platform' }
    ) {
        $file = Write-CraneFile $TestDrive "containers:`n  os: { image: company/os, $keys }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
        $issue = Test-CraneFile $file
        $issue.ErrorId | Should -Be 'InvalidValue'
        $issue.Message | Should -BeLike "*:2:*: '$key' of container 'os': '* is not a platform."
    }

    It 'finds target conflicts: <what>' -ForEach @(
        @{ What = 'by a push and a copy'; Yaml = @'
  a: { image: company/a, pull: { registry: x.co }, push: { registry: y.co, override_user: me } }
  b: { image: other/a, pull: { registry: x.co }, push: { registry: Y.co, override_user: me } }
'@ }
        @{ What = 'by a build'; Yaml = @'
  a: { image: company/a, build: { context: ., target: one } }
  b: { image: company/a, build: { context: ., target: two } }
'@ }
    ) {
        $issues = Test-CraneFile (Write-CraneFile $TestDrive "containers:`n$yaml")
        @($issues.ErrorId) -eq 'TargetConflict' | Should -HaveCount 2
        $issues[0].Message | Should -Match "^.*crane\.yaml:2:\d+: '\S+' of container 'a': "
    }

    It 'points to the image about which other containers disagree' {
        $file = Write-CraneFile $TestDrive @'
containers:
  a: { image: company/a, pull: { registry: x.co } }
  b: { image: company/a, pull: { registry: y.co } }
  c: { image: company/a }
'@
        $issue = Test-CraneFile $file | Where-Object Container -eq c
        "$issue" | Should -BeLike "$($file):4:15: container 'c' does not say where to pull its image*"
    }

    It 'finds a variable that is set but empty, with its location' {
        $file = Write-CraneFile $TestDrive "containers:`n  os:`n    image: company/os`n    push:`n      registry: `${SET_BUT_EMPTY}"
        $issue = Test-CraneFile $file -Variable @{ SET_BUT_EMPTY = '' }
        $issue.ErrorId | Should -Be 'EmptyVariable'
        "$issue" | Should -Be "$($file):5:17: 'push.registry' of container 'os' uses the variable SET_BUT_EMPTY, which is set but empty."
        $issue.LineText | Should -Be '      registry: ${SET_BUT_EMPTY}'
        $issue.RecommendedAction | Should -Match ([regex]::Escape('${SET_BUT_EMPTY:-}') + '.*skipped')
    }

    It 'finds a default that names no remote, whether or not a container uses it: <keys>' -ForEach @(
        @{ Keys = 'pull: { registry: r.co }'; Words = "'defaults.pull' of the crane file: No remote is called 'offical'. Did you mean 'official'?" }
        @{ Keys = 'build: .'; Words = "'defaults.pull' of container 'os': No remote is called 'offical'. Did you mean 'official'?" }
    ) {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, $keys } }`nremotes: { official: { registry: r.co } }`ndefaults: { pull: offical }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM scratch'
        $issue = Test-CraneFile $file
        $issue.ErrorId | Should -Be 'UnknownRemote'
        $issue.Line | Should -Be 3
        $issue.Message | Should -BeLike "*$words"
    }

    It 'accepts paths at position 0 or from the pipeline, as strings and as files' {
        (Test-CraneFile $bad).Count | Should -Be 3
        ($bad, $good | Test-CraneFile).Count | Should -Be 3
        ($bad, $bad | Test-CraneFile).Count | Should -Be 6
        (Get-Item $bad | Test-CraneFile).Count | Should -Be 3
        (Get-ChildItem (Split-Path $bad) | Test-CraneFile).Count | Should -Be 3
        Test-CraneFile $good, $good | Should -BeNullOrEmpty
    }

    It 'emits a bool with -Quiet' {
        Test-CraneFile $good -Quiet | Should -BeExactly $true
        Test-CraneFile $bad -Quiet | Should -BeExactly $false
        Test-CraneFile absent.yaml -Quiet | Should -BeExactly $false
        $good, $bad, $bad | Test-CraneFile -Quiet | Should -Be $true, $false, $false
        Get-Item $good | Test-CraneFile -Quiet | Should -BeTrue
    }

    It 'survives CSV and JSON' {
        $before = Test-CraneFile -Path $bad
        ($before | ConvertTo-Csv | ConvertFrom-Csv).ErrorId | Should -Be ([string[]]$before.ErrorId)
        ($before | ConvertTo-Json | ConvertFrom-Json).Line | Should -Be $before.Line
    }
}
