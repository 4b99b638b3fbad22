Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # What docker compose itself reads in a file; it contacts no engine for that.
    function Read-Compose([string[]]$File) {
        $arguments = $File | ForEach-Object { '--file', $_ }
        $json = Invoke-TestbedDocker compose @arguments config --format json
        $LASTEXITCODE | Should -Be 0
        $json | ConvertFrom-Json -AsHashtable
    }

    $stack = Write-CraneFile $TestDrive @'
containers:
  web:
    image: company/web:1
    build: { context: web/, file: Dockerfile.web, build-arg: { PRICE: "5$$" }, secret: ["id=token,env=TOKEN"] }
    push: { registry: personal.example, override_user: bob, tag: [latest, "2"] }
    requires: [db]
    ports: ["8080:80"]
    environment: { HOME_PAGE: "${HOME_PAGE:-none}" }
  db:
    image: company/db
    pull: { registry: official.example }
    push: { skip: true }
    run:
      env: [A=1]
      publish: ["5432:5432"]
      volume: ["data:/var/lib/data", "./conf:/conf"]
      health-cmd: pg_isready
      health-interval: 5s
      log-driver: json-file
      log-opt: [max-size=1m]
      stop-timeout: 20
      ulimit: ["nofile=100:200"]
      net: container:cache
      detach: true
      restart: always
      privileged: false
  cache: { image: company/cache, ports: ["1:1"] }
'@
    $folder = Split-Path $stack
}

Describe 'A Compose file that was exported' {
    It 'protects targets as the crane file does, and holds images back' {
        $guarded = Write-CraneFile $TestDrive @'
containers:
  os:
    image: company/os
    pull: { registry: official.example, minimum_age: 3d }
    push: { registry: personal.example, tag: [v1, dev, other], overwrite: { mode: never, never: ["v*"], always: dev } }
  web: { image: company/web, push: { registry: personal.example, overwrite: always } }
'@
        $exported = Write-CraneFile $TestDrive (Export-CraneComposeFile -Path $guarded) -Name compose.yaml
        (Get-CraneRetagPlan Push -Path $exported).Overwrite | Should -Be 'Never', 'Always', 'Never', 'Always'
        (Get-CraneContainer os -Path $exported).Push | Should -Be (Get-CraneContainer os -Path $guarded).Push
        (Get-CraneContainer os -Path $exported).MinimumAge | Should -Be '3.00:00:00'
    }

    It 'has no service whose name Compose would refuse, and the others: <_>' -ForEach 'my app', 'a/b', 'größe', 'a:b' {
        $named = Write-CraneFile $TestDrive "containers:`n  '$_': { image: company/bad }`n  good-1.x_Y: { image: company/good, requires: ['$_'] }"
        $exported = Export-CraneComposeFile -Path $named -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'InvalidValue,Crane.Commands.ExportCraneComposeFileCommand'
        "$errors" | Should -BeLike "$($named):2:3: The container '$_' cannot be a service*"
        $errors.TargetObject.Container | Should -Be $_
        (Get-CraneContainer -Path (Write-CraneFile $TestDrive $exported -Name compose.yaml)).Name | Should -Be 'good-1.x_Y'
    }
}

