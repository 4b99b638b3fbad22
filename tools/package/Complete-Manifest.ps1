<#
.SYNOPSIS
Fills in what the manifest of the built module says about this version: its number, its addresses and its release notes.
#>
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Version,
    [Parameter(Mandatory)] [string] $Repository,   # on GitHub; the other addresses follow from it
    [Parameter(Mandatory)] [string] $Changelog
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The newest section of the changelog that says something, without its title.
function Get-ReleaseNote {
    $sections = (Get-Content $Changelog -Raw) -replace '\r' -split '(?m)^## ' | Select-Object -Skip 1
    $sections.ForEach{ ($_ -replace '^.*' -replace '(?m)^\[.+\]: .*').Trim() }.Where({ $_ }, 'First')[0]
}

$values = @{
    ModuleVersion = $Version
    ProjectUri    = $Repository
    LicenseUri    = "$Repository/blob/main/LICENSE"
    # Update-Help follows no redirects, so it cannot read the files of a release.
    HelpInfoURI   = $Repository -replace '^https://github\.com/([^/]+)/(.+)$', 'https://$1.github.io/$2/help/'
    ReleaseNotes  = Get-ReleaseNote
}
$text = Get-Content $Manifest -Raw
foreach ($name in $values.Keys) {
    $empty = [regex]"(?m)(?<=^ *$name *= )''"
    if ($empty.Count($text) -ne 1) { throw "$Manifest has to have one line: $name = ''" }
    $value = "'$($values[$name].Replace("'", "''"))'"
    $text = $empty.Replace($text, { $value })
}
Set-Content $Manifest $text -NoNewline
