<#
.SYNOPSIS
Writes a crane file to a new folder below Folder, and returns its path.
#>
function Write-CraneFile {
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Yaml,
        [string] $Name = 'crane.yaml'
    )
    $own = New-Item (Join-Path $Folder (New-Name)) -ItemType Directory
    Set-Content -LiteralPath (Join-Path $own $Name) $Yaml
    Join-Path $own $Name
}

<#
.SYNOPSIS
Runs a script block with other values of environment variables; $null removes a variable.
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
        # PowerShell would convert $null to an empty string.
        [Environment]::SetEnvironmentVariable($name, $Variable[$name] ?? [NullString]::Value)
    }
}

<#
.SYNOPSIS
Writes a docker context to a folder for docker's configuration, as docker context create does.
#>
function Add-DockerContext {
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Endpoint)
    $hash = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Name))
    $meta = Join-Path $Folder contexts/meta ([Convert]::ToHexString($hash).ToLowerInvariant()) meta.json
    $context = @{ Name = $Name; Endpoints = @{ docker = @{ Host = $Endpoint } } }
    $null = New-Item $meta -Value (ConvertTo-Json $context -Depth 3) -Force
}
