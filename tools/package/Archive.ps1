# Zip archives whose bytes depend on their content alone.

# The time of every entry: SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else that of the commit.
function Get-SourceTime {
    $PSNativeCommandUseErrorActionPreference = $true
    [DateTimeOffset]::FromUnixTimeSeconds($env:SOURCE_DATE_EPOCH ? $env:SOURCE_DATE_EPOCH : (git -C $PSScriptRoot log -1 --format=%ct))
}

# Contents by the names of entries, in one order on every machine.
function New-Content { , [Collections.Generic.SortedDictionary[string, byte[]]]::new([StringComparer]::Ordinal) }

# The files of a folder, by their names there, with slashes.
function Read-Folder([string] $Path, [string] $Prefix = '') {
    $contents = New-Content
    foreach ($file in Get-ChildItem $Path -Recurse -File -Force) {
        $name = [IO.Path]::GetRelativePath($Path, $file).Replace('\', '/')
        $contents["$Prefix$name"] = [IO.File]::ReadAllBytes($file)
    }
    , $contents
}

function Read-Archive([string] $Path) {
    $contents = New-Content
    $archive = [IO.Compression.ZipFile]::OpenRead($Path)
    try {
        foreach ($entry in $archive.Entries) {
            $bytes = [IO.MemoryStream]::new()
            $stream = $entry.Open()
            try { $stream.CopyTo($bytes) } finally { $stream.Dispose() }
            $contents[$entry.FullName] = $bytes.ToArray()
        }
    }
    finally { $archive.Dispose() }
    , $contents
}

# With one time, and the permissions rw-r--r--.
function Write-Archive([string] $Path, $Contents, [DateTimeOffset] $Time) {
    $archive = [IO.Compression.ZipArchive]::new([IO.File]::Create($Path), 'Create')
    try {
        foreach ($content in $Contents.GetEnumerator()) {
            $entry = $archive.CreateEntry($content.Key, 'SmallestSize')
            $entry.LastWriteTime = $Time
            $entry.ExternalAttributes = 0x81A4 -shl 16
            $stream = $entry.Open()
            try { $stream.Write($content.Value) } finally { $stream.Dispose() }
        }
    }
    finally { $archive.Dispose() }
}
