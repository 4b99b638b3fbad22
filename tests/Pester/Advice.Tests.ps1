# Whoever follows the advice of an error gets further: it names what helps, and that is not what has just failed.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # The only error of a command.
    function Get-OnlyError([scriptblock] $Command) {
        $ErrorActionPreference = 'Continue'
        $errors = @(try { & $Command 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } } catch { $_ })
        $errors | Should -HaveCount 1
        $errors[0]
    }
}

Describe 'The advice about a path in place of a name' {
    BeforeAll {
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os, push: { registry: r.co } } }'
        $folder = Split-Path $file
        $null = New-Item $folder/stack -ItemType File
        Push-Location $folder
    }

    AfterAll { Pop-Location }

    It 'names the parameter for it, which works: <_>' -ForEach './crane.yaml', 'crane.yaml' {
        $failed = Get-OnlyError { Get-CraneContainer $_ }
        $failed.FullyQualifiedErrorId | Should -BeLike 'UnknownContainer,*'
        $path = [regex]::Match($failed.ErrorDetails.RecommendedAction, '-Path ''(.+)''').Groups[1].Value
        (Get-CraneContainer -Path $path).Name | Should -Be 'os'
    }

    It 'is given for any file that exists, and by every cmdlet that selects containers' {
        (Get-OnlyError { Invoke-CranePush stack -WhatIf }).ErrorDetails.RecommendedAction | Should -Match '-Path ''stack'''
    }

    It 'names the parameter that writes a file, which works: <_>' -ForEach @(
        { Export-CraneComposeFile out.yml }
        { Export-CraneGraph out.svg }
        { Export-CraneBakeFile sub/out.json }
    ) {
        $advice = (Get-OnlyError $_).ErrorDetails.RecommendedAction
        $path = [regex]::Match($advice, '-FilePath ''(.+?)''').Groups[1].Value
        $path | Should -BeLike '*out.*'
        $null = New-Item sub -ItemType Directory -Force
        Export-CraneComposeFile -FilePath $path
        $path | Should -Exist
        Remove-Item $path
    }

    It 'is another one for the name of an image: <_>' -ForEach 'company/os', 'company/os:2', 'r.co/company/os', '127.0.0.1:5000/os' {
        foreach ($command in { Invoke-CranePull $_ -WhatIf }, { Get-CraneStatus $_ }, { Export-CraneGraph $_ }) {
            $advice = (Get-OnlyError $command).ErrorDetails.RecommendedAction
            $advice | Should -Match '^It looks like the name of an image.*-Source with -Target'
            $advice | Should -Not -Match '-Path'
        }
    }

    It 'is given for a folder that exists, though an image could have its name' {
        $null = New-Item lower/case -ItemType Directory -Force
        (Get-OnlyError { Get-CraneContainer lower/case }).ErrorDetails.RecommendedAction | Should -Match "-Path 'lower/case'"
    }

    It 'is not given for a name that is no path' {
        (Get-OnlyError { Get-CraneContainer so }).ErrorDetails.RecommendedAction | Should -Be 'Its containers are os.'
    }

    It 'says which drive does not exist: <_>' -ForEach @(
        { Get-CraneContainer -Path nodrive:/x }
        { Get-CraneContainer -LiteralPath nodrive:/x }
        { Invoke-CranePush -Engine oci:nodrive:/x }
    ) {
        $failed = Get-OnlyError $_
        "$failed" | Should -Match "nodrive:/x' is on a drive that does not exist"
        $failed.ErrorDetails.RecommendedAction | Should -Match 'Get-PSDrive'
    }
}

