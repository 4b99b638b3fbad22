#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
Copies images from one registry to another in Azure Automation, where there is no engine and no file.
.DESCRIPTION
Import the module Crane into a runtime environment with PowerShell 7.4, and this file as a runbook. For -SourceCredential and
-TargetCredential give the names of credential assets: Azure Automation passes the credentials themselves. For -Image give
a JSON array: ["company/os","company/service:1.4"].

The job fails if an image failed; the others are copied. Its output has a result for each image.
.PARAMETER Source
The registry to copy from.
.PARAMETER Target
The registry to copy to.
.PARAMETER Image
The images, by their names without the registry.
.PARAMETER SourceCredential
The user and password for the registry to copy from, unless anybody may read there.
.PARAMETER TargetCredential
The user and password for the registry to copy to.
.EXAMPLE
./azure-automation.ps1 -Source registry.company.co -Target backup.azurecr.io -Image company/os -TargetCredential (Get-Credential)
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Target,
    [Parameter(Mandatory)] [string[]] $Image,
    [pscredential] $SourceCredential,
    [Parameter(Mandatory)] [pscredential] $TargetCredential
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$logins = @{ $Target = $TargetCredential }
if ($SourceCredential) { $logins[$Source] = $SourceCredential }

# A failed image must not prevent the copy of the others: its error is in the job's errors, and the script continues.
$Image | ForEach-Object { [pscustomobject]@{ Source = "$Source/$_"; Target = "$Target/$_" } } |
    Copy-CraneImage -RegistryCredential $logins -ErrorAction Continue -ErrorVariable failures
if ($failures) { throw 'Some images failed: see the errors.' }   # an exit code would not fail the job
