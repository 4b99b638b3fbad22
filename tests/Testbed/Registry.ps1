$RegistryProject = Join-Path $PSScriptRoot ../Crane.TestRegistry
$Registries = [ordered]@{}   # host:port of a registry that this session started → the process whose standard input keeps it alive

<#
.SYNOPSIS
Starts a small registry on a free loopback port, for machines where no testbed can run: it needs no root and no packages.
.DESCRIPTION
It is tests/Crane.TestRegistry, which comes with the build. It ends with Stop-TestRegistry, with this module or with this
session, whichever comes first.
.PARAMETER Credential
Whose password it wants with each request; by default it is open to all.
.PARAMETER Token
Want tokens instead, from a token service beside it, which gives them for that password.
.PARAMETER CertificateAuthority
A file to write: the registry then serves TLS, with a certificate of the authority in that file.
.PARAMETER Immutable
The tags that never change once they are there, as a pattern with *.
.PARAMETER Collect
Remove a manifest at once when it has no tag.
.PARAMETER Root
The folder that keeps what it has; by default nothing stays.
.OUTPUTS
Crane.TestRegistry: Address (host:port), Log (where it tells, as JSON, what it was asked), Credential.
.EXAMPLE
$registry = Start-TestRegistry
$null = New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer @{ 'etc/motd' = 'hello' }
$registry | Stop-TestRegistry
#>
function Start-TestRegistry {
    [CmdletBinding()]
    param([pscredential] $Credential, [switch] $Token, [string] $CertificateAuthority, [string] $Immutable, [switch] $Collect,
        [string] $Root)
    if ($Token -and -not $Credential) { throw 'Tokens are given for a password: use -Credential too.' }
    $program = 'Release', 'Debug' | ForEach-Object { "$RegistryProject/bin/$_/net10.0/Crane.TestRegistry.dll" } |
        Where-Object { Test-Path $_ } | Select-Object -First 1
    if (-not $program) { throw "The registry of the tests is not built: run './build.sh build'." }
    $arguments = @($program)
    if ($Credential) {
        $arguments += ($Token ? '--token' : '--htpasswd'), "$($Credential.UserName):$($Credential.GetNetworkCredential().Password)"
    }
    if ($CertificateAuthority) { $arguments += '--tls', $PSCmdlet.GetUnresolvedProviderPathFromPSPath($CertificateAuthority) }
    if ($Immutable) { $arguments += '--immutable', $Immutable }
    if ($Collect) { $arguments += '--collect' }
    if ($Root) { $arguments += '--root', $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Root) }
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]]$arguments)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $said = $process.StandardOutput.ReadLine()
    if (-not $said) { throw 'The registry did not start: see what it says above.' }
    $address = ([uri]$said).Authority
    $Registries[$address] = $process
    [pscustomobject]@{ PSTypeName = 'Crane.TestRegistry'; Address = $address; Log = "$said/_requests"; Credential = $Credential }
}

<#
.SYNOPSIS
Stops a registry that this session started, by default every one.
#>
function Stop-TestRegistry {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] [PSTypeName('Crane.TestRegistry')] $Registry)
    process {
        foreach ($address in $Registry ? @($Registry.Address) : @($Registries.Keys)) {
            $process = $Registries[$address]
            if (-not $process) { continue }   # stopped before
            $process.StandardInput.Close()
            if (-not $process.WaitForExit(30000)) { $process.Kill() }
            $process.Dispose()
            $Registries.Remove($address)
        }
    }
}

<#
.SYNOPSIS
Puts an image into a registry that Start-TestRegistry started, without any engine.
.DESCRIPTION
The same layers always make the same image, byte for byte, and images share the layers they have in common.
.PARAMETER Name
The name of the image, with registry and tag.
.PARAMETER Layer
For each layer its files, as New-TestbedImage has them.
.PARAMETER Credential
Whose password the registry wants.
.OUTPUTS
An object with Name and Digest.
#>
function New-TestRegistryImage {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [ValidatePattern('^[^/]+/.+:[^:/]+$')] [string] $Name,
        [Parameter(Mandatory)] [hashtable[]] $Layer,
        [string] $Architecture,
        [pscredential] $Credential
    )
    $null = $Name -match '^(?<registry>[^/]+)/(?<repository>.+):(?<tag>[^:/]+)$'
    $address = "http://$($Matches.registry)/v2/$($Matches.repository)"
    $login = $Credential ? @{ Authentication = 'Basic'; Credential = $Credential; AllowUnencryptedAuthentication = $true } : @{}
    $layers = @($Layer | ForEach-Object { , (New-Layer $_) })
    $descriptors = foreach ($blob in @(, (New-ImageConfiguration $layers $Architecture)) + $layers) {
        $digest = "sha256:$(Get-Sha256 $blob)"
        $null = Invoke-RestMethod "$address/blobs/uploads/?digest=$digest" -Method Post -Body $blob @login
        [ordered]@{ mediaType = 'application/vnd.oci.image.layer.v1.tar'; digest = $digest; size = $blob.Length }
    }
    $descriptors[0].mediaType = 'application/vnd.oci.image.config.v1+json'
    $mediaType = 'application/vnd.oci.image.manifest.v1+json'
    $manifest = ConvertTo-Byte '' (ConvertTo-Json -Depth 4 -Compress ([ordered]@{
                schemaVersion = 2
                mediaType     = $mediaType
                config        = $descriptors[0]
                layers        = @($descriptors | Select-Object -Skip 1)
            }))
    $null = Invoke-RestMethod "$address/manifests/$($Matches.tag)" -Method Put -Body $manifest -ContentType $mediaType @login
    [pscustomobject]@{ Name = $Name; Digest = "sha256:$(Get-Sha256 $manifest)" }
}
