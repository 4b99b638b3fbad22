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
    foreach ($one in $Project) { dotnet msbuild $one -restore -property:Configuration=Release -verbosity:quiet -nologo | Out-Host }
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
    $counts = @(
        try {
            if ($Part -match 'Adapters|Pester') { Start-TestEngine }
            foreach ($one in $Part) { $one -eq 'Pester' ? (Invoke-PesterTest $Module $Filter) : (Invoke-UnitTest $one $Filter) }
        }
        finally { Get-Module Testbed | Remove-Module }   # also stops its testbed
    )
    $sum = @{}
    foreach ($name in 'Passed', 'Failed', 'Skipped') { $sum[$name] = ($counts | Measure-Object $name -Sum).Sum }
    "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    exit [int]($sum.Failed -gt 0 -or $sum.Passed -eq 0)
}

# Tests find the testbed by environment variables, and do not see the user's docker. Without a testbed tests are skipped; with
# CI=true that is a failure where one can run, which is on Linux.
function Start-TestEngine {
    Import-Module $testbed
    Remove-Item Env:DOCKER_*, Env:CRANE_ENGINE, Env:CRANE_CONFIG, Env:CRANE_TEST_* -ErrorAction Ignore
    try {
        foreach ($variable in (Start-Testbed).Environment.GetEnumerator()) { Set-Item "Env:$($variable.Key)" $variable.Value }
    }
    catch {
        $isFailure = $IsLinux -and $env:CI -eq 'true'
        Write-Host "$($isFailure ? 'FAILED' : 'Skipping the tests that need it'): $_" -ForegroundColor Red
        if ($isFailure) { New-Count -Failed 1 }
    }
}

function Invoke-UnitTest([string] $Project, [string] $Filter) {
    $name = "Crane.$Project.Tests"
    $result = "$results/$name.trx"
    Write-Host "`n$name"
    $PSNativeCommandUseErrorActionPreference = $false   # a failed test is counted, not thrown
    $selection = $Filter ? @('-class', "*$Filter*") : @()
    dotnet "tests/$name/bin/Release/net10.0/$name.dll" -noLogo -noColor -trx $result @selection | Out-Host
    if (-not (Test-Path $result)) { return New-Count -Failed 1 }
    $counters = ([xml](Get-Content $result -Raw)).TestRun.ResultSummary.Counters
    $failed = [Math]::Max([int]$counters.failed + [int]$counters.error, [int]($LASTEXITCODE -ne 0))
    New-Count -Passed $counters.passed -Failed $failed -Skipped $counters.notExecuted
}

# In a separate process, with the module as a user imports it.
function Invoke-PesterTest([string] $Module, [string] $Filter) {
    $result = "$results/Pester.json"
    Write-Host "`nPester"
    $PSNativeCommandUseErrorActionPreference = $false
    $run = "$PSScriptRoot/tests/Pester/Invoke-Tests.ps1"
    pwsh -NoProfile -NonInteractive -File $run -Pester (Install-Pester) -Module (Convert-Path $Module) -Result $result -Filter $Filter | Out-Host
    if (-not (Test-Path $result)) { return New-Count -Failed 1 }
    Get-Content $result -Raw | ConvertFrom-Json
}

function New-Count([int] $Passed, [int] $Failed, [int] $Skipped) {
    [pscustomobject]@{ Passed = $Passed; Failed = $Failed; Skipped = $Skipped }
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
