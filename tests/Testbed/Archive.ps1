# Writes images as `docker load` reads them: a tar with a manifest, a configuration and each layer's own tar.
# Nothing in them depends on the time or the machine, so that equal content makes equal digests.

# A tar of: path → text, bytes or, as a number, that many bytes that do not compress.
function New-Layer([System.Collections.IDictionary] $File) {
    New-Tar { param($tar)
        foreach ($path in $File.Keys | Sort-Object) { Add-TarFile $tar $path (ConvertTo-Byte $path $File[$path]) }
    }
}

# /bin/busybox and the commands it answers to, and a mark that makes the layer another one.
function New-ShellLayer([string] $Programs, [string] $Mark) {
    New-Tar { param($tar)
        if ($Mark) { Add-TarFile $tar bin/mark (ConvertTo-Byte '' $Mark) }
        Add-TarFile $tar bin/busybox ([IO.File]::ReadAllBytes((Get-BusyboxPath $Programs)))
        foreach ($command in 'sh', 'cat', 'echo', 'ls', 'sleep', 'true') {
            $link = [Formats.Tar.PaxTarEntry]::new('SymbolicLink', "bin/$command")
            $link.LinkName = 'busybox'
            $link.ModificationTime = [DateTimeOffset]::UnixEpoch
            $tar.WriteEntry($link)
        }
    }
}

# The configuration of an image with these layers, by default for this machine.
function New-ImageConfiguration([byte[][]] $Layer, [string] $Architecture) {
    if (-not $Architecture) { $Architecture = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64' }
    $digests = foreach ($bytes in $Layer) { "sha256:$(Get-Sha256 $bytes)" }
    , (ConvertTo-Byte '' (ConvertTo-Json -Depth 4 -Compress ([ordered]@{
                    created      = '1970-01-01T00:00:00Z'
                    architecture = $Architecture
                    os           = 'linux'
                    config       = [ordered]@{ Env = @('PATH=/bin'); Cmd = @('sh') }
                    rootfs       = [ordered]@{ type = 'layers'; diff_ids = @($digests) }
                })))
}

function New-ImageArchive([string[]] $Name, [byte[][]] $Layer) {
    $layers = foreach ($bytes in $Layer) { [pscustomobject]@{ Digest = Get-Sha256 $bytes; Bytes = $bytes } }
    $configuration = New-ImageConfiguration $Layer
    $id = Get-Sha256 $configuration
    $manifest = ConvertTo-Json -AsArray ([ordered]@{
            Config   = "$id.json"
            RepoTags = @($Name | ForEach-Object { $_ -match ':[^/]+$' ? $_ : "${_}:latest" })
            Layers   = @($layers.Digest -replace '$', '.tar')
        })
    New-Tar { param($tar)
        Add-TarFile $tar manifest.json (ConvertTo-Byte '' $manifest)
        Add-TarFile $tar "$id.json" $configuration
        foreach ($one in $layers | Sort-Object Digest -Unique) { Add-TarFile $tar "$($one.Digest).tar" $one.Bytes }
    }
}

function New-Tar([scriptblock] $Write) {
    $stream = [IO.MemoryStream]::new()
    $tar = [Formats.Tar.TarWriter]::new($stream, [Formats.Tar.TarEntryFormat]::Pax, $true)
    & $Write $tar
    $tar.Dispose()
    , $stream.ToArray()
}

function Add-TarFile([Formats.Tar.TarWriter] $Tar, [string] $Path, [byte[]] $Content) {
    $entry = [Formats.Tar.PaxTarEntry]::new('RegularFile', $Path.TrimStart('/'))
    $entry.Mode = [IO.UnixFileMode]0x1ED   # rwxr-xr-x
    $entry.ModificationTime = [DateTimeOffset]::UnixEpoch
    $entry.DataStream = [IO.MemoryStream]::new($Content)
    $Tar.WriteEntry($entry)
}

function ConvertTo-Byte([string] $Path, $Content) {
    if ($Content -is [byte[]]) { return , $Content }
    if ($Content -is [string]) { return , [Text.Encoding]::UTF8.GetBytes($Content) }
    $bytes = [byte[]]::new($Content)
    $seed = [BitConverter]::ToInt32([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes("$Path $Content")), 0)
    [Random]::new($seed).NextBytes($bytes)
    , $bytes
}

function Get-Sha256([byte[]] $Content) {
    [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Content)).ToLowerInvariant()
}
