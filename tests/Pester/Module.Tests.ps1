Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $module = $env:CRANE_TEST_MODULE
    $manifest = "$module/Crane.psd1"
}

Describe 'The manifest' {
    It 'is valid' {
        $info = Test-ModuleManifest $manifest
        $info.PowerShellVersion | Should -Be '7.4'
        $info.CompatiblePSEditions | Should -Be 'Core'
        $info.Description | Should -Not -BeNullOrEmpty
    }

    It 'has the version of the build' {
        $properties = Join-Path $PSScriptRoot ../../Directory.Build.props
        (Test-ModuleManifest $manifest).Version | Should -Be (Select-Xml -Path $properties -XPath '//Version').Node.InnerText
    }

    It 'has addresses that all follow from that of the project' {
        $properties = Join-Path $PSScriptRoot ../../Directory.Build.props
        $repository = (Select-Xml -Path $properties -XPath '//RepositoryUrl').Node.InnerText
        $data = (Import-PowerShellDataFile $manifest).PrivateData.PSData
        $data.ProjectUri | Should -Be $repository
        $data.LicenseUri | Should -Be "$repository/blob/main/LICENSE"
        $owner, $name = ([uri]$repository).AbsolutePath.Trim('/') -split '/'
        (Test-ModuleManifest $manifest).HelpInfoUri | Should -Be "https://$owner.github.io/$name/help/"
    }

    It 'has the newest section of the changelog as release notes' {
        $notes = (Import-PowerShellDataFile $manifest).PrivateData.PSData.ReleaseNotes
        $changes = (Get-Content $PSScriptRoot/../../CHANGELOG.md -Raw) -replace '\r'
        $changes | Should -Match "(?m)^## \[.+\].*\n\n$([regex]::Escape($notes))\n*(^## |^\[|\z)"
        $notes | Should -Match '(?m)^### Added\n\n- '
        $notes | Should -Not -Match '(?m)^## '
    }

    It 'is plain data' {
        (Import-PowerShellDataFile $manifest).RootModule | Should -Be 'Crane.dll'
    }

    It 'lists its exports' {
        $data = Import-PowerShellDataFile $manifest
        $data.CmdletsToExport | Should -Be @(
            'Connect-CraneRegistry', 'ConvertTo-CraneAnnotation', 'Copy-CraneImage', 'Disconnect-CraneRegistry'
            'Export-CraneBakeFile', 'Export-CraneComposeFile', 'Export-CraneGraph', 'Get-CraneContainer', 'Get-CraneImage'
            'Get-CraneRegistryLogin', 'Get-CraneRetagPlan', 'Get-CraneStatus', 'Get-CraneTag', 'Invoke-CraneBuild'
            'Invoke-CraneProvision', 'Invoke-CranePull', 'Invoke-CranePush', 'New-CraneFile', 'Test-CraneFile', 'Undo-CraneRetag'
            'Update-CraneLock')
        $data.FunctionsToExport | Should -HaveCount 0
        $data.AliasesToExport | Should -HaveCount 0
        $data.VariablesToExport | Should -HaveCount 0
        (Get-Command -Module Crane).Name | Sort-Object | Should -Be $data.CmdletsToExport
    }
}

