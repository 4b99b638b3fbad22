Import-Module $PSScriptRoot/Setup.psm1

# The schema of crane files for editors, says of files what the module says of them.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $files = Get-ChildItem $root/samples, $root/tests/Crane.Adapters.Tests/vectors -Recurse -Include *.yaml, *.yml, *.json |
        Where-Object { $_.Name -eq 'crane.yaml' -or $_.DirectoryName -match 'crane-files$' } | Where-Object Name -NE index.json
}

BeforeAll {
    $module = Split-Path (Get-Module Crane).Path
    $schema = Join-Path $module crane.schema.json
    $yaml = Get-ChildItem $module -Recurse -Filter YamlDotNet.dll
    Add-Type -Path $yaml.FullName
    $reader = [YamlDotNet.Serialization.DeserializerBuilder]::new().WithAttemptingUnquotedStringTypeDeserialization().Build()
    $writer = [YamlDotNet.Serialization.SerializerBuilder]::new().JsonCompatible().Build()

    # The errors of keys and values, which a schema can have; not those of names, variables and what else a file needs.
    $judged = 'UnknownKey', 'InvalidValue', 'CraneFileInvalid'

    function Test-Schema([string]$Path) {
        $parser = [YamlDotNet.Core.MergingParser]::new([YamlDotNet.Core.Parser]::new([IO.StringReader]::new((Get-Content $Path -Raw))))
        $json = $writer.Serialize($reader.Deserialize($parser))
        Test-Json -Json $json -SchemaFile $schema -ErrorAction SilentlyContinue
    }

    function Test-File([string]$Path) {
        -not (Test-CraneFile -Path $Path -NoEnvFile -WarningAction SilentlyContinue | Where-Object ErrorId -In $judged)
    }
}

Describe 'crane.schema.json' {
    It 'is valid for <_.Name>, if the module takes its keys and values' -ForEach $files {
        Test-Schema $_.FullName | Should -Be (Test-File $_.FullName)
    }

    It 'agrees with the module: <yaml>' -ForEach @(
        @{ Good = $true; Yaml = 'containers: {}' }
        @{ Good = $true; Yaml = 'containers:' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os, build: os/ } }' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os:1, build: { context: ., file: D, build-arg: [A=1], target: t, network: host, platform: linux/amd64, label: { a: b }, secret: "id=a,env=A", cache-from: [a], cache-to: a, add-host: "a:1.2.3.4", build-context: { a: b } } } }' }
        @{ Good = $true; Yaml = 'services: { os: { image: os, build: { args: { A: 1, B: }, platforms: [linux/amd64], labels: [a=b], cache_from: [a], cache_to: [a], extra_hosts: { a: b }, additional_contexts: [a=b], ssh: [default], ulimits: { nofile: 1 }, x-own: 1 } } }' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os, pull: mine, push: { remote: mine, skip: "no", tag: [1.1, latest], overwrite: { mode: Lease, never: v*, always: [a, b] } } } }' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os, pull: { registry: r.co, override_user: me, minimum_age: 3d }, push: false } }' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os, push: { registry: r.co, skip: "${SKIP}", overwrite: "${MODE}" }, pull: { minimum_age: "${AGE:-1d}" } } }' }
        @{ Good = $true; Yaml = 'containers: { os: { image: os, requires: , profiles: [a], platform: linux/arm64, pull_policy: always, unknown: 1, ports: [1] } }' }
        @{ Good = $true; Yaml = "groups: { a: [b, ~], c: { containers: [b], atomic: yes } }`ncontainers: { b: { image: b } }" }
        @{ Good = $true; Yaml = "hooks: { a: { pre-build: x, post-build: , pre-tag: y, pre-start: z } }`nregistries: { r.co: { insecure: on, ca: x, mirrors: m } }`ncontainers: { a: { image: a } }" }
        @{ Good = $true; Yaml = "containers: { a: { image: a } }`nremotes: { mine: { registry: r.co, overwrite: never } }`ndefaults: { pull: mine, push: mine }`nlock: { minimum_age: 3.00:00 }" }
        @{ Good = $true; Yaml = "services: { a: { image: a, x-crane: { pull: mine, push: { registry: r.co }, requires: [b] } } }`nx-crane: { pull: { registry: r.co }, push: mine, remotes: { mine: { registry: m.co } }, groups: { g: [a] } }" }
        @{ Good = $false; Yaml = 'a: 1' }
        @{ Good = $false; Yaml = '[a]' }
        @{ Good = $false; Yaml = 'containers: [a]' }
        @{ Good = $false; Yaml = 'containers: { os: image }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: [a] } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, build: [a] } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, build: { context: ., unknown: 1 } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, build: { context: ., platform: { a: b } } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, build: { context: ., label: a } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, pull: { registri: r.co } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, push: { registry: [r.co] } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, push: { skip: maybe } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, push: { overwrite: sometimes } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, push: { overwrite: { sometimes: a } } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, pull: { minimum_age: 3 } } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, registry: r.co } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, override_user: me } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, context: a } }' }
        @{ Good = $false; Yaml = 'containers: { os: { image: os, minimum_age: 3d } }' }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`nregistry: r.co" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`npush: { registry: r.co }" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`nremotes: { mine: { registry: r.co, skip: true } }" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`ndefaults: { both: mine }" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`nlock: { minimum_age: soon }" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`ngroups: { a: { members: [os] } }" }
        @{ Good = $false; Yaml = "containers: { os: { image: os } }`nregistries: { r.co: { insecure: perhaps } }" }
        @{ Good = $false; Yaml = 'services: { os: { image: os, x-crane: { push: { registri: r.co } } } }' }
        @{ Good = $false; Yaml = "services: { os: { image: os } }`nx-crane: { containers: {} }" }
    ) {
        $file = Join-Path $TestDrive crane.yaml
        Set-Content $file $yaml
        Test-File $file | Should -Be $good -Because 'the module says so'
        Test-Schema $file | Should -Be $good -Because 'the schema says so'
    }

    It 'has the address that New-CraneFile writes' {
        $id = (Get-Content $schema -Raw | ConvertFrom-Json).'$id'
        Get-Content (New-CraneFile $TestDrive/new) -TotalCount 1 | Should -Be "# yaml-language-server: `$schema=$id"
    }

    It 'says of every key what it is' {
        $definitions = (Get-Content $schema -Raw | ConvertFrom-Json -AsHashtable)
        $described = @($definitions, $definitions.'$defs'.Values) | ForEach-Object { $_ } | ForEach-Object { @($_) + @($_.anyOf | Where-Object { $_ -is [Collections.IDictionary] }) } |
            Where-Object { $_ -is [Collections.IDictionary] -and $_.properties }
        $silent = foreach ($section in $described) { $section.properties.GetEnumerator() | Where-Object { $_.Value -is [Collections.IDictionary] -and -not $_.Value.description } }
        $silent.Key | Should -BeNullOrEmpty
        $described | Should -Not -BeNullOrEmpty
    }
}
