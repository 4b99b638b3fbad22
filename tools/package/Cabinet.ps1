# A cabinet ([MS-CAB]), the only archive that Update-Help reads on Windows: one folder of deflated blocks, none of which refers to
# another, without the checksums, which are optional.
function Write-Cabinet([string] $Path, $Contents, [DateTimeOffset] $Time) {
    $all = [IO.MemoryStream]::new()
    $files = [IO.BinaryWriter]::new([IO.MemoryStream]::new())
    foreach ($content in $Contents.GetEnumerator()) {
        Write-Number $files ([uint32]) $content.Value.Length $all.Length
        Write-Number $files ([uint16]) 0 (Get-DosDate $Time) (Get-DosTime $Time) 0x20
        $files.Write([Text.Encoding]::ASCII.GetBytes("$($content.Key)`0"))
        $all.Write($content.Value)
    }
    $blocks = [IO.BinaryWriter]::new([IO.MemoryStream]::new())
    $count = 0
    for ($start = 0; $start -lt $all.Length; $start += 32KB) {
        $length = [Math]::Min(32KB, $all.Length - $start)
        $packed = Compress-Block $all.GetBuffer() $start $length
        Write-Number $blocks ([uint32]) 0
        Write-Number $blocks ([uint16]) $packed.Length $length
        $blocks.Write($packed)
        $count++
    }
    $startOfFiles = 36 + 8   # after the header and the folder
    $startOfBlocks = $startOfFiles + $files.BaseStream.Length
    $writer = [IO.BinaryWriter]::new([IO.File]::Create($Path))
    try {
        $writer.Write([Text.Encoding]::ASCII.GetBytes('MSCF'))
        Write-Number $writer ([uint32]) 0 ($startOfBlocks + $blocks.BaseStream.Length) 0 $startOfFiles 0
        Write-Number $writer ([uint16]) 0x103 1 $Contents.Count 0 0 0   # version 1.3, one folder, no flags
        Write-Number $writer ([uint32]) $startOfBlocks
        Write-Number $writer ([uint16]) $count 1                        # deflated
        $files.BaseStream.WriteTo($writer.BaseStream)
        $blocks.BaseStream.WriteTo($writer.BaseStream)
    }
    finally { $writer.Dispose() }
}

function Write-Number([IO.BinaryWriter] $Writer, [type] $Type) { foreach ($number in $args) { $Writer.Write($number -as $Type) } }

function Get-DosDate([DateTimeOffset] $Time) { ($Time.Year - 1980 -shl 9) + ($Time.Month -shl 5) + $Time.Day }
function Get-DosTime([DateTimeOffset] $Time) { ($Time.Hour -shl 11) + ($Time.Minute -shl 5) + ($Time.Second -shr 1) }

function Compress-Block([byte[]] $Bytes, [int] $Start, [int] $Length) {
    $packed = [IO.MemoryStream]::new()
    $packed.Write([Text.Encoding]::ASCII.GetBytes('CK'))
    $deflate = [IO.Compression.DeflateStream]::new($packed, [IO.Compression.CompressionLevel]::SmallestSize, $true)
    try { $deflate.Write($Bytes, $Start, $Length) } finally { $deflate.Dispose() }
    , $packed.ToArray()
}