Describe 'The package' {
    It 'contains exactly these files' {
        # PSResourceGet adds its own file to what it installs.
        $files = Get-ChildItem $module -Recurse -File -Exclude PSGetModuleInfo.xml | ForEach-Object { [IO.Path]::GetRelativePath($module, $_) -replace '\\', '/' }
        # Help.Tests.ps1 tests the help.
        $files | Where-Object { $_ -notmatch '^en-US/(Crane\.dll-Help\.xml|about_\w+\.help\.txt)$' } | Sort-Object -Culture '' | Should -Be @(
            'CHANGELOG.md'
            'Crane.Core.dll'
            'Crane.dll'
            'Crane.Format.ps1xml'
            'Crane.psd1'
            'crane.schema.json'
            'dependencies/Crane.Adapters.dll'
            'dependencies/Docker.DotNet.dll'
            'dependencies/Docker.DotNet.Handler.Abstractions.dll'
            'dependencies/Microsoft.Extensions.Logging.Abstractions.dll'
            'dependencies/Polly.Core.dll'
            'dependencies/System.IO.Pipelines.dll'
            'dependencies/YamlDotNet.dll'
            'LICENSE'
            'ThirdPartyNotices.txt'
        )
    }

    It 'has the <_> of the repository' -ForEach 'LICENSE', 'CHANGELOG.md' {
        (Get-FileHash $module/$_).Hash | Should -Be (Get-FileHash $PSScriptRoot/../../$_).Hash
    }

    It 'names every third-party library, with its package and version' {
        $lock = Get-Content $PSScriptRoot/../../src/Crane.Adapters/packages.lock.json -Raw | ConvertFrom-Json -AsHashtable
        $named = foreach ($line in Get-Content $module/ThirdPartyNotices.txt) {
            if ($line -notmatch '^(\S+\.dll), of (\S+) (\S+)$') { continue }
            $Matches[3] | Should -Be $lock.dependencies['net8.0'][$Matches[2]].resolved -Because $Matches[2]
            $Matches[1]
        }
        $named | Sort-Object | Should -Be ((Get-ChildItem $module/dependencies/*.dll -Exclude Crane.*).Name | Sort-Object)
    }

    It 'has the copyright and the license text of every third-party library, as its package has them' {
        $cache = (dotnet nuget locals global-packages --list) -replace '^global-packages: ' -replace '[\\/]$'
        $notices = (Get-Content $module/ThirdPartyNotices.txt -Raw) -replace '\r'
        $libraries, $texts = $notices -split '(?m)^-{80}\n'
        $words = -split ($texts -join ' ') -join ' '
        foreach ($library in $libraries -split '\n\n' -match '\.dll, of ') {
            $package, $number = [regex]::Match($library, '\.dll, of (\S+) (\S+)').Groups[1, 2].Value
            $folder = "$cache/$package/$number".ToLowerInvariant()
            $specification = [xml](Get-Content $folder/*.nuspec -Raw)
            $license = Get-ChildItem $folder/LICENSE*
            # Without a file of the license the package names it, and its owners are those of the sources.
            if (-not $license) {
                $specification.package.metadata.license.InnerText | Should -Be 'MIT' -Because $package
                $library | Should -Match 'Copyright \(c\) .*Antoine Aubry and contributors\n +MIT License, below' -Because $package
                continue
            }
            $lines = Get-Content $license
            foreach ($owner in $lines -match '^Copyright') { $library | Should -Match ([regex]::Escape($owner)) -Because $package }
            $terms = $lines -notmatch '^Copyright|^All rights reserved|^(The MIT|BSD 3-Clause) License'
            $text = -split ($terms -join ' ') -join ' '
            $words.Contains($text) | Should -BeTrue -Because "it has the license text of $package"
        }
    }
}

Describe 'The public types' {
    BeforeAll {
        $assemblies = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in 'Crane', 'Crane.Core' }
        $types = $assemblies.GetExportedTypes()
    }

    It 'are exactly these' {
        $types.FullName | Sort-Object -Culture '' | Should -Be @(
            'Crane.AnnotationFormat'
            'Crane.BaseState'
            'Crane.BuilderKind'
            'Crane.Commands.Base.BuildCommand'
            'Crane.Commands.Base.CraneCommand'
            'Crane.Commands.Base.EngineMoveCommand'
            'Crane.Commands.Base.ExportCommand'
            'Crane.Commands.Base.PlanCommand'
            'Crane.Commands.Base.SelectionCommand'
            'Crane.Commands.ConnectCraneRegistryCommand'
            'Crane.Commands.ConvertToCraneAnnotationCommand'
            'Crane.Commands.CopyCraneImageCommand'
            'Crane.Commands.DisconnectCraneRegistryCommand'
            'Crane.Commands.ExportCraneBakeFileCommand'
            'Crane.Commands.ExportCraneComposeFileCommand'
            'Crane.Commands.ExportCraneGraphCommand'
            'Crane.Commands.GetCraneContainerCommand'
            'Crane.Commands.GetCraneImageCommand'
            'Crane.Commands.GetCraneRegistryLoginCommand'
            'Crane.Commands.GetCraneRetagPlanCommand'
            'Crane.Commands.GetCraneStatusCommand'
            'Crane.Commands.GetCraneTagCommand'
            'Crane.Commands.InvokeCraneBuildCommand'
            'Crane.Commands.InvokeCraneProvisionCommand'
            'Crane.Commands.InvokeCranePullCommand'
            'Crane.Commands.InvokeCranePushCommand'
            'Crane.Commands.NewCraneFileCommand'
            'Crane.Commands.TestCraneFileCommand'
            'Crane.Commands.UndoCraneRetagCommand'
            'Crane.Commands.UpdateCraneLockCommand'
            'Crane.Completion.BuilderCompleter'
            'Crane.Completion.ContainerCompleter'
            'Crane.Completion.EngineCompleter'
            'Crane.Completion.GroupCompleter'
            'Crane.Completion.ImageCompleter'
            'Crane.Completion.PlatformCompleter'
            'Crane.Completion.RegistryCompleter'
            'Crane.Completion.RemoteCompleter'
            'Crane.Completion.RepositoryCompleter'
            'Crane.Completion.StackCompleter'
            'Crane.Completion.StageCompleter'
            'Crane.Completion.TagCompleter'
            'Crane.Completion.VariableCompleter'
            'Crane.Completion.WordCompleter'
            'Crane.ContainerBuild'
            'Crane.ContainerHook'
            'Crane.ContainerPull'
            'Crane.ContainerPush'
            'Crane.CraneContainer'
            'Crane.CraneErrorId'
            'Crane.CraneException'
            'Crane.CraneFileIssue'
            'Crane.CraneImage'
            'Crane.CraneTag'
            'Crane.DeclaredBase'
            'Crane.GraphFormat'
            'Crane.ImageLayer'
            'Crane.ImageManifest'
            'Crane.ImageName'
            'Crane.ImageStatus'
            'Crane.LockChange'
            'Crane.LockEntry'
            'Crane.LockState'
            'Crane.LockStatus'
            'Crane.OverwriteMode'
            'Crane.RegistryLogin'
            'Crane.RegistrySetting'
            'Crane.RetagOperation'
            'Crane.RetagPlan'
            'Crane.RetagResult'
            'Crane.RetagStatus'
            'Crane.SourceLocation'
            'Crane.SyncState'
        )
    }

    It 'do not expose types of dependencies' {
        $shown = foreach ($type in $types) {
            $type.BaseType
            $type.GetInterfaces()
            $type.GetProperties().PropertyType
            $type.GetMethods().ReturnType
            $type.GetConstructors() + $type.GetMethods() | ForEach-Object { $_.GetParameters().ParameterType }
        }
        $shown.Assembly.GetName().Name | Sort-Object -Unique |
            Should -BeIn 'Crane', 'Crane.Core', 'System.Private.CoreLib', 'System.Runtime', 'System.Collections', 'System.Management.Automation'
    }

    It 'have no cmdlet with more than four bases, and none that others can derive from' {
        foreach ($type in $types.Where{ [Management.Automation.PSCmdlet].IsAssignableFrom($_) }) {
            $bases = 0
            for ($base = $type.BaseType; $base -ne [Management.Automation.PSCmdlet]; $base = $base.BaseType) { $bases++ }
            $bases | Should -BeLessOrEqual 4 -Because $type
        }
        $types.Where{ $_.IsAbstract -and -not $_.IsSealed }.ForEach{ $_.GetConstructors('Instance, Public, NonPublic') }.Where{ $_.IsPublic -or $_.IsFamily } |
            Should -BeNullOrEmpty
    }

    It 'are read-only: <_>' -ForEach 'CraneContainer', 'RetagPlan', 'RetagResult', 'CraneFileIssue', 'RegistryLogin', 'ImageName' {
        ([type]"Crane.$_").GetProperties().Where{ $_.SetMethod -and $_.SetMethod.IsPublic }.Name | Should -BeNullOrEmpty
        ([type]"Crane.$_").GetConstructors() | Should -BeNullOrEmpty
    }
}

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

    It 'shows each object in a table of 2 to 6 columns: <_>' -ForEach 'CraneContainer', 'RetagPlan', 'RetagResult', 'CraneFileIssue', 'RegistryLogin', 'CraneImage', 'CraneTag' {
        $view = Get-FormatData -TypeName "Crane.$_" -PowerShellVersion $PSVersionTable.PSVersion
        $view.FormatViewDefinition | Should -HaveCount 1
        $view.FormatViewDefinition[0].Control.Headers.Count | Should -BeIn (2..6)
        (Get-FormatData -TypeName "Deserialized.Crane.$_" -PowerShellVersion $PSVersionTable.PSVersion) | Should -Not -BeNullOrEmpty
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
