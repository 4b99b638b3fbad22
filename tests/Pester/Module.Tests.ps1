# The manifest of the module and the files beside it.

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
            'Crane.Types.ps1xml'
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
