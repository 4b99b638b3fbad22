<#
.SYNOPSIS
Tells whether there are Chromium and Graphviz for the tests of pictures, or can be, and if not, what helps.
.OUTPUTS
An object with Available and Reason.
#>
function Test-PictureProgram {
    [CmdletBinding()]
    param()
    $available = (Test-Command chromium, dot) -or ($IsLinux -and (Test-Debian) -and (id -u) -eq 0 -and (Test-Namespace))
    [pscustomobject]@{
        Available = $available
        Reason    = $available ? $null :
            'they need chromium and dot (Graphviz): install those, or run the tests as root on Debian or Ubuntu, which download them'
    }
}

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
    $state = Test-PictureProgram
    if (-not $state.Available) { throw "No tests of pictures on this machine: $($state.Reason)." }
    $folder = Get-PictureFolder
    if (-not (Test-Path $folder/usr/fonts.conf)) {
        Write-Host "Installing Chromium and Graphviz from Debian packages into $folder (150 MB to fetch, once)."
        try { bash $InstallScript $folder chromium graphviz fonts-dejavu-core | Out-Host }
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
    # /usr/bin/chromium is a script that needs settings in /etc and programs that are not there; this is what it starts.
    $path = $program -eq 'chromium' ? '/usr/lib/chromium/chromium' : "/usr/bin/$program"
    unshare --mount sh -c 'mount --bind "$0" /usr && export FONTCONFIG_FILE=/usr/fonts.conf && exec "$@"' "$(Get-PictureFolder)/usr" $path @arguments
}

function Get-PictureFolder { (Get-ProgramFolder) -replace 'programs-', 'pictures-' }
