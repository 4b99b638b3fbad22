#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.PowerShell.PSResourceGet'; ModuleVersion = '1.1.0' }

<#
.SYNOPSIS
Packs the built module: for the PowerShell Gallery, as a zip, and its help for Update-Help. Equal input makes equal bytes.
.OUTPUTS
The files.
#>
param(
    [Parameter(Mandatory)] [string] $Module,       # its folder
    [Parameter(Mandatory)] [string] $Destination   # a folder, which is made anew
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Archive.ps1
. $PSScriptRoot/Cabinet.ps1

# The Gallery's own tool says what a package is like. It gives the parts that all NuGet packages have random names and the machine's
# name, and lists types in the order of the file system. No reader of packages depends on any of these.
function New-GalleryPackage([string] $Path) {
    $null = New-Item "$Destination/raw" -ItemType Directory
    $raw = Compress-PSResource $Module "$Destination/raw" -PassThru
    $contents = Read-Archive $raw
    Remove-Item "$Destination/raw" -Recurse
    $properties = @($contents.Keys) -like '*.psmdcp' | Select-Object -First 1
    $random = Split-Path $properties -LeafBase
    $fixed = $manifest.GUID.Replace('-', '')
    Edit-Part $contents $properties { $_ -replace '\s*<lastModifiedBy>.*</lastModifiedBy>' }
    $contents[$properties.Replace($random, $fixed)] = $contents[$properties]
    $null = $contents.Remove($properties)
    Edit-Part $contents _rels/.rels { $_ -replace $random, $fixed -replace '(core-properties/.*) Id="\w+"', '$1 Id="R2"' }
    Edit-Part $contents '[Content_Types].xml' {
        $lines = $_ -split '\r?\n'
        $types = [string[]]($lines -match '<Default ')
        [Array]::Sort($types, [StringComparer]::Ordinal)
        ($lines -notmatch '<Default |</Types>') + $types + '</Types>' -join "`n"
    }
    Write-Archive $Path $contents $time
}

function Edit-Part($Contents, [string] $Name, [scriptblock] $Edit) {
    $text = [Text.Encoding]::UTF8.GetString($Contents[$Name])
    $Contents[$Name] = [Text.Encoding]::UTF8.GetBytes(($text | ForEach-Object $Edit))
}

# What Update-Help looks for at HelpInfoURI: which version of the help there is, and the help of each culture.
function New-HelpContent([string] $Folder) {
    $null = New-Item $Folder -ItemType Directory
    $name = "Crane_$($manifest.GUID)"
    Set-Content "$Folder/${name}_HelpInfo.xml" @"
<?xml version="1.0" encoding="utf-8"?>
<HelpInfo xmlns="http://schemas.microsoft.com/powershell/help/2010/05">
  <HelpContentURI>$($manifest.HelpInfoURI)</HelpContentURI>
  <SupportedUICultures>
    <UICulture>
      <UICultureName>en-US</UICultureName>
      <UICultureVersion>$($manifest.ModuleVersion)</UICultureVersion>
    </UICulture>
  </SupportedUICultures>
</HelpInfo>
"@
    $help = Read-Folder $Module/en-US
    Write-Archive "$Folder/${name}_en-US_HelpContent.zip" $help $time
    Write-Cabinet "$Folder/${name}_en-US_HelpContent.cab" $help $time   # for Windows
}

$Module = Convert-Path $Module
$manifest = Import-PowerShellDataFile $Module/Crane.psd1
$version = $manifest.ModuleVersion
$time = Get-SourceTime
Remove-Item $Destination -Recurse -Force -ErrorAction Ignore
$Destination = New-Item $Destination -ItemType Directory
New-GalleryPackage "$Destination/Crane.$version.nupkg"
# In a folder of the version, as modules are installed: an update touches no file of the version that a session has loaded.
Write-Archive "$Destination/Crane.$version.zip" (Read-Folder $Module "Crane/$version/") $time
New-HelpContent "$Destination/help"
(Get-ChildItem $Destination -Recurse -File).FullName
