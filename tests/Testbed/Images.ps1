<#
.SYNOPSIS
Runs a program (docker, skopeo, crane, oras, bash ...) inside the current testbed, with none of the user's settings.
.DESCRIPTION
    Invoke-TestbedProgram PROGRAM [ARGUMENT...]

The files of the machine have the names they have outside, so paths and the current location mean the same. Every
argument is the program's own. DOCKER_HOST is the testbed's first engine; docker and its peers are signed in to the
personal registry. Input is passed on; a failure is an error.
.EXAMPLE
Invoke-TestbedProgram crane digest "$($testbed.Official)/company/os"
#>
function Invoke-TestbedProgram {
    $testbed = Get-Testbed
    if (-not $testbed) { throw 'No testbed is running: use Start-Testbed.' }
    $enter = @($RunScript, 'enter', $testbed.Folder, $testbed.Init, "DOCKER_HOST=$(@($testbed.Engines.Values)[0])")
    if ($MyInvocation.ExpectingInput) { $input | bash @enter @args } else { bash @enter @args }
}

<#
.SYNOPSIS
Runs docker against an engine of the current testbed.
.DESCRIPTION
    Invoke-TestbedDocker [STORE] ARGUMENT...

STORE is overlay2 or containerd; without it, the testbed's first engine is meant.
.EXAMPLE
Invoke-TestbedDocker containerd image inspect company/os --format '{{.Id}}'
#>
function Invoke-TestbedDocker {
    $program = @('docker')
    if ($args.Count -and (Get-Testbed)?.Engines.Contains("$($args[0])")) {
        $program += '--host', (Get-Testbed).Engines[$args[0]]
        $null, $args = $args
    }
    if ($MyInvocation.ExpectingInput) { $input | Invoke-TestbedProgram @program @args } else { Invoke-TestbedProgram @program @args }
}

<#
.SYNOPSIS
Makes an image, without any network, on an engine of the current testbed or in one of its registries.
.DESCRIPTION
The image holds a static busybox (/bin/sh, /bin/cat ...) and one layer for each -Layer. The same layers always make the
same image, byte for byte, and images share the layers they have in common.
.PARAMETER Name
The names of the image; with -Push, names in a registry of the testbed.
.PARAMETER Layer
For each layer its files: path → text, or the number of bytes to fill a file with, which do not compress and depend on
the path and the number only.
.PARAMETER ShellMark
Makes the layer with busybox unlike that of other images. An engine with containerd's store leaves a layer that it has
unpacked before out of a pull, and then has not all that a build on the image needs.
.PARAMETER Store
The engine that makes it: overlay2 or containerd; by default the testbed's first.
.PARAMETER Push
Push the image, and leave nothing of it on the engine.
.OUTPUTS
An object with Name, Id (as the engine says it) and, with -Push, Digest (as the registry says it).
.EXAMPLE
New-TestbedImage "$($testbed.Official)/company/service:1" -Layer @{ 'etc/motd' = 'hello' }, @{ 'data/big' = 4MB } -Push
#>
function New-TestbedImage {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string[]] $Name,
        [hashtable[]] $Layer = @(),
        [string] $ShellMark = '',
        [string] $Store = @((Get-Testbed).Engines.Keys)[0],
        [switch] $Push
    )
    $programs = (Get-Testbed).Programs
    $archive = New-ImageArchive $Name (@(New-ShellLayer $programs $ShellMark) + @($Layer | ForEach-Object { , (New-Layer $_) }))
    $null = Invoke-TestbedEngine $Store /images/load @{ Method = 'Post'; Body = $archive; ContentType = 'application/x-tar' }
    foreach ($one in $Name) {
        $id = (Invoke-TestbedEngine $Store "/images/$one/json" | ConvertFrom-Json).Id
        $digest = $null
        if ($Push) {
            $digest = Push-TestbedImage $Store $one
            $null = Invoke-TestbedEngine $Store "/images/$one" @{ Method = 'Delete' }
        }
        [pscustomobject]@{ Name = $one; Id = $id; Digest = $digest }
    }
}

# As docker push does, with the login of the personal registry. Returns the digest.
function Push-TestbedImage([string] $Store, [string] $Name) {
    $user = (Get-Testbed).PersonalCredential
    $login = ConvertTo-Json -Compress @{ username = $user.UserName; password = $user.GetNetworkCredential().Password }
    $null = $Name -match '^(?<repository>.+?)(:(?<tag>[^:/]+))?$'
    $path = "/images/$($Matches.repository)/push?tag=$($Matches['tag'] ?? 'latest')"
    $said = Invoke-TestbedEngine $Store $path @{
        Method  = 'Post'
        Headers = @{ 'X-Registry-Auth' = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($login)) }
    }
    if ($said -notmatch 'digest: (sha256:[0-9a-f]{64})') { throw "'$Name' was not pushed: $said" }
    $Matches[1]
}

<#
.SYNOPSIS
Sends a request to an engine of the current testbed, and returns the content of the response. Tests ask often, and this takes no process.
.PARAMETER Request
Parameters of Invoke-WebRequest.
.EXAMPLE
Invoke-TestbedEngine overlay2 /images/json | ConvertFrom-Json
#>
function Invoke-TestbedEngine {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Store, [Parameter(Mandatory)] [string] $Path, [hashtable] $Request = @{})
    (Invoke-WebRequest "http://engine$Path" -UnixSocket ((Get-Testbed).Engines[$Store] -replace '^unix://') @Request).Content
}
