# What can be piped to the cmdlets that select containers or take a source and a target: names, tables, hashtables, files.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $file = Write-CraneFile $TestDrive @'
containers:
  os: { image: company/os, build: os/, pull: { registry: r.co }, push: { registry: "${PLACE:-p.co}" } }
  web: { image: company/web, build: web/, requires: [os], pull: { registry: r.co }, push: { registry: p.co } }
groups: { core: [os] }
'@
    $folder = Split-Path $file
    foreach ($context in 'os', 'web') {
        $null = New-Item $folder/$context -ItemType Directory
        Set-Content $folder/$context/Dockerfile 'FROM scratch'
    }
    $layout = "oci:$folder/images"
    Push-Location $folder

    # The containers of what a command emits.
    function Get-EmittedName([scriptblock] $Command) {
        @(& $Command).ForEach{ $_.PSObject.Properties['Container'] ? $_.Container : $_.Name }
    }
}

AfterAll { Pop-Location }

Describe 'Names from the pipeline' {
    It 'select containers for <cmdlet>' -ForEach @(
        @{ Cmdlet = 'Get-CraneContainer'; Run = { $args[0] | Get-CraneContainer } }
        @{ Cmdlet = 'Get-CraneRetagPlan'; Run = { $args[0] | Get-CraneRetagPlan Push } }
        @{ Cmdlet = 'Get-CraneStatus'; Run = { $args[0] | Get-CraneStatus -Engine $layout -Offline } }
        @{ Cmdlet = 'Invoke-CranePull'; Run = { $args[0] | Invoke-CranePull -WhatIf -Engine $layout } }
        @{ Cmdlet = 'Invoke-CranePush'; Run = { $args[0] | Invoke-CranePush -WhatIf -Engine $layout -ErrorAction Ignore } }   # it has no images
        @{ Cmdlet = 'Invoke-CraneBuild'; Run = { $args[0] | Invoke-CraneBuild -WhatIf -Builder Engine } }
        @{ Cmdlet = 'Invoke-CraneProvision'; Run = { $args[0] | Invoke-CraneProvision -WhatIf } }
        @{ Cmdlet = 'Copy-CraneImage'; Run = { $args[0] | Copy-CraneImage -WhatIf } }
    ) {
        Get-EmittedName { & $run 'web' } | Should -Be 'web'
        Get-EmittedName { & $run 'web', 'core' } | Sort-Object | Should -Be 'os', 'web'
        Get-EmittedName { & $run ([pscustomobject]@{ Name = 'web'; Note = 'mine' }) } | Should -Be 'web'
        Get-EmittedName { & $run @{ Name = 'web' } } | Should -Be 'web'
    }

    It 'select containers for Export-CraneBakeFile' {
        'web' | Export-CraneBakeFile | Should -Match 'company/web'
        'web' | Export-CraneBakeFile | Should -Not -Match 'company/os'
    }

    It 'come from a file' {
        Set-Content names.txt os, web
        Get-EmittedName { Get-Content names.txt | Get-CraneRetagPlan Pull } | Should -Be 'os', 'web'
        Set-Content names.csv Name, web
        Get-EmittedName { Import-Csv names.csv | Get-CraneContainer } | Should -Be 'web'
    }

    It 'go with the parameters that select: <what>' -ForEach @(
        @{ What = '-Path'; Run = { Push-Location /; try { 'web' | Get-CraneRetagPlan Pull -Path $file } finally { Pop-Location } }; Target = 'company/web' }
        @{ What = '-LiteralPath'; Run = { Push-Location /; try { @{ Name = 'web' } | Get-CraneRetagPlan Pull -LiteralPath $file } finally { Pop-Location } }; Target = 'company/web' }
        @{ What = '-Variable'; Run = { 'os' | Get-CraneRetagPlan Push -Variable @{ PLACE = 'x.co' } }; Target = 'x.co/company/os' }
        @{ What = '-Tag'; Run = { 'os' | Get-CraneRetagPlan Push -Tag 2 }; Target = 'p.co/company/os:2' }
        @{ What = '-Group'; Run = { 'web' | Get-CraneRetagPlan Pull -Group core }; Target = 'company/os', 'company/web' }
    ) {
        (& $run).Target | Sort-Object | Should -Be $target
    }

    It 'select once what several of them need' {
        Get-EmittedName { 'web', 'os' | Get-CraneContainer -WithDependency } | Should -Be 'os', 'web'
    }

    It 'are refused if they are unknown, and the others are used' {
        $plans = 'web', 'wbe' | Get-CraneRetagPlan Pull -ErrorVariable errors -ErrorAction SilentlyContinue
        $plans.Container | Should -Be 'web'
        $errors.Exception.Id | Should -Be 'UnknownContainer'
    }

    It 'are not taken from <what>' -ForEach @(
        @{ What = 'an image'; Object = [pscustomobject]@{ Name = 'os'; Store = 'r.co'; Digest = 'sha256:0' } }
        @{ What = 'a tag'; Object = [pscustomobject]@{ Name = 'os'; Reference = 'r.co/os:1' } }
        @{ What = 'a container that was cut'; Object = [pscustomobject]@{ Name = 'os'; Push = $null } }
        @{ What = 'a plan without a target'; Object = [pscustomobject]@{ Name = 'os'; Source = 'r.co/os' } }
        @{ What = 'an object of another program'; Object = Get-Process -Id $PID }
    ) {
        $said = $object | Invoke-CranePull -Engine $layout -ErrorVariable errors -ErrorAction SilentlyContinue
        $said | Should -BeNullOrEmpty
        $errors.Exception.Id | Should -Be 'UnknownObject'
    }

    It 'are taken beside a $null in a list: <_>' -ForEach 'Get-CraneContainer', 'Get-CraneRetagPlan', 'Invoke-CranePull', 'Copy-CraneImage', 'Export-CraneGraph' {
        $preview = (Get-Command $_).Parameters.ContainsKey('WhatIf') ? @{ WhatIf = $true } : @{}
        $said = & $_ -InputObject @('web', $null) @preview -ErrorVariable errors -ErrorAction SilentlyContinue
        "$($said | Out-String)" | Should -Match 'web'
        $errors.Exception.Id | Should -Be 'UnknownObject'
        "$errors" | Should -Match '\$null'
    }

    It 'are not taken from a <name>, which the error calls by its name' -ForEach @(
        @{ Name = 'System.Collections.Hashtable'; Object = @{ Size = 1 } }
        @{ Name = 'System.Collections.Specialized.OrderedDictionary'; Object = [ordered]@{ Size = 1 } }
    ) {
        $ErrorActionPreference = 'Continue'
        foreach ($command in { $object | Invoke-CranePull }, { $object | Get-CraneImage }, { $object | ConvertTo-CraneAnnotation -As GitHub }) {
            "$(& $command 2>&1)" | Should -BeLike "*not $name.*"
        }
    }

    It 'are what selects: with an object of its own values, <_> is an error' -ForEach @(
        { Get-CraneContainer os | Invoke-CranePush -Tag 2 -WhatIf }
        { Get-CraneRetagPlan Push os | Invoke-CranePush -Path $file -WhatIf }
        { Get-Item $file | Get-CraneContainer -Path $file }
    ) {
        $ErrorActionPreference = 'Continue'
        & $_ 2>&1 | ForEach-Object { $_.Exception.Id } | Should -Be 'InvalidValue'
    }
}

