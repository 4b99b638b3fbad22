<#
.SYNOPSIS
Installs Chromium and Graphviz, with a font, into the testbed's cache folder, unless they are there or the machine has its own.
.OUTPUTS
The folder, or 'machine'.
#>
function Install-PictureProgram {
    [CmdletBinding()]
    param()
    if (Test-Command chromium, dot) { return 'machine' }
    if (-not ($IsLinux -and (Test-Debian) -and (id -u) -eq 0 -and (Test-Namespace))) {
        throw 'The tests of pictures need chromium and dot (Graphviz) on the PATH. Only as root on Debian or Ubuntu are they installed here.'
    }
    $folder = (Get-ProgramFolder) -replace 'programs-', 'pictures-'
    if (-not (Test-Path $folder/usr/fonts.conf)) {
        Write-Host "Installing Chromium and Graphviz from Debian packages into $folder (150 MB to fetch, once)."
        try { bash $InstallScript $folder chromium graphviz fonts-dejavu-core bash coreutils grep sed | Out-Host }
        catch { throw 'Chromium and Graphviz could not be installed: see what apt says above.' }
        $null = Invoke-PictureProgram dot -c   # a package script would do this
        Set-Content $folder/usr/fonts.conf '<fontconfig><dir>/usr/share/fonts</dir><cachedir>/tmp/fontconfig</cachedir></fontconfig>'
    }
    $folder
}

<#
.SYNOPSIS
Runs chromium or dot with the files of the machine under their own names. A failure is an error.
.DESCRIPTION
    Invoke-PictureProgram PROGRAM [ARGUMENT...]
#>
function Invoke-PictureProgram {
    $program, $arguments = $args
    $arguments = @($arguments)
    if (Test-Command chromium, dot) { return & $program @arguments }
    $folder = (Get-ProgramFolder) -replace 'programs-', 'pictures-'
    unshare --mount sh -c 'mount --bind "$0" /usr && export FONTCONFIG_FILE=/usr/fonts.conf && exec "$@"' "$folder/usr" "/usr/bin/$program" @arguments
}
