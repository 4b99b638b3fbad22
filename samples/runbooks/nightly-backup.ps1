#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
Copies the images of a stack to a backup registry, without an engine. For cron or a scheduled task.
.DESCRIPTION
Each image goes from where the crane file pulls it to where the crane file pushes it, with its platforms and signatures. What the
backup has already is not sent again. A CSV file for each run says which image was copied, and which one it replaced:
Import-Csv FILE | Undo-CraneRetag puts those back.

Exit codes: 0: the backup is complete; 1: it could not start; 2: some images failed, the others are copied. The credentials
are those of docker's configuration: run Connect-CraneRegistry once.
.PARAMETER LogFolder
The folder for the CSV files. It is created if there is none.
.PARAMETER Path
The crane file, or its folder.
.PARAMETER From
The remote of the crane file to copy from, in place of the pull sections.
.PARAMETER To
The remote of the crane file to copy to, in place of the push sections.
.EXAMPLE
pwsh -File nightly-backup.ps1 -LogFolder /var/log/crane -Path stack/ -To backup -From official
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $LogFolder,
    [string] $Path = '.',
    [string] $From,
    [string] $To
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'   # other errors end the script, and pwsh -File with exit code 1
$ProgressPreference = 'SilentlyContinue'

$null = New-Item $LogFolder -ItemType Directory -Force
$remotes = @{}
if ($From) { $remotes.From = $From }
if ($To) { $remotes.To = $To }

# A failed image must not prevent the copy of the others: its error is shown, and the script continues.
$results = @(Copy-CraneImage -Path $Path @remotes -IncludeReferrers -ErrorAction Continue -ErrorVariable failures)
$results | Export-Csv (Join-Path $LogFolder "$(Get-Date -Format yyyy-MM-ddTHHmmss).csv")
$results
exit ($failures ? 2 : 0)
