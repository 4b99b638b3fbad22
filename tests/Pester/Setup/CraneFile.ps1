<#
.SYNOPSIS
Writes a crane file into a new folder of its own below Folder, and gives its path.
#>
function New-CraneFile {
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [string] $Name = 'crane.yaml'
    )
    $own = New-Item (Join-Path $Folder (New-Name)) -ItemType Directory
    Set-Content -LiteralPath (Join-Path $own $Name) $Text
    Join-Path $own $Name
}

<#
.SYNOPSIS
Runs a script block while environment variables have other values; $null means that one is not set.
#>
function Use-Environment {
    param([Parameter(Mandatory)] [hashtable] $Variable, [Parameter(Mandatory)] [scriptblock] $Script)
    $before = @{}
    foreach ($name in $Variable.Keys) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    try {
        Set-EnvironmentVariable $Variable
        & $Script
    }
    finally { Set-EnvironmentVariable $before }
}

function Set-EnvironmentVariable([hashtable] $Variable) {
    foreach ($name in $Variable.Keys) {
        # PowerShell makes an empty text of $null, which is another thing.
        [Environment]::SetEnvironmentVariable($name, $Variable[$name] ?? [NullString]::Value)
    }
}

<#
.SYNOPSIS
Writes a docker context into a folder of docker's configuration, as docker context create does.
#>
function Add-DockerContext {
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Endpoint)
    $hash = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Name))
    $meta = Join-Path $Folder contexts/meta ([Convert]::ToHexString($hash).ToLowerInvariant()) meta.json
    $context = @{ Name = $Name; Endpoints = @{ docker = @{ Host = $Endpoint } } }
    $null = New-Item $meta -Value (ConvertTo-Json $context -Depth 3) -Force
}
