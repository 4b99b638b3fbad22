Import-Module $PSScriptRoot/Setup.psm1

# Compose files as crane files.

BeforeAll {
    function New-ComposeFile([string]$Content, [string]$Name = 'compose.yaml', [string]$Folder = "stack-$(New-Guid)") {
        $null = New-Item -ItemType Directory -Force (Join-Path $TestDrive $Folder)
        $file = Join-Path $TestDrive $Folder $Name
        Set-Content $file $Content
        $file
    }

    $shop = New-ComposeFile @'
name: shop
services:
  web:
    build:
      args: { VERSION: "2" }
    depends_on: { db: { condition: service_healthy } }
    ports: ["80:80"]
    x-crane:
      push: { registry: other.example }
  api:
    image: company/api
    build: { context: api/, dockerfile: Dockerfile.api }
  db:
    image: postgres:16
    pull_policy: never
    x-crane: { push: false, pull: false }
  debug:
    image: company/debug
    profiles: [debug, all]
x-crane:
  pull: { registry: official.example }
  push: { registry: personal.example, override_user: bob }
'@
}

Describe 'Compose files' {
    Context 'Location' {
        It 'finds <name> where no crane file is' -ForEach @(
            @{ Name = 'compose.yaml' }, @{ Name = 'compose.yml' }, @{ Name = 'docker-compose.yml' }, @{ Name = 'docker-compose.yaml' }
        ) {
            $file = New-ComposeFile 'services: { os: { image: company/os } }' $name
            Push-Location (New-Item -ItemType Directory (Join-Path (Split-Path $file) below))
            try { (Get-CraneContainer).Path | Should -Be $file } finally { Pop-Location }
            (Get-CraneContainer -Path (Split-Path $file)).Path | Should -Be $file
        }

        It 'merges the override file over it, as docker compose does' {
            $file = New-ComposeFile 'services: { os: { image: company/os }, web: { image: company/web } }'
            $null = New-ComposeFile 'services: { os: { image: company/os:2 } }' compose.override.yaml (Split-Path -Leaf (Split-Path $file))
            (Get-CraneContainer -Path (Split-Path $file)).Image | Should -Be 'company/os:2', 'company/web'
            (Get-CraneContainer -Path $file).Image | Should -Be 'company/os', 'company/web'
        }

        It 'reads profiles of all files together: <override>' -ForEach @(
            @{ Override = 'services: { more: { image: company/more, profiles: [debug] } }'; Default = 'os', 'web'; Debug = 'more' }
            @{ Override = 'services: { more: { image: company/more, profiles: [debug] }, os: {} }'; Default = 'os', 'web'; Debug = 'more' }
            @{ Override = 'services: { web: { profiles: [debug] } }'; Default = 'os'; Debug = 'web', 'tool' }
            @{ Override = 'services: { tool: { profiles: [other] } }'; Default = 'os', 'web'; Debug = @() }
            @{ Override = 'services: { tool: { profiles: !reset [] } }'; Default = 'os', 'web', 'tool'; Debug = @() }
        ) {
            $tool = $debug -contains 'tool' ? 'debug' : 'tools'
            $services = "os: { image: company/os }, web: { image: company/web }, tool: { image: company/tool, profiles: [$tool] }"
            $file = New-ComposeFile "services: { $services }"
            $null = New-ComposeFile $override compose.override.yaml (Split-Path -Leaf (Split-Path $file))
            (Get-CraneContainer -Path (Split-Path $file)).Name | Should -Be $default
            (Get-CraneContainer * -Path (Split-Path $file) | Where-Object Group -contains debug).Name | Should -Be $debug
        }

        It 'reads secrets of all files together' {
            $file = New-ComposeFile 'services: { os: { image: company/os, build: { context: ., secrets: [token] } } }'
            $null = New-ComposeFile 'secrets: { token: { file: ./token } }' compose.override.yaml (Split-Path -Leaf (Split-Path $file))
            (Get-CraneContainer -Path (Split-Path $file)).Build.Secret | Should -Be 'id=token,src=./token'
        }

        It 'merges a file that has only <what>' -ForEach @(
            @{ What = 'x-crane'; Content = 'x-crane: { push: { registry: personal.example } }'; Target = 'personal.example/company/os' }
            @{ What = 'networks'; Content = 'networks: { front: {} }'; Target = '' }
            @{ What = 'volumes'; Content = 'volumes: { data: }'; Target = '' }
        ) {
            $file = New-ComposeFile 'services: { os: { image: company/os } }'
            $null = New-ComposeFile $content compose.override.yaml (Split-Path -Leaf (Split-Path $file))
            (Get-CraneRetagPlan Push -Path (Split-Path $file)).Target | Should -Be $target
        }

        It 'removes and replaces what earlier files say, as Compose does: <change>' -ForEach @(
            @{ Change = 'os: { build: !reset null }'; Seen = @{ Build = $null; Push = 'registry=a.example'; Requires = 'db' } }
            @{ Change = 'os: { build: !override { context: other } }'; Seen = @{ 'Build.Argument' = ''; Push = 'registry=a.example' } }
            @{ Change = 'os: { build: { args: !override { C: "3" } } }'; Seen = @{ 'Build.Argument' = 'C=3' } }
            @{ Change = 'os: { build: { args: { A: !reset null } } }'; Seen = @{ 'Build.Argument' = 'B=2' } }
            @{ Change = 'os: { depends_on: !reset [] }'; Seen = @{ Requires = ''; Pull = 'registry=b.example' } }
            @{ Change = 'os: { x-crane: !reset null }'; Seen = @{ Pull = $null; Push = $null } }
            @{ Change = 'os: { x-crane: !override { push: false } }'; Seen = @{ Pull = $null; Push = 'skip=true' } }
            @{ Change = 'os: !override { image: company/os:2 }'; Seen = @{ Image = 'company/os:2'; Build = $null; Push = $null } }
            @{ Change = 'os: { image: !override company/os:3 }'; Seen = @{ Image = 'company/os:3'; Push = 'registry=a.example' } }
            @{ Change = 'os: !reset null'; Seen = $null }
        ) {
            $file = New-ComposeFile @'
services:
  os:
    image: company/os
    build: { context: ., args: { A: "1", B: "2" } }
    depends_on: [db]
    x-crane: { pull: { registry: b.example }, push: { registry: a.example } }
  db: { image: company/db }
'@
            $null = New-ComposeFile "services: { $change }" compose.override.yaml (Split-Path -Leaf (Split-Path $file))
            $os = Get-CraneContainer -Path (Split-Path $file) | Where-Object Name -eq os
            if ($null -eq $seen) { $os | Should -BeNullOrEmpty }
            foreach ($name in ${seen}?.Keys) {
                $value = $os
                foreach ($part in $name -split '\.') { $value = $value.$part }
                "$value" | Should -Be "$($seen[$name])" -Because $name
            }
        }

        It 'prefers a crane file, also of a parent folder' {
            $file = New-ComposeFile 'services: { os: { image: company/composed } }'
            Set-Content (Join-Path $TestDrive crane.yaml) 'containers: { os: { image: company/os } }'
            Push-Location (Split-Path $file)
            try { (Get-CraneContainer).Image | Should -Be 'company/os' }
            finally {
                Pop-Location
                Remove-Item (Join-Path $TestDrive crane.yaml)
            }
        }
    }

    Context 'Services' {
        It 'selects services without a profile, dependencies first' {
            (Get-CraneContainer -Path $shop).Name | Should -Be 'api', 'db', 'web'
        }

        It 'has profiles as groups' {
            (Get-CraneContainer -Path $shop -Group debug).Name | Should -Be 'debug'
            (Get-CraneContainer debug -Path $shop).Group | Should -Be 'debug', 'all'
        }

        It 'names an image that is built as Compose does: <why>' -ForEach @(
            @{ Why = 'by the name of the project'; Content = "name: shop`nservices: { web: { build: . } }"; Image = 'shop-web' }
            @{ Why = 'by the folder'; Content = 'services: { web: { build: . } }'; Folder = '_My Stack.2'; Image = 'mystack2-web' }
            @{ Why = 'by a variable'; Content = "name: shop`nservices: { web: { build: . } }"; Variable = @{ COMPOSE_PROJECT_NAME = 'x' }; Image = 'x-web' }
        ) {
            $file = New-ComposeFile $content compose.yaml ($folder ?? "stack-$(New-Guid)")
            (Get-CraneContainer -Path $file -Variable ($variable ?? @{})).Image | Should -Be $image
        }

        It 'builds in the folder of the file without a context' {
            $build = (Get-CraneContainer web -Path $shop).Build
            $build.Context | Should -Be (Split-Path $shop)
            $build.Argument | Should -Be 'VERSION=2'
        }

        It 'reads x-crane of a service, and that at the top for the others' {
            $plans = Get-CraneRetagPlan Push -Path $shop
            $plans.Target | Should -Be 'personal.example/bob/api', '', 'other.example/shop-web'
            $plans[1].Reason | Should -Be 'push.skip'
            (Get-CraneRetagPlan Pull api -Path $shop).Source | Should -Be 'official.example/company/api'
        }

        It 'refuses <what>' -ForEach @(
            @{ What = 'a typo in x-crane'; Body = 'x-crane: { push: { registri: r.example } }'; Id = 'UnknownKey'; Message = '*registri*registry*' }
            @{ What = 'a section in both places'; Body = 'push: { registry: a.example }, x-crane: { push: { registry: b.example } }'; Id = 'DuplicateKey'; Message = '*push*twice*' }
            @{ What = 'a service that extends one of another file'; Body = 'extends: { file: other.yaml, service: web }'; Id = 'InvalidValue'; Message = '*extends one of another file*' }
            @{ What = 'a service that extends none'; Body = 'extends: { service: nobody }'; Id = 'UnknownContainer'; Message = '*extends ''nobody''*' }
            @{ What = 'a service that extends itself'; Body = 'extends: os'; Id = 'DependencyCycle'; Message = '*extends itself*' }
            @{ What = 'a secret that is not declared'; Body = 'build: { context: ., secrets: [token] }'; Id = 'InvalidValue'; Message = '*secret of the build of ''os''*' }
            @{ What = 'another policy'; Body = 'pull_policy: sometimes'; Id = 'InvalidValue'; Message = '*must be always*sometimes*' }
        ) {
            $issue = Test-CraneFile -Path (New-ComposeFile "services: { os: { image: company/os, $body } }")
            $issue.ErrorId | Should -Be $id
            $issue.Message | Should -BeLike $message
            $issue.Line | Should -Be 1
        }

        It 'refuses a file that includes others, and says what to do' {
            $issue = Test-CraneFile -Path (New-ComposeFile 'include: [other.yaml]')
            $issue.ErrorId | Should -Be 'InvalidValue'
            $issue.RecommendedAction | Should -BeLike '*-Path*'
        }

        It 'reads what a service extends' {
            $file = New-ComposeFile @'
services:
  base: { image: company/base, build: { context: base/, args: { A: "1", B: "1" } }, profiles: [never], x-crane: { push: { registry: r.example } } }
  web: { extends: { service: base }, image: company/web, build: { args: { B: "2" } } }
  top: { extends: web, image: company/top }
'@
            $top = Get-CraneContainer top -Path $file
            $top.Image | Should -Be 'company/top'
            $top.Build.Argument | Should -Be 'A=1', 'B=2'
            $top.PushReference | Should -Be 'r.example/company/top'
            (Get-CraneContainer -Path $file).Name | Should -Be 'web', 'top'
        }
    }

    Context 'Builds' {
        It 'reads the keys of Compose' {
            $file = New-ComposeFile @'
services:
  os:
    image: company/os
    build:
      context: .
      platforms: [linux/amd64, linux/arm64]
      labels: { a: b }
      cache_from: [company/cache]
      cache_to: ["type=inline"]
      extra_hosts: { "build.example": "10.0.0.1" }
      secrets: [token, { source: password, target: pw }, "id=own,env=OWN"]
secrets:
  token: { file: ./token.txt }
  password: { environment: PASSWORD }
'@
            $build = (Get-CraneContainer -Path $file -WarningVariable warnings).Build
            $warnings | Should -BeNullOrEmpty
            $build.Platform | Should -Be 'linux/amd64', 'linux/arm64'
            $build.Label | Should -Be 'a=b'
            $build.CacheFrom | Should -Be 'company/cache'
            $build.CacheTo | Should -Be 'type=inline'
            $build.AddHost | Should -Be 'build.example=10.0.0.1'
            $build.Secret | Should -Be 'id=token,src=./token.txt', 'id=pw,env=PASSWORD', 'id=own,env=OWN'
        }

        It 'warns about keys that it does not have, once, with their lines' {
            $file = New-ComposeFile @'
services:
  os:
    image: company/os
    build:
      context: .
      ssh: [default]
      shm_size: 1g
      no_cache: true
      pull: true
      tags: [company/os:also]
      x-bake: { tags: [a] }
'@
            $null = Get-CraneContainer -Path $file -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike "*builds without them: 'ssh' (line 6), 'shm_size' (line 7), 'no_cache' (line 8), 'pull' (line 9), 'tags' (line 10)."
        }

        It 'refuses only the service whose Dockerfile is in the file' {
            $file = New-ComposeFile 'services: { os: { image: company/os, build: { dockerfile_inline: FROM scratch } }, web: { image: company/web } }'
            (Get-CraneContainer -Path $file -ErrorVariable failures -ErrorAction SilentlyContinue).Name | Should -Be 'web'
            $failures.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            $failures.Exception.Message | Should -BeLike '*dockerfile_inline*not supported*'
        }

        It 'depends on the services whose images are contexts, and builds with these' {
            $file = New-ComposeFile @'
services:
  web:
    image: company/web
    build:
      context: web/
      additional_contexts:
        base: service:os
        files: ../files
  os: { image: company/os:2, build: os/ }
'@
            $folder = Split-Path $file
            $null = New-Item -ItemType Directory $folder/web, $folder/os
            Set-Content $folder/web/Dockerfile "FROM base`nCOPY --from=files . /"
            Set-Content $folder/os/Dockerfile 'FROM scratch'
            $containers = Get-CraneContainer -Path $file
            $containers.Name | Should -Be 'os', 'web'
            $containers[1].Build.BuildContext | Should -Be 'base=docker-image://company/os:2', "files=$TestDrive/files"
            $containers[1].Base | Should -Be 'company/os:2'
            $bake = $containers | Export-CraneBakeFile | ConvertFrom-Json
            $bake.target.web.contexts.base | Should -Be 'target:os'
            $bake.target.web.contexts.files | Should -Be "$TestDrive/files"
        }
    }

    Context 'Pulls' {
        It 'skips a pull by the policy <policy>: <reason>' -ForEach @(
            @{ Policy = 'never'; Body = ''; Status = 'Skipped'; Reason = 'pull_policy is never' }
            @{ Policy = 'build'; Body = ''; Status = 'Skipped'; Reason = 'pull_policy is build' }
            @{ Policy = 'build'; Body = 'build: ., x-crane: { pull: { registry: r.example } },'; Status = 'Skipped'; Reason = 'built here' }
            @{ Policy = 'always'; Body = ''; Status = 'Planned'; Reason = '' }
            @{ Policy = 'every_12h'; Body = ''; Status = 'Planned'; Reason = '' }
        ) {
            $plan = Get-CraneRetagPlan Pull -Path (New-ComposeFile "services: { os: { image: company/os, $body pull_policy: $policy } }")
            $plan.Status | Should -Be $status
            $plan.Reason | Should -Be $reason
        }

        It 'pulls and builds for the platform of a service, also after a round trip' {
            $file = New-ComposeFile 'services: { os: { image: company/os, platform: linux/arm64 }, web: { image: company/web, build: ., platform: linux/arm64 } }'
            $plan = Get-CraneRetagPlan Pull os -Path $file
            $plan.Platform | Should -Be 'linux/arm64'
            $plan.Step[1] | Should -Be 'docker pull --platform linux/arm64 docker.io/company/os'
            (Get-CraneContainer web -Path $file).Build.Platform | Should -Be 'linux/arm64'
            $again = Get-CraneContainer os -Path $file | ConvertTo-Csv | ConvertFrom-Csv | Get-CraneRetagPlan Pull
            $again.Platform | Should -Be 'linux/arm64'
        }

        It 'pulls the platform of a service, also where the engine <store> has another one of the same index' -Skip:$missing -ForEach @(
            @{ Store = 'overlay2' }, @{ Store = 'containerd' }
        ) {
            $registry = Start-TestRegistry
            try {
                $image = "company/$(New-Name):1"
                $null = Publish-Index "$($registry.Address)/$image"
                $pull = "x-crane: { pull: { registry: '$($registry.Address)' } }"
                $any = New-ComposeFile "services: { os: { image: '$image', $pull } }"
                $arm = New-ComposeFile "services: { os: { image: '$image', platform: linux/arm64, $pull } }"
                $engine = $testbed.Engines[$store]
                (Invoke-CranePull -Path $any -Engine $engine).Status | Should -Be 'Succeeded'
                (Invoke-CranePull -Path $arm -Engine $engine).Status | Should -Be 'Succeeded'
                Invoke-TestbedDocker $store image inspect --platform linux/arm64 $image --format '{{.Architecture}}' | Should -Be 'arm64'
                # With overlay2, an engine gives the digest of an index to one image only, and does not know that of the other.
                (Invoke-CranePull -Path $arm -Engine $engine).Status | Should -Be 'UpToDate'
                $layout = "oci:$(Join-Path $TestDrive (New-Guid))"
                (Invoke-CranePull -Path $arm -Engine $layout).Status | Should -Be 'Succeeded'
                (Get-CraneImage $image -Engine $layout).Platform | Should -Be 'linux/arm64'
            }
            finally { $registry | Stop-TestRegistry }
        }
    }
}
