<#
.SYNOPSIS
Returns a unique name that is valid as a path component of an image name.
#>
function New-Name { 't' + [guid]::NewGuid().ToString('n').Substring(0, 10) }

<#
.SYNOPSIS
Pushes a small unique image with all given names, and returns its digest.
#>
function Publish-Image {
    param([Parameter(Mandatory)] [string[]] $Name, [hashtable] $Layer = @{ 'etc/mark' = New-Name }, [string] $ShellMark = '')
    (New-TestbedImage $Name -Layer $Layer -ShellMark $ShellMark -Push)[0].Digest
}

<#
.SYNOPSIS
Returns the id of an image in an engine; nothing if there is no such name.
#>
function Get-LocalId {
    param([Parameter(Mandatory)] [string] $Store, [Parameter(Mandatory)] [string] $Name)
    $filters = ConvertTo-Json -Compress @{ reference = @($Name) }
    Invoke-TestbedEngine $Store "/images/json?filters=$([uri]::EscapeDataString($filters))" | ConvertFrom-Json | ForEach-Object Id |
        Select-Object -Unique
}

<#
.SYNOPSIS
Returns the digest for a name in a registry, without Crane or docker.
#>
function Get-RemoteDigest {
    param([Parameter(Mandatory)] [string] $Name)
    Invoke-TestbedProgram skopeo inspect --tls-verify=false --authfile "$((Get-Testbed).Folder)/docker/config.json" `
        --format '{{.Digest}}' "docker://$Name"
}

<#
.SYNOPSIS
Whether a registry has an image with a name.
#>
function Test-RemoteImage {
    param([Parameter(Mandatory)] [string] $Name)
    try {
        $null = Invoke-TestbedProgram crane manifest $Name 2>&1
        $true
    }
    catch [System.Management.Automation.NativeCommandExitException] { $false }
}

<#
.SYNOPSIS
Pushes an index, by default for linux/amd64 and linux/arm64, to a registry of Start-TestRegistry, and returns its digest.
#>
function Publish-Index {
    param([Parameter(Mandatory)] [string] $Name, [string[]] $Architecture = @('amd64', 'arm64'))
    $null = $Name -match '^(?<registry>[^/]+)/(?<path>.+):(?<tag>[^:/]+)$'
    $repository, $tag = "$($Matches.registry)/$($Matches.path)", $Matches.tag
    $address = "http://$($Matches.registry)/v2/$($Matches.path)/manifests"
    $type = 'application/vnd.oci.image.manifest.v1+json'
    $manifests = foreach ($one in $Architecture) {
        $image = New-TestRegistryImage "${repository}:$tag-$one" -Layer @{ 'etc/mark' = New-Name } -Architecture $one
        $size = (Invoke-WebRequest "$address/$($image.Digest)" -Headers @{ Accept = $type }).RawContentLength
        [ordered]@{ mediaType = $type; digest = $image.Digest; size = $size; platform = @{ os = 'linux'; architecture = $one } }
    }
    $type = 'application/vnd.oci.image.index.v1+json'
    $index = ConvertTo-Json -Depth 4 -Compress ([ordered]@{ schemaVersion = 2; mediaType = $type; manifests = $manifests })
    (Invoke-WebRequest "$address/$tag" -Method Put -Body $index -ContentType $type).Headers['Docker-Content-Digest'][0]
}

<#
.SYNOPSIS
Creates an image in an engine only.
#>
function New-LocalImage([string] $Name, [string] $On = 'overlay2') {
    $null = New-TestbedImage $Name -Layer @{ 'etc/mark' = New-Name } -Store $On
}
