#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
Mirrors the images of a stack to a site without a connection, through a folder that somebody carries there.
.DESCRIPTION
Without -Registry it pulls all images of the stack to the folder, an OCI image layout, with all their platforms. Use the same folder
each time: only what has changed is pulled. Carry the folder and the crane file to the site.

With -Registry it pushes all images from the folder to the site's registry, under their plain names. From there
Invoke-CranePull gets them, at the site, with the same crane file and the site's registry in its variable.

Neither needs an engine. Exit codes: 0: all images are there; 1: it could not start; 2: some images failed, the others are there. The
credentials are those of docker's configuration: run Connect-CraneRegistry once.
.PARAMETER Folder
The folder that holds the images.
.PARAMETER Registry
The site's registry.
.PARAMETER Path
The crane file, or its folder.
.EXAMPLE
pwsh -File air-gap.ps1 -Folder /media/usb/images -Path stack/
pwsh -File air-gap.ps1 -Folder /media/usb/images -Path stack/ -Registry registry.site.company.co
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Folder,
    [string] $Registry,
    [string] $Path = '.'
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'   # other errors end the script, and pwsh -File with exit code 1
$ProgressPreference = 'SilentlyContinue'

if (-not $Registry) {
    Invoke-CranePull -Path $Path -Engine "oci:$Folder" -ErrorAction Continue -ErrorVariable failures
    exit ($failures ? 2 : 0)
}

if (-not (Test-Path $Folder)) { throw "There is no folder '$Folder'." }
# Not the push sections of the crane file: the site needs all images, also those that are not pushed elsewhere.
Get-CraneContainer -Path $Path | ForEach-Object {
    $name = [Crane.ImageName]$_.Image
    [pscustomobject]@{ Container = $_.Name; Source = $_.Image; Target = "$Registry/$($name.Repository):$($name.Tag ?? 'latest')" }
} | Invoke-CranePush -Engine "oci:$Folder" -ErrorAction Continue -ErrorVariable failures
exit ($failures ? 2 : 0)
