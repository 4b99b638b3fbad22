Add-Type -Path $PSScriptRoot/GatedRegistry.cs

<#
.SYNOPSIS
Puts a registry behind a gate: after a number of bytes, of all connections or of each, no more pass until it is opened.
.OUTPUTS
Crane.Tests.GatedRegistry: Address (host:port), Reached (set once a client waits), Open(), Dispose().
#>
function Start-GatedRegistry {
    param([Parameter(Mandatory)] [string] $Address, [long] $AfterBytes = 200KB, [switch] $ForEach)
    [Crane.Tests.GatedRegistry]::new([Net.IPEndPoint]::Parse($Address), $AfterBytes, $ForEach)
}