Describe 'Export-CraneComposeFile' -Skip:$missing {
    BeforeAll {
        $file = Export-CraneComposeFile -Path $stack -FilePath (Join-Path $folder compose.yaml) -PassThru
        $config = Read-Compose $file.FullName
        $web = $config.services.web
        $db = $config.services.db
    }

    It 'writes a file that docker compose reads, with images and builds' {
        $config.services.Keys | Sort-Object | Should -Be 'cache', 'db', 'web'
        $web.image | Should -Be 'company/web:1'
        $web.build.context | Should -Be (Join-Path $folder web)
        $web.build.dockerfile | Should -Be 'Dockerfile.web'
        $web.build.args.PRICE | Should -Be '5$$'   # as compose writes a dollar sign
        $web.build.secrets.source | Should -Be 'token'
        $config.secrets.token.environment | Should -Be 'TOKEN'
        $web.depends_on.Keys | Should -Be 'db'
    }

    It 'has the keys for running containers, whose variables compose expands' {
        $web.ports.target | Should -Be 80
        $web.environment.HOME_PAGE | Should -Be 'none'
    }

    It 'has the options of docker run of old crane files in the words of compose' {
        $db.environment.A | Should -Be '1'
        $db.ports.published | Should -Be '5432'
        $db.volumes.type | Should -Be 'volume', 'bind'
        $config.volumes.Keys | Should -Be 'data'
        $db.healthcheck.test | Should -Be 'CMD-SHELL', 'pg_isready'
        $db.healthcheck.interval | Should -Be '5s'
        $db.logging.driver | Should -Be 'json-file'
        $db.logging.options.'max-size' | Should -Be '1m'
        $db.stop_grace_period | Should -Be '20s'
        $db.ulimits.nofile.hard | Should -Be 200
        $db.network_mode | Should -Be 'service:cache'
        $db.restart | Should -Be 'always'
    }

    It 'never lets compose ask Docker Hub for an image that is pulled from elsewhere' {
        $db.pull_policy | Should -Be 'never'
        $web.Keys | Should -Not -Contain 'pull_policy'
    }

    It 'means the same files in another folder, and the images that its services build, with -FilePath <_>' -ForEach $true, $false {
        $stack = Write-CraneFile $TestDrive @'
containers:
  app:
    image: company/app
    build:
      context: app
      secret: ["id=token,src=token.txt", "id=key,type=env,src=KEY"]
      cache-from: ["company/cache", "type=local,src=cache"]
      cache-to: ["type=local,dest=cache"]
      build-context: { base: "service:os", tools: "service:tools", files: files }
  os: { image: company/os, build: os }
  tools: { image: company/tools, pull: { registry: r.example } }
'@
        $folder = Split-Path $stack
        $null = New-Item $folder/app, $folder/os, $folder/files -ItemType Directory
        'app', 'os' | ForEach-Object { Set-Content $folder/$_/Dockerfile 'FROM scratch' }
        $path = "$((New-Item -ItemType Directory (Join-Path $TestDrive (New-Name))).FullName)/compose.yaml"
        if ($_) { Export-CraneComposeFile -Path $stack -FilePath $path } else { Export-CraneComposeFile -Path $stack | Set-Content $path }
        $config = Read-Compose $path
        $config.secrets.token.file | Should -Be (Join-Path $folder token.txt)
        $config.secrets.key.environment | Should -Be 'KEY'
        $config.services.app.build.cache_from | Should -Be 'company/cache', "type=local,src=$folder/cache"
        $config.services.app.build.cache_to | Should -Be "type=local,dest=$folder/cache"
        $contexts = $config.services.app.build.additional_contexts
        $contexts.base | Should -Be 'service:os'
        $contexts.tools | Should -Be 'docker-image://company/tools'
        $contexts.files | Should -Be (Join-Path $folder files)
        $build = (Get-CraneContainer app -Path $path).Build
        $build.BuildContext | Sort-Object |
            Should -Be "base=docker-image://company/os", "files=$folder/files", 'tools=docker-image://company/tools'
    }

    It 'is a crane file with the same plans, and after a round trip of containers the same file' {
        $other = (New-Item -ItemType Directory (Join-Path $TestDrive other)).FullName
        Copy-Item $file.FullName $other/compose.yaml
        foreach ($operation in 'Pull', 'Push') {
            $before = Get-CraneRetagPlan $operation -Path $stack | Sort-Object Container, Target
            $after = Get-CraneRetagPlan $operation -Path $other | Sort-Object Container, Target
            $after.Source | Should -Be $before.Source
            $after.Target | Should -Be $before.Target
            $after.Status | Should -Be $before.Status
        }
        $content = Export-CraneComposeFile -Path $stack
        Get-CraneContainer -Path $stack | ConvertTo-Csv | ConvertFrom-Csv | Export-CraneComposeFile | Should -Be $content
    }

    It 'takes names from the pipeline' {
        'cache' | Export-CraneComposeFile -Path $stack | Should -Be (Export-CraneComposeFile cache -Path $stack)
    }

    It 'does not overwrite with -NoClobber, and writes nothing with -WhatIf' {
        { Export-CraneComposeFile -Path $stack -FilePath $file.FullName -NoClobber -ErrorAction Stop } | Should -Throw '*already exists*'
        Export-CraneComposeFile -Path $stack -FilePath (Join-Path $folder none.yaml) -WhatIf
        Join-Path $folder none.yaml | Should -Not -Exist
    }

    It 'pins the digests of the lock in a file that compose merges over the other' {
        $name = New-Name
        $digest = Publish-Image "$official/company/$name"
        $locked = Write-CraneFile $TestDrive @"
containers: { os: { image: company/$name, pull: { registry: $official } } }
"@
        $null = Update-CraneLock -Path $locked
        $base = Export-CraneComposeFile -Path $locked -FilePath (Join-Path (Split-Path $locked) compose.yaml) -PassThru
        $pins = Export-CraneComposeFile -Path $locked -Locked -FilePath (Join-Path (Split-Path $locked) compose.lock.yaml) -PassThru
        (Read-Compose $base.FullName, $pins.FullName).services.os.image | Should -Be "$official/company/$name@$digest"
    }
}
