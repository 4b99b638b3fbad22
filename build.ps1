#!/usr/bin/env pwsh
#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests and demonstrates Crane. Outside this folder it writes only to package caches and the testbed's cache folder.
.PARAMETER Task
build    builds the module to out/Crane
test     runs all tests, or those of the given parts: Architecture, Core, Adapters, Pester; with -Filter only test classes or test files whose
         names contain it; with -Module the Pester tests take the module in that folder, whose name is Crane
demo     runs samples/demo.ps1: pull, build, retag and push with private engines and registries
bench    runs bench/bench.ps1: the measurements in the README
docs     writes the pages in docs/help
package  creates out/package: Crane.VERSION.nupkg, Crane.VERSION.zip and what Update-Help reads; equal bytes for each build of a commit
shell    opens pwsh with the module imported
clean    removes everything that these tasks created here
Arguments after the task are passed on to it.
.EXAMPLE
./build.sh test Core Adapters
.EXAMPLE
./build.sh test Pester -Filter Invoke-CranePull
#>
param([ValidateSet('build', 'test', 'demo', 'bench', 'docs', 'package', 'shell', 'clean')] [string] $Task = 'build')

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot

$module = "$PSScriptRoot/out/Crane"
$results = "$PSScriptRoot/out/tests"
$version, $repository = 'Version', 'RepositoryUrl' | ForEach-Object { (Select-Xml -Path Directory.Build.props -XPath "//$_").Node.InnerText }
$testbed = "$PSScriptRoot/tests/Testbed/Testbed.psm1"
$processes = [Math]::Min(3, [Environment]::ProcessorCount)   # that run tests

function Invoke-Task {
    switch ($Task) {
        build { Build-Module; "Crane $version is in $module" }
        test { Build-Module; Invoke-Test @args }
        demo { Build-Module; Use-Pwsh; & ./samples/demo.ps1 @args }
        bench { Build-Module; Use-Pwsh; & ./bench/bench.ps1 @args }
        docs { Build-Module; pwsh -NoProfile -NonInteractive -File tools/help/Build-Page.ps1 $module docs/help }
        package { Build-Module src/Crane.Adapters, src/Crane.PowerShell; ./tools/package/New-Package.ps1 $module "$PSScriptRoot/out/package" }
        shell { Build-Module; Use-Pwsh; pwsh -NoProfile -NoExit -Command "Import-Module '$module'" }
        clean { Remove-Item out, */*/bin, */*/obj -Recurse -Force -ErrorAction Ignore }
    }
}

