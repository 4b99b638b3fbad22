#Requires -Version 7.4
<#
.SYNOPSIS
Shows the cycle of pull, build and push on private engines and registries: every command below a prompt is run as it is
shown.
.DESCRIPTION
./build.sh demo runs it. It ends with an error as soon as a step does not do what its sentence says, and leaves
nothing behind.
.PARAMETER Module
The module to show.
#>
[CmdletBinding()]
param([string] $Module = "$PSScriptRoot/../out/Crane")

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Shows a command as it would be typed, runs that text, shows what it wrote, and compares it with what is expected.
function Show-Step([string] $Sentence, [string] $Command, [string[]] $Expected, [string] $Property) {
    Write-Host "`n# $Sentence" -ForegroundColor Green
    Write-Host "PS> $Command" -ForegroundColor Cyan
    $output = @(. ([scriptblock]::Create($Command)))
    if ($output) { Write-Host ($output | Out-String @width).Trim("`r", "`n") }
    $found = $Property ? @($output.$Property) : $output
    if ("$found" -ne "$Expected") { throw "The demo failed: '$Command' gave '$found' and not '$Expected'." }
}

# What a company has published: a service, the system whose layers it shares, and an image of somebody else.
function Publish-Stack {
    $null = New-TestbedImage "$($testbed.Official)/coreos/etcd:2" -Layer @{ 'etc/etcd' = 'a store of keys and values' } -Push
    $null = New-TestbedImage busybox:stable
    foreach ($name in 'os', 'service') {
        $null = docker build --quiet --network none --tag company/$name $PSScriptRoot/stack/$name
        $null = docker tag company/$name "$($testbed.Official)/company/$name"
        $null = docker push --quiet "$($testbed.Official)/company/$name"
    }
    # The engine is to know nothing of them, so that the pull is one.
    $null = docker image rm --force @(docker image ls --quiet | Sort-Object -Unique)
    $null = docker builder prune --all --force
    $null = New-TestbedImage busybox:stable   # what os is built on
}

# docker is the testbed's own: its engine is the private one, whatever the user has.
function docker { Invoke-TestbedDocker @args }

Import-Module $PSScriptRoot/../tests/Testbed/Testbed.psm1
Import-Module $Module
$width = [Console]::IsOutputRedirected ? @{ Width = 120 } : @{}
$environment = @(Get-ChildItem Env:)
$testbed = $null
$folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "crane-demo-$PID") -ItemType Directory
Copy-Item $PSScriptRoot/demo, $PSScriptRoot/stack $folder -Recurse   # a copy that can be changed
Push-Location $folder/demo
try {
    Write-Host 'Starting a private engine and two registries, and publishing three images to the official one ...'
    $testbed = Start-Testbed -Store overlay2
    Remove-Item Env:DOCKER_*, Env:CRANE_ENGINE, Env:CRANE_CONFIG -ErrorAction Ignore
    $env:DOCKER_HOST = $testbed.Engines.overlay2
    $env:DOCKER_CONFIG = $testbed.Environment.DOCKER_CONFIG
    $bob = $testbed.PersonalCredential
    Publish-Stack

    Show-Step 'A crane file says which images make a stack, and where each is pulled from and pushed to.' `
        'Get-Content crane.yaml' (Get-Content crane.yaml)

    Show-Step 'Its variables come from the environment. Both registries are on this machine.' `
        "`$env:DOCKER_REGISTRY = '$($testbed.Official)'; `$env:PERSONAL_REGISTRY = '$($testbed.Personal)'; `$env:USER = 'bob'"

    Show-Step 'Each container has an image with a plain name, and its names on either side.' `
        'Get-CraneContainer' os, etcd, service Name

    Show-Step 'A plan touches nothing: it can be filtered, exported, reviewed, and run later.' `
        'Get-CraneRetagPlan Pull, Push' Planned, Planned, Planned, Planned, Skipped, Planned Status

    Show-Step 'Pull from the official registry, and tag under the plain names.' `
        'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

    Show-Step 'Pull again: the registry has nothing new, so nothing moves.' `
        'Invoke-CranePull' UpToDate, UpToDate, UpToDate Status

    Show-Step 'Push to the personal registry, as its user. $bob is what Get-Credential would give.' `
        'Invoke-CranePush -Credential $bob' Succeeded, Skipped, Succeeded Status

    Show-Step 'What that registry itself says it has now.' `
        'Invoke-RestMethod "http://$env:PERSONAL_REGISTRY/v2/_catalog" -Authentication Basic -Credential $bob -AllowUnencryptedAuthentication' `
        bob/os, bob/service repositories

    Show-Step 'And the plain name runs what was pulled.' `
        'docker run --rm --network none company/service' 'Company OS', 'The service runs on it.'

    Show-Step 'Change os: its Dockerfile gets a line more.' `
        "Add-Content ../stack/os/Dockerfile 'RUN echo Changed by bob >> /etc/motd'"

    Show-Step 'Build os, and what stands on it: service is FROM company/os.' `
        'Invoke-CraneBuild os -WithDependent' Succeeded, Succeeded Status

    Show-Step 'Push both.' `
        'Invoke-CranePush core -Credential $bob' Succeeded, Succeeded Status

    Show-Step 'And the plain name runs what was built.' `
        'docker run --rm --network none company/service' 'Company OS', 'Changed by bob', 'The service runs on it.'
}
finally {
    $testbed | Where-Object { $_ } | Stop-Testbed
    Pop-Location
    Remove-Item $folder -Recurse -Force
    Get-ChildItem Env: | Where-Object Name -NotIn $environment.Name | Remove-Item
    foreach ($one in $environment) { Set-Item "Env:$($one.Name)" $one.Value }
}