Describe 'The advice about what is no engine' {
    BeforeAll { $move = @{ Source = 'company/none'; Target = 'r.co/none' } }

    It 'names the address that was meant: <engine>' -ForEach @(
        @{ Engine = './images'; Advice = 'oci:./images' }
        @{ Engine = '~/images'; Advice = 'oci:~/images' }
        @{ Engine = 'localhost:2375'; Advice = 'tcp://localhost:2375' }
        @{ Engine = '/absent/docker.sock'; Advice = 'unix:///absent/docker.sock' }
        @{ Engine = 'images'; Advice = 'oci:FOLDER' }
    ) {
        (Get-OnlyError { Invoke-CranePush @move -Engine $engine }).ErrorDetails.RecommendedAction | Should -Match ([regex]::Escape($advice))
    }

    It 'names a folder that exists as one of images, which works' {
        $folder = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        $advice = (Get-OnlyError { Invoke-CranePush @move -Engine $folder }).ErrorDetails.RecommendedAction
        $engine = [regex]::Match($advice, 'oci:.+(?=\.$)').Value
        (Get-OnlyError { Get-CraneImage company/none -Engine $engine }).FullyQualifiedErrorId | Should -BeLike 'LocalImageNotFound,*'
    }
}

Describe 'The advice about a broken docker context' -Skip:$missing {
    It 'works with docker, if it has <what>' -ForEach @(
        @{ What = 'no endpoint'; Meta = '{"Name":"mine","Metadata":{},"Endpoints":{}}'; Says = 'has no docker endpoint' }
        @{ What = 'no JSON'; Meta = '{"Name'; Says = 'cannot be read' }
    ) {
        $config = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        Add-DockerContext $config mine unix:///absent.sock
        Get-ChildItem $config/contexts/meta -Recurse -Filter meta.json | Set-Content -Value $meta
        Use-Environment @{ DOCKER_CONFIG = $config } {
            $pull = { Invoke-CranePull -Source r.co/a -Target a -Engine mine }
            $failed = Get-OnlyError $pull
            "$failed" | Should -Match $says
            foreach ($command in [regex]::Matches($failed.ErrorDetails.RecommendedAction, 'docker (context .+?)(?=\. |$)')) {
                $null = Invoke-TestbedProgram docker --config $config (-split $command.Groups[1].Value.Replace('host=…', 'host=unix:///other.sock'))
            }
            "$(Get-OnlyError $pull)" | Should -Match 'unix:///other.sock.*no such socket'
        }
    }
}

