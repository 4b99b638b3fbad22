#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
Brings the images on a developer's machine up to date, and keeps what was changed there.
.DESCRIPTION
It pulls the images that are missing or behind. Images that were changed here stay, and are built again where their base is a newer
one now. At the end it shows where every image stands; Next is the command that mends what is left.

Exit codes: 0: everything is done; 1: it could not start; 2: some images failed, the others are up to date. The credentials are
those of docker's configuration: run Connect-CraneRegistry once.
.PARAMETER Path
The crane file, or its folder.
.EXAMPLE
pwsh -File developer-refresh.ps1 -Path stack/
#>
[CmdletBinding()]
param([string] $Path = '.')
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'   # other errors end the script, and pwsh -File with exit code 1
$ProgressPreference = 'SilentlyContinue'

# An image that fails must not prevent the others: its error is shown, and the script continues.
$continue = @{ Path = $Path; ErrorAction = 'Continue'; ErrorVariable = '+failures' }
$failures = @()

$behind = @(Get-CraneStatus @continue | Where-Object Pull -In Behind, Missing)
if ($behind) { Invoke-CranePull $behind.Container @continue }

$own = @(Get-CraneStatus -Path $Path -ErrorAction Ignore | Where-Object { $_.Base -eq 'Stale' -and $_.Pull -ne 'UpToDate' })
if ($own) { Invoke-CraneBuild $own.Container -WithDependent -Changed @continue }

Get-CraneStatus -Path $Path -ErrorAction Ignore   # its errors were shown above
exit ($failures ? 2 : 0)
