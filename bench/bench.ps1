#Requires -Version 7.4

<#
.SYNOPSIS
Compares Crane with its peers, in one run, with private engines and registries.
.DESCRIPTION
./build.sh bench runs it. Every table has the median and the range of the rounds. In each round the contenders run in turn,
starting with another one. A warm-up round before is not counted. A missed goal is only printed.
.PARAMETER Part
What to measure. ManyCopy, with 1000 images, takes minutes per round and runs only on request.
.PARAMETER Rounds
The number of runs of each contender.
.PARAMETER Store
The image store of the engine.
.PARAMETER BaseSize
Size in bytes of the base image; the data does not compress.
.PARAMETER LayerSize
Size in bytes of the layer in each of the other 20 images.
.PARAMETER LargeSize
Size in bytes of the large layer that is copied separately.
.PARAMETER Module
The module to measure.
.EXAMPLE
./build.sh bench Pull Push -Rounds 9 -Store containerd
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(ValueFromRemainingArguments)] [ValidateSet('Pull', 'Push', 'Copy', 'ManyCopy', 'Build', 'Context', 'Plan', 'Status', 'Module')]
    [string[]] $Part = @('Pull', 'Push', 'Copy', 'Build', 'Context', 'Plan', 'Status', 'Module'),
    [ValidateRange(1, 1000)] [int] $Rounds = 5,
    [ValidateSet('overlay2', 'containerd')] [string] $Store = 'overlay2',
    [long] $BaseSize = 60MB,
    [long] $LayerSize = 4MB,
    [long] $LargeSize = 2GB,
    [string] $Module = "$PSScriptRoot/../out/Crane"
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

. $PSScriptRoot/Measure.ps1    # contenders, rounds, tables, goals
. $PSScriptRoot/Stack.ps1      # the images, and the programs that move them
. $PSScriptRoot/Transfer.ps1   # pull and push
. $PSScriptRoot/Copy.ps1       # copies between registries
. $PSScriptRoot/Build.ps1      # a graph of builds
. $PSScriptRoot/Context.ps1    # build contexts of many files
. $PSScriptRoot/Status.ps1     # the status of many images
. $PSScriptRoot/Startup.ps1    # planning, and the module's import
Import-Module $PSScriptRoot/../tests/Testbed/Testbed.psm1
Import-Module $Module

"PowerShell $($PSVersionTable.PSVersion), $([Environment]::ProcessorCount) processors, median and range of $Rounds rounds"

$dockerConfig = $env:DOCKER_CONFIG
$folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "crane-bench-$PID") -ItemType Directory
try {
    if ($Part -match 'Pull|Push|Copy|Build|Context|Status') {
        $testbed = Start-Testbed -Store $Store
        $env:DOCKER_CONFIG = $testbed.Environment.DOCKER_CONFIG   # the user's may name a slow credential helper
    }
    if ($Part -match '^(Pull|Push|Copy)$') {
        $stack = New-Stack
        if ($Part -contains 'Pull') { Measure-Pull }
        if ($Part -contains 'Push') { Measure-Push }
        if ($Part -contains 'Copy') {
            Measure-Copy
            Measure-DistantCopy
            Write-CopyTraffic copy.yaml (Split-Path $stack.Name -Leaf)
            Measure-LargeCopy
        }
    }
    if ($Part -contains 'ManyCopy') { Measure-ManyCopy }
    if ($Part -match 'Build|Context') {
        New-Graph
        if ($Part -contains 'Build') { Measure-Graph }
        if ($Part -contains 'Context') { Measure-Context }
    }
    if ($Part -contains 'Status') { Measure-Status }
    if ($Part -contains 'Plan') { Measure-Plan }
    if ($Part -contains 'Module') { Measure-Module }
}
finally {
    Stop-Testbed
    $env:DOCKER_CONFIG, $env:CRANE_BENCH_OWNER = $dockerConfig, $null
    Remove-Item $folder -Recurse -Force
}
