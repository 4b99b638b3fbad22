#Requires -Version 7.4
<#
.SYNOPSIS
Measures Crane beside its peers, in one run, on private engines and registries.
.DESCRIPTION
./build.sh bench runs it. Every table has the median and the range of the rounds; in each round the contenders take
turns, and another one begins. A round before the first one warms everything up and is not counted. A goal that is
missed is printed as that and fails nothing.
.PARAMETER Part
What to measure. ManyCopy, of 1000 images, takes minutes a round, and only runs when it is named.
.PARAMETER Rounds
How often each contender runs.
.PARAMETER Store
The image store of the engine.
.PARAMETER BaseSize
Bytes of the image that the others are built on; they do not compress.
.PARAMETER LayerSize
Bytes that each of the other 20 images adds to it.
.PARAMETER LargeSize
Bytes of the one layer of the image that is copied by itself.
.PARAMETER Module
The module to measure.
.EXAMPLE
./build.sh bench Pull Push -Rounds 9 -Store containerd
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(ValueFromRemainingArguments)] [ValidateSet('Pull', 'Push', 'Copy', 'ManyCopy', 'Build', 'Context', 'Plan', 'Module')]
    [string[]] $Part = @('Pull', 'Push', 'Copy', 'Build', 'Context', 'Plan', 'Module'),
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
. $PSScriptRoot/Copy.ps1       # from registry to registry
. $PSScriptRoot/Build.ps1      # a graph of builds
. $PSScriptRoot/Context.ps1    # build contexts of many files
. $PSScriptRoot/Startup.ps1    # planning, and what the module costs
Import-Module $PSScriptRoot/../tests/Testbed/Testbed.psm1
Import-Module $Module

"PowerShell $($PSVersionTable.PSVersion), $([Environment]::ProcessorCount) processors, median and range of $Rounds rounds"

$dockerConfig = $env:DOCKER_CONFIG
$folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "crane-bench-$PID") -ItemType Directory
try {
    if ($Part -match 'Pull|Push|Copy|Build|Context') {
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
    if ($Part -contains 'Plan') { Measure-Plan }
    if ($Part -contains 'Module') { Measure-Module }
}
finally {
    Stop-Testbed
    $env:DOCKER_CONFIG, $env:CRANE_BENCH_OWNER = $dockerConfig, $null
    Remove-Item $folder -Recurse -Force
}