Describe 'The advice about input' {
    It '<what>' -ForEach @(
        @{ What = 'says that a plan has no Source'; Run = { [pscustomobject]@{ Source = $null; Target = 'r.co/a'; Operation = 'Push' } | Invoke-CranePush }; Id = 'InvalidImageName'; Says = "property Source of the plan for 'r.co/a' is empty"; Advice = 'Give Source the name' }
        @{ What = 'says that a plan has no Target'; Run = { [pscustomobject]@{ Source = 'a'; Target = ''; Operation = 'Push' } | Invoke-CranePush }; Id = 'InvalidImageName'; Says = "property Target of the plan for 'a' is empty"; Advice = 'Give Target the name' }
        @{ What = 'says which column is missing'; Run = { [pscustomobject]@{ Target = 'r.co/a' } | Invoke-CranePush }; Id = 'UnknownObject'; Says = 'It has Target, but no Source'; Advice = 'Get-CraneRetagPlan' }
        @{ What = 'names the cmdlet for a plan'; Run = { [pscustomobject]@{ Source = 'r.co/a'; Target = 'a'; Operation = 'Pull' } | Invoke-CranePush }; Id = 'OperationMismatch'; Says = 'is a Pull plan'; Advice = 'Pipe it to Invoke-CranePull' }
        @{ What = 'does not offer plans where containers are read'; Run = { [pscustomobject]@{ Source = 'r.co/a'; Target = 'a' } | Get-CraneStatus }; Id = 'UnknownObject'; Says = 'must be a container'; Advice = '^(?!.*RetagPlan).*Get-CraneContainer' }
        @{ What = 'does not offer plans where results are read'; Run = { [pscustomobject]@{ Source = 'r.co/a'; Target = 'a' } | Undo-CraneRetag }; Id = 'UnknownObject'; Says = 'must be a result'; Advice = '^(?!.*RetagPlan).*emitted' }
        @{ What = 'says which plan has a wrong value'; Run = { [pscustomobject]@{ Source = 'a'; Target = 'r.co/a'; Overwrite = 'nevr' } | Invoke-CranePush }; Id = 'InvalidValue'; Says = "^the plan for 'r\.co/a': 'nevr' is not a valid Overwrite\. Did you mean 'Never'"; Advice = 'Never' }
        @{ What = 'says which plan has a list that was cut off'; Run = { [pscustomobject]@{ Source = 'a'; Target = 'r.co/a'; Base = 'x y' } | Invoke-CranePush }; Id = 'InvalidValue'; Says = "^the plan for 'r\.co/a': The list Base has become"; Advice = '-Depth' }
        @{ What = 'says which container has a wrong value'; Run = { [pscustomobject]@{ Name = 'os'; Image = 'a'; Push = 'registry=r.co'; MinimumAge = 'soon' } | Get-CraneRetagPlan Push }; Id = 'InvalidValue'; Says = "^container 'os': .*MinimumAge"; Advice = '.' }
        @{ What = 'says once whose property it is'; Run = { [pscustomobject]@{ Name = 'os'; Image = 'a'; Push = 'skip=maybe' } | Get-CraneRetagPlan Push }; Id = 'InvalidValue'; Says = "^'skip' in the push section of container 'os'"; Advice = '.' }
        @{ What = 'names the type of the input, not of its view'; Run = { [pscustomobject]@{ PSTypeName = 'Crane.RetagPlan#Registry=r.co' } | Get-CraneStatus }; Id = 'UnknownObject'; Says = 'not System\.Management\.Automation\.PSCustomObject'; Advice = 'Get-CraneContainer' }
        @{ What = 'says what a tag is'; Run = { Get-CraneRetagPlan Push -Path (Write-CraneFile $TestDrive 'containers: { os: { image: a, push: { registry: r.co, tag: "a b" } } }') }; Id = 'InvalidImageName'; Says = "Tag 'a b'"; Advice = '^A tag has' }
        @{ What = 'says what a user is'; Run = { Get-CraneRetagPlan Push -Path (Write-CraneFile $TestDrive 'containers: { os: { image: a, push: { registry: r.co, override_user: "a b" } } }') }; Id = 'InvalidImageName'; Says = "override_user 'a b'"; Advice = '^A user consists' }
        @{ What = 'puts an address in brackets'; Run = { Get-CraneRetagPlan Push -Path (Write-CraneFile $TestDrive 'containers: { os: { image: a, push: { registry: "fe80::1" } } }') }; Id = 'InvalidRegistry'; Says = 'IPv6 address must be in brackets'; Advice = '\[fe80::1\]:5000' }
        @{ What = 'says that a folder is no file of variables'; Run = { Get-CraneContainer -Path (Write-CraneFile $TestDrive 'containers: { os: { image: a } }') -EnvFile $TestDrive }; Id = 'CraneFileNotFound'; Says = 'given by -EnvFile, is a folder'; Advice = 'Correct the path' }
        @{ What = 'refuses files of variables together with none'; Run = { Get-CraneContainer -Path (Write-CraneFile $TestDrive 'containers: { os: { image: a } }') -EnvFile x.env -NoEnvFile }; Id = 'SettingConflict'; Says = '-NoEnvFile reads none'; Advice = 'one of the two' }
        @{ What = 'does not make a folder with the name of a crane file'; Run = { New-CraneFile "$TestDrive/new/crane.yaml" }; Id = 'InvalidValue'; Says = 'looks like a file'; Advice = 'Give the folder' }
    ) {
        $failed = Get-OnlyError $run
        $failed.FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$failed" | Should -Match $says
        $failed.ErrorDetails.RecommendedAction | Should -Match $advice
    }
}
