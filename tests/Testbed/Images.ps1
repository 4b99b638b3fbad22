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
    $testbed = Get-Testbed
    $archive = Join-Path $testbed.Folder "$([guid]::NewGuid()).tar"
    try {
        Write-ImageArchive $archive $Name (@(New-ShellLayer $testbed.Programs $ShellMark) + @($Layer | ForEach-Object { , (New-Layer $_) }))
        $null = Invoke-TestbedDocker $Store load --quiet --input $archive
    }
    finally { Remove-Item $archive -ErrorAction Ignore }
    foreach ($one in $Name) {
        $id = Invoke-TestbedDocker $Store image inspect --format '{{.Id}}' $one
        $digest = $null
        if ($Push) {
            $said = Invoke-TestbedDocker $Store push $one
            $digest = ($said | Select-String 'digest: (sha256:[0-9a-f]{64})').Matches[0].Groups[1].Value
            $null = Invoke-TestbedDocker $Store image rm $one
        }
        [pscustomobject]@{ Name = $one; Id = $id; Digest = $digest }
    }
}