Describe 'A source and a target from the pipeline' {
    It 'are a plan for <cmdlet>: <what>' -ForEach @(
        foreach ($cmdlet in 'Invoke-CranePull', 'Invoke-CranePush', 'Copy-CraneImage') {
            @{ Cmdlet = $cmdlet; What = 'a hashtable'; Object = @{ Source = 'r.co/a'; Target = 's.co/a' } }
            @{ Cmdlet = $cmdlet; What = 'a hashtable with Destination'; Object = [ordered]@{ Source = 'r.co/a'; Destination = 's.co/a' } }
            @{ Cmdlet = $cmdlet; What = 'a table'; Object = "Source,Target`nr.co/a,s.co/a" | ConvertFrom-Csv }
            @{ Cmdlet = $cmdlet; What = 'a table with Destination'; Object = "source,destination`nr.co/a,s.co/a" | ConvertFrom-Csv }
        }
    ) {
        $result = $object | & $cmdlet -WhatIf
        "$($result.Source) -> $($result.Target)" | Should -Be 'r.co/a -> s.co/a'
    }

    It 'have the same names as parameters of <_>' -ForEach 'Invoke-CranePull', 'Invoke-CranePush', 'Copy-CraneImage' {
        (& $_ -Source r.co/a -Target s.co/a -WhatIf).Target | Should -Be 's.co/a'
        (& $_ -Source r.co/a -Destination s.co/a -WhatIf).Target | Should -Be 's.co/a'
    }

    It 'are refused with two targets' {
        [pscustomobject]@{ Source = 'r.co/a'; Target = 'a'; Destination = 'b' } | Invoke-CranePull -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.Exception.Id | Should -Be 'InvalidValue'
        "$errors" | Should -Match "Target 'a' and the Destination 'b'"
    }
}

Describe 'JSON' {
    It 'has words for <property> of <what>, which are read again' -ForEach @(
        @{ What = 'a plan'; Property = 'Operation'; Word = 'Push'; Run = { Get-CraneRetagPlan Push os } }
        @{ What = 'a plan'; Property = 'Status'; Word = 'Planned'; Run = { Get-CraneRetagPlan Push os } }
        @{ What = 'a result'; Property = 'Status'; Word = 'Planned'; Run = { Copy-CraneImage os -WhatIf } }
        @{ What = 'a status'; Property = 'Base'; Word = 'None'; Run = { Get-CraneStatus os -Engine $layout -Offline } }
        @{ What = 'an error in a file'; Property = 'ErrorId'; Word = 'UnknownKey'; Run = { Test-CraneFile (Write-CraneFile $TestDrive 'containers: { a: { image: a/b, puhs: {} } }') } }
    ) {
        $json = & $run | ConvertTo-Json -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        ($json | ConvertFrom-Json).$property | Should -Be $word
        $json | Should -Match """$property"": ""$word"""
    }

    It 'with numbers, as of ConvertTo-Json for other enums, is read as well' {
        $plan = Get-CraneRetagPlan Copy os | ConvertTo-Json | ConvertFrom-Json
        $plan.Operation = [int][Crane.RetagOperation]::Copy
        ($plan | Copy-CraneImage -WhatIf).Operation | Should -Be 'Copy'
    }
}
