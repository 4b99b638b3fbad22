$InstallScript = Join-Path $PSScriptRoot install.sh

function Get-TestbedCache {
    $caches = $env:XDG_CACHE_HOME ? $env:XDG_CACHE_HOME : (Join-Path $HOME .cache)
    $env:CRANE_TESTBED_CACHE ? [IO.Path]::GetFullPath($env:CRANE_TESTBED_CACHE) : (Join-Path $caches crane-testbed)
}

# Named after what installs it, so that a changed list of packages is installed beside the old one, never over it.
function Get-ProgramFolder {
    $version = (Get-FileHash $InstallScript).Hash.Substring(0, 8).ToLowerInvariant()
    Join-Path (Get-TestbedCache) "programs-$version"
}

function Test-Command([string[]] $Name) {
    @(Get-Command $Name -CommandType Application -ErrorAction Ignore).Count -ge $Name.Count
}

# Whether this machine's own programs will do: an engine with both image stores, a registry, and a busybox that runs
# in an image that holds nothing else.
function Test-MachineProgram {
    if (-not (Test-Command dockerd, docker, busybox)) { return $false }
    if (-not ((Test-Command docker-registry) -or (Test-Command registry))) { return $false }
    $PSNativeCommandUseErrorActionPreference = $false   # ldd answers by its exit code: it refuses a static program
    $null = ldd (Get-Command busybox -CommandType Application).Source 2>&1
    $isStatic = $LASTEXITCODE -ne 0
    $isStatic -and (dockerd --version) -match 'version (\d+)\.' -and [int]$Matches[1] -ge 23
}

function Get-BusyboxPath([string] $Programs) {
    $Programs -eq 'machine' ? (Get-Command busybox -CommandType Application)[0].Source : "$Programs/usr/bin/busybox"
}

# Docker's plugin; on a machine with its own programs, nothing where it is not among them.
function Get-BuildxPath([string] $Programs) {
    $folders = $Programs -eq 'machine' ? @('/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec') : @("$Programs/usr/libexec")
    $folders | ForEach-Object { "$_/docker/cli-plugins/docker-buildx" } | Where-Object { Test-Path $_ } | Select-Object -First 1
}

function Test-Debian {
    (Test-Command apt-get, dpkg-deb) -and (Test-Path /etc/debian_version)
}

# Mounts are refused to root too where it is root of an unprivileged container only.
function Test-Namespace {
    $PSNativeCommandUseErrorActionPreference = $false
    $null = unshare --mount --pid --fork mount -t tmpfs tmpfs /run 2>&1
    $LASTEXITCODE -eq 0
}

<#
.SYNOPSIS
Tells whether a testbed can run on this machine, which programs it would use, and if it cannot run, why and what helps.
.OUTPUTS
An object with Available, Programs (a folder, or 'machine' for this machine's own) and Reason.
#>
function Test-Testbed {
    [CmdletBinding()]
    param()
    $programs = Get-ProgramFolder
    $reason =
        if (-not $IsLinux) { 'it runs on Linux only' }
        elseif ((id -u) -ne 0) { 'it starts private engines, which needs root: run the tests as root' }
        elseif (-not (Test-Command unshare, nsenter, flock, setsid)) {
            'it needs util-linux (unshare, nsenter, flock, setsid): install that package'
        }
        elseif (-not (Test-Namespace)) { 'it may not mount here: in a container, start that with --privileged' }
        elseif (Test-Path $programs) { }
        elseif (Test-MachineProgram) { $programs = 'machine' }
        elseif (-not (Test-Debian)) {
            'it needs dockerd 23 or newer, docker, docker-registry and a static busybox on the PATH: install those'
        }
    [pscustomobject]@{ Available = -not $reason; Programs = $programs; Reason = $reason }
}

<#
.SYNOPSIS
Installs the programs of the testbed into its cache folder, unless they are there or the machine has its own.
.DESCRIPTION
The folder is crane-testbed in XDG_CACHE_HOME or ~/.cache, or the one CRANE_TESTBED_CACHE names; deleting it undoes the
installation. An interrupted installation counts as none.
.OUTPUTS
The folder, or 'machine'.
#>
function Install-Testbed {
    [CmdletBinding()]
    param()
    $state = Test-Testbed
    if (-not $state.Available) { throw "No testbed on this machine: $($state.Reason)." }
    if ($state.Programs -ne 'machine' -and -not (Test-Path $state.Programs)) {
        Write-Host "Installing docker, docker-registry and their peers from Debian packages into $($state.Programs) (150 MB to fetch, once)."
        try { bash $InstallScript $state.Programs | Out-Host }
        catch { throw "The programs of the testbed could not be installed: see what apt says above." }
    }
    $state.Programs
}