# The module consists of manifest, help, formats and licenses, the two assemblies that a session loads, and dependencies/, which only
# the adapters' load context uses.
function Build-Module([string[]] $Project = 'Crane.slnx') {
    $env:DOTNET_TieredPGO = 0   # a compiler ends before what the runtime learns about it pays
    foreach ($one in $Project) { dotnet msbuild $one -restore -property:Configuration=Release -verbosity:quiet -nologo | Out-Host }
    Remove-Item Env:DOTNET_TieredPGO
    Remove-Item $module -Recurse -Force -ErrorAction Ignore
    $dependencies = New-Item "$module/dependencies" -ItemType Directory -Force
    Copy-Item module/*, LICENSE, CHANGELOG.md $module -Recurse
    ./tools/package/Complete-Manifest.ps1 $module/Crane.psd1 $version $repository CHANGELOG.md
    Copy-Item src/Crane.PowerShell/bin/Release/net8.0/Crane.dll, src/Crane.Core/bin/Release/net8.0/Crane.Core.dll $module
    Copy-Item src/Crane.Adapters/bin/Release/net8.0/* $dependencies -Recurse -Exclude Crane.Core.*, *.xml, *.pdb, *.deps.json
    Use-Pwsh
    pwsh -NoProfile -NonInteractive -File tools/help/Build-Help.ps1 $module src/Crane.PowerShell/bin/Release/net8.0
}

# Ends with the line `N passed, N failed, N skipped`, and with exit code 1 if any test failed or none ran.
function Invoke-Test {
    [CmdletBinding(PositionalBinding = $false)]   # all that has no name is a part
    param(
        [Parameter(ValueFromRemainingArguments)] [ValidateSet('Architecture', 'Core', 'Adapters', 'Pester')]
        [string[]] $Part = @('Architecture', 'Core', 'Adapters', 'Pester'),
        [string] $Filter = '', [string] $Module = $script:module
    )
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item $results -ItemType Directory
    Use-Pwsh
    $suites = @($Part | ForEach-Object {
            $_ -eq 'Pester' ? (Get-Item "tests/Pester/*$Filter*.Tests.ps1" | Split-Path -LeafBase) : "Crane.$_.Tests"
        })
    if (-not $suites) { throw "There are no tests in tests/Pester with '$Filter' in their name." }
    $arguments = @('-Result', $results, '-Module', (Convert-Path $Module), '-Filter', $Filter)
    if ($Part -contains 'Pester') { $arguments += '-Pester', (Install-Pester) }
    $counts = @(
        try {
            $folders = $Part -match 'Adapters|Pester' ? @($suites | Select-Object -First $processes | Start-TestEngine) : @()
            Invoke-Suite $suites ($folders ? $folders : '') $arguments
        }
        finally { Get-Module Testbed | Remove-Module }   # also stops its testbeds
    )
    $sum = @{}
    foreach ($name in 'Passed', 'Failed', 'Skipped') { $sum[$name] = ($counts | Measure-Object $name -Sum).Sum }
    "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    exit [int]($sum.Failed -gt 0 -or $sum.Passed -eq 0)
}

# Starts a testbed for each input, and returns their folders. Tests do not see the user's docker. Without a testbed those that need one
# are skipped; with CI=true that is an error where one can run, which is on Linux.
function Start-TestEngine {
    Import-Module $testbed
    Remove-Item Env:DOCKER_*, Env:CRANE_ENGINE, Env:CRANE_CONFIG, Env:CRANE_TEST_* -ErrorAction Ignore
    try { @($input | ForEach-Object { (Start-Testbed).Folder }) }
    catch {
        if ($IsLinux -and $env:CI -eq 'true') { throw }
        Write-Host "Skipping the tests that need it: $_" -ForegroundColor Red
    }
}

# Runs suites in one process for each testbed, shows the output of each suite as a whole, and counts.
function Invoke-Suite([string[]] $Name, [string[]] $Testbed, [string[]] $Argument) {
    Set-Content $results/suites $Name
    $script = "$PSScriptRoot/tests/Invoke-Suites.ps1"
    $Testbed | ForEach-Object -Parallel {
        $lines = [Collections.Generic.List[string]]::new()
        pwsh -NoProfile -NonInteractive -File $using:script @using:Argument -TestbedFolder $_ 2>&1 | ForEach-Object {
            switch -Regex ("$_") {
                '^\f$' { $lines -join "`n"; $lines.Clear() }
                '^(|Running tests .*|Tests (completed|Passed).*)$' { }   # what Pester says of each file, and we of all
                default { $lines.Add($_) }
            }
        }
        $lines -join "`n"   # of a process that has died
    } | Out-Host
    foreach ($one in $Name) {
        $count = Get-Content "$results/$one.json" -Raw -ErrorAction Ignore
        $count ? ($count | ConvertFrom-Json) : [pscustomobject]@{ Passed = 0; Failed = 1; Skipped = 0 }   # its process has died
    }
}

# Installs Pester, a NuGet package, and returns its manifest in the package cache.
function Install-Pester {
    $project = 'tests/Pester/Pester.csproj'
    $pesterVersion = (Select-Xml -Path $project -XPath '//PackageDownload').Node.Version.Trim('[', ']')
    $cache = (dotnet nuget locals global-packages --list) -replace '^global-packages: ' -replace '[\\/]$'
    $manifest = "$cache/pester/$pesterVersion/tools/Pester.psd1"
    if (-not (Test-Path $manifest)) {
        Write-Host "Installing Pester $pesterVersion into the NuGet cache."
        dotnet restore $project --verbosity quiet | Out-Host
    }
    $manifest
}

# Adds a `pwsh` to the PATH if this one is a .NET tool, which has a launcher for x64 only.
function Use-Pwsh {
    $dotnet = [Environment]::ProcessPath
    if ((Split-Path $dotnet -LeafBase) -ne 'dotnet') { return }
    $folder = New-Item out/bin -ItemType Directory -Force
    if ($IsWindows) { Set-Content $folder/pwsh.cmd "@`"$dotnet`" `"$PSHOME\pwsh.dll`" %*" }
    else {
        Set-Content $folder/pwsh "#!/bin/sh`nexec '$dotnet' '$PSHOME/pwsh.dll' `"`$@`""
        chmod +x $folder/pwsh
    }
    $env:PATH = "$folder$([IO.Path]::PathSeparator)$env:PATH"
}

Invoke-Task @args
