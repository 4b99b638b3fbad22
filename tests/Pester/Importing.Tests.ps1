# The module in a session that has something else, or itself, already.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $module = $env:CRANE_TEST_MODULE }

Describe 'Importing' {
    It 'makes [Crane.ImageName] available without loading dependencies' {
        $shell = Invoke-Shell @'
            $name = [Crane.ImageName]'company/foo:1'
            "$($name.Registry) $($name.Repository) $($name.Tag) $($name.Familiar) $($name.FullName) $($null -eq $name.Digest)"
            [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetName().Name } -match '^(Crane\.Adapters|YamlDotNet|Polly|Docker)'
'@
        $shell.Output.Trim() | Should -Be 'docker.io company/foo 1 company/foo:1 docker.io/company/foo:1 True'
    }

    It 'works again with <how>' -ForEach @(
        @{ How = '-Force'; Again = 'Import-Module $module -Force' }
        @{ How = 'Remove-Module before'; Again = 'Remove-Module Crane; Import-Module $module' }
    ) {
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os } }'
        $shell = Invoke-Shell @"
            `$module = '$module'
            `$before = Get-CraneContainer -Path '$file'
            $again
            `$after = Get-CraneContainer -Path '$file'
            "`$((Get-Command -Module Crane).Count) `$(`$before.Image) `$(`$after.Image) `$(`$before.GetType() -eq `$after.GetType())"
            `$before | Get-CraneRetagPlan Pull | ForEach-Object Target
"@
        $shell.Output.Trim() -split '\r?\n' | Should -Be "$((Get-Command -Module Crane).Count) company/os company/os True", 'company/os'
    }
}

Describe 'With another module''s' {
    BeforeAll {
        $cache = (dotnet nuget locals global-packages --list) -replace '^global-packages: ' -replace '[\\/]$'
        function Get-Foreign([string] $Path) {
            $assembly = Join-Path $cache $Path
            if (-not (Test-Path $assembly)) { dotnet restore $PSScriptRoot/../Foreign/Foreign.csproj --verbosity quiet }
            $assembly
        }
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os } }'
    }

    It 'YamlDotNet <version>, loaded before, each uses its own' -ForEach @(
        @{ Version = '13.7.1'; Path = 'yamldotnet/13.7.1/lib/net7.0/YamlDotNet.dll' }
        @{ Version = '16.3.0'; Path = 'yamldotnet/16.3.0/lib/net8.0/YamlDotNet.dll' }
    ) {
        $shell = Invoke-Shell @"
            Remove-Module Crane
            Add-Type -Path '$(Get-Foreign $path)'
            `$theirs = [YamlDotNet.Serialization.DeserializerBuilder]::new().Build().Deserialize([IO.StringReader]::new('a: 1'), [hashtable])
            Import-Module '$module'
            (Get-CraneContainer -Path '$file').Image
            `$theirs.a
            [YamlDotNet.Serialization.Deserializer].Assembly.GetName().Version.Major
            `$loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'YamlDotNet' }
            `$loaded.ForEach{ [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name } | Sort-Object
"@
        $shell.Output.Trim() -split '\r?\n' |
            Should -Be 'company/os', '1', $version.Split('.')[0], 'Crane', 'Default'
    }

    It 'Newtonsoft.Json <version>, loaded before, works' -ForEach @(
        @{ Version = '12.0.3' }
        @{ Version = '13.0.1' }
    ) {
        $shell = Invoke-Shell @"
            Remove-Module Crane
            `$theirs = [Reflection.Assembly]::LoadFile('$(Get-Foreign "newtonsoft.json/$version/lib/netstandard2.0/Newtonsoft.Json.dll")')
            Import-Module '$module'
            (Get-CraneContainer -Path '$file' | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Image
            `$theirs.GetType('Newtonsoft.Json.JsonConvert').GetMethod('ToString', [type[]][object]).Invoke(`$null, @([object]'x'))
            (Get-Command -Module Crane).Count
"@
        $shell.Output.Trim() -split '\r?\n' | Should -Be 'company/os', '"x"', (Get-Command -Module Crane).Count
    }
}
