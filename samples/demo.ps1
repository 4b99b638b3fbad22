#Requires -Version 7.4

<#
.SYNOPSIS
Shows the workflow of pull, build and push with private engines and registries, or with a folder if no engine is available. Every
command after a prompt is run as shown.
.DESCRIPTION
./build.sh demo runs it. It fails if a step does not do what its sentence says, and leaves nothing behind.
.PARAMETER Module
The module to show.
.PARAMETER WithoutEngine
Use a folder instead of an engine, even if one is available.
#>
[CmdletBinding()]
param([string] $Module = "$PSScriptRoot/../out/Crane", [switch] $WithoutEngine)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Shows and runs a command, shows its output, and compares it with the expected values.
function Show-Step([string] $Sentence, [string] $Command, [string[]] $Expected, [string] $Property) {
    Write-Host "`n# $Sentence" -ForegroundColor Green
    Write-Host "PS> $Command" -ForegroundColor Cyan
    $output = @(. ([scriptblock]::Create($Command)))
    if ($output) { Write-Host ($output | Out-String @width).Trim("`r", "`n") }
    $found = $Property ? @($output.$Property) : $output
    if ("$found" -ne "$Expected") { throw "The demo failed: '$Command' returned '$found' instead of '$Expected'." }
}

# Why no engine is available on this machine; empty if one is.
function Get-EngineError {
    try { $null = Install-Testbed }
    catch { "$_".TrimEnd('.') -replace '^No testbed on this machine: ' }
}

Import-Module $PSScriptRoot/../tests/Testbed/Testbed.psm1
Import-Module $Module
$width = [Console]::IsOutputRedirected ? @{ Width = 120 } : @{}
$environment = @(Get-ChildItem Env:)
$testbed = $null
$folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "crane-demo-$PID") -ItemType Directory
Copy-Item $PSScriptRoot/demo, $PSScriptRoot/stack $folder -Recurse   # a copy that can be changed
Push-Location $folder/demo
Remove-Item Env:DOCKER_*, Env:CRANE_ENGINE, Env:CRANE_CONFIG -ErrorAction Ignore
try {
    $reason = $WithoutEngine ? '-WithoutEngine is given' : (Get-EngineError)
    if ($reason) { . $PSScriptRoot/demo-folder.ps1 } else { . $PSScriptRoot/demo-engine.ps1 }
}
finally {
    $testbed | Where-Object { $_ } | Stop-Testbed
    Stop-TestRegistry
    Pop-Location
    Remove-Item $folder -Recurse -Force
    Get-ChildItem Env: | Where-Object Name -NotIn $environment.Name | Remove-Item
    foreach ($one in $environment) { Set-Item "Env:$($one.Name)" $one.Value }
}
