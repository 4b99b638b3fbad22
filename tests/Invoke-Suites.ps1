<#
.SYNOPSIS
Runs suites of tests, one after the other, and writes for each how many tests passed, failed and were skipped.
.DESCRIPTION
A suite is a test project or a file in tests/Pester. Several processes can run this at once, each with a testbed of its own: a suite is run
by the process that creates its file in Result. The file stays empty if that process dies. Each suite's output ends with a form feed.
.PARAMETER Result
The folder for these files. Its file `suites` has the names of the suites.
.PARAMETER TestbedFolder
The folder of the testbed; without one, tests that need it are skipped.
.PARAMETER Filter
A part of the names of the test classes to run; all where it is empty.
#>
param(
    [Parameter(Mandatory)] [string] $Result,
    [Parameter(Mandatory)] [string] $Module,
    [string] $Pester = '',
    [string] $TestbedFolder = '',
    [string] $Filter = ''
)
$ErrorActionPreference = 'Stop'

function Invoke-PesterFile([string] $Suite) {
    $run = Invoke-Pester -Configuration @{
        Run    = @{ Path = "$PSScriptRoot/Pester/$Suite.ps1"; PassThru = $true }
        Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
    }
    @{
        Passed  = $run.PassedCount
        # A file that could not be read has no tests, and a failed AfterAll fails none.
        Failed  = [Math]::Max($run.FailedCount + $run.FailedContainersCount, [int]($run.Result -eq 'Failed'))
        Skipped = $run.SkippedCount
    }
}

function Invoke-Project([string] $Suite) {
    Write-Host $Suite
    $trx = "$Result/$Suite.trx"
    $run = "$PSScriptRoot/$Suite/bin/Release/net10.0/$Suite.dll", '-noLogo', '-noColor', '-trx', $trx
    # In quotes here: PowerShell would replace it by names of files.
    if ($Filter) { dotnet @run -class "*$Filter*" | Out-Host } else { dotnet @run | Out-Host }
    if (-not (Test-Path $trx)) { return @{ Passed = 0; Failed = 1; Skipped = 0 } }
    $counters = ([xml](Get-Content $trx -Raw)).TestRun.ResultSummary.Counters
    @{
        Passed  = [int]$counters.passed
        Failed  = [Math]::Max([int]$counters.failed + [int]$counters.error, [int]($LASTEXITCODE -ne 0))
        Skipped = [int]$counters.notExecuted
    }
}

# Tests find the testbed by environment variables.
if ($TestbedFolder) {
    Import-Module $PSScriptRoot/Testbed/Testbed.psm1
    (Get-Testbed $TestbedFolder).Environment.GetEnumerator() | ForEach-Object { Set-Item "Env:$($_.Key)" $_.Value }
}
if ($Pester) {
    $env:CRANE_TEST_MODULE = $Module   # for tests that import it into a session of their own
    Import-Module $Pester
    Import-Module $Module
}
foreach ($suite in Get-Content $Result/suites) {
    if (-not (New-Item "$Result/$suite.json" -ErrorAction Ignore)) { continue }   # another process runs it
    ((Test-Path "$PSScriptRoot/Pester/$suite.ps1") ? (Invoke-PesterFile $suite) : (Invoke-Project $suite)) |
        ConvertTo-Json -Compress | Set-Content "$Result/$suite.json"
    Write-Host "`f"
}
