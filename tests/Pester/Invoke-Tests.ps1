<#
.SYNOPSIS
Runs the tests in this folder in the session it is called in, and writes how many passed, failed and were skipped.
.PARAMETER Filter
A part of the names of the files to run; all files where it is empty.
#>
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Result,
    [string] $Filter = ''
)
$ErrorActionPreference = 'Stop'
$env:CRANE_TEST_MODULE = $Module   # for tests that import it into a session of their own
Import-Module $Pester
Import-Module $Module

$run = Invoke-Pester -Configuration @{
    Run    = @{ Path = "$PSScriptRoot/*$Filter*.Tests.ps1"; PassThru = $true }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}
ConvertTo-Json -Compress @{
    Passed  = $run.PassedCount
    # A file that could not be read has no tests, and a failed AfterAll fails none.
    Failed  = [Math]::Max($run.FailedCount + $run.FailedContainersCount, [int]($run.Result -eq 'Failed'))
    Skipped = $run.SkippedCount
} | Set-Content $Result
