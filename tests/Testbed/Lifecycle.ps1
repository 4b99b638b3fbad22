$RunScript = Join-Path $PSScriptRoot testbed.sh
$Supervisors = [ordered]@{}   # folder of a testbed that this session started → the process whose standard input keeps it alive

<#
.SYNOPSIS
Starts private engines, one for each image store, and registries on free loopback ports.
.DESCRIPTION
Installs the programs first where they are missing. The testbed ends with Stop-Testbed, with this session, or when the
process that CRANE_BUILD_PID names is gone, whichever comes first, and leaves nothing behind. It never sees the engine,
the images or the docker configuration of the user, and several can run at once.
.OUTPUTS
Crane.Testbed, as Get-Testbed describes it.
.EXAMPLE
$testbed = Start-Testbed
docker -H $testbed.Engines.overlay2 images
Stop-Testbed
#>
function Start-Testbed {
    [CmdletBinding()]
    param([ValidateSet('overlay2', 'containerd')] [string[]] $Store = @('overlay2', 'containerd'))
    $programs = Install-Testbed
    $folder = Join-Path (Get-TestbedCache) runs ([guid]::NewGuid().ToString('n').Substring(0, 12))
    $owner = $env:CRANE_BUILD_PID ? $env:CRANE_BUILD_PID : $PID
    # In a session of its own: Ctrl+C reaches this process, which stops the testbed when it is done with it.
    $start = [Diagnostics.ProcessStartInfo]::new('setsid', [string[]]@('bash', $RunScript, 'supervise', $folder, $programs, $owner; $Store))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $supervisor = [Diagnostics.Process]::Start($start)
    $Supervisors[$folder] = $supervisor
    $said = @(while ($null -ne ($line = $supervisor.StandardOutput.ReadLine()) -and $line -ne 'ready') { $line })
    if ($line -ne 'ready') {
        Stop-Supervisor $folder
        throw "The testbed did not start. $said"
    }
    $state = ConvertFrom-StringData ($said -join "`n")
    $engines = [ordered]@{}
    foreach ($name in $Store) { $engines[$name] = "unix://$folder/$name.sock" }
    $state += @{ folder = $folder; programs = $programs; engines = $engines; script = $RunScript }
    ConvertTo-Json $state | Set-Content $folder/testbed.json
    Get-Testbed $folder
}

<#
.SYNOPSIS
Finds a testbed that runs: by its folder, else the last one this session started, else the one whose environment this
process was given; nothing if there is none.
.OUTPUTS
Crane.Testbed: Engines (image store → value for DOCKER_HOST), Official and Backup (host:port of open registries), Personal and
PersonalCredential (the registry with a login), Environment (what tests read), Folder, Init, Programs.
#>
function Get-Testbed {
    [CmdletBinding()]
    param([string] $Folder)
    if (-not $Folder) { $Folder = $Supervisors.Count ? @($Supervisors.Keys)[-1] : $env:CRANE_TEST_FOLDER }
    if (-not $Folder -or -not (Test-Path $Folder/testbed.json)) { return }
    $state = Get-Content $Folder/testbed.json -Raw | ConvertFrom-Json -AsHashtable
    $password = ConvertTo-SecureString $state.password -AsPlainText
    [pscustomobject]@{
        PSTypeName         = 'Crane.Testbed'
        Engines            = $state.engines
        Official           = $state.official
        Backup             = $state.backup
        Personal           = $state.personal
        PersonalCredential = [pscredential]::new($state.user, $password)
        Environment        = [ordered]@{
            CRANE_TEST_ENGINES           = ConvertTo-Json $state.engines -Compress
            CRANE_TEST_OFFICIAL          = $state.official
            CRANE_TEST_PERSONAL          = $state.personal
            CRANE_TEST_PERSONAL_USER     = $state.user
            CRANE_TEST_PERSONAL_PASSWORD = $state.password
            CRANE_TEST_BUSYBOX           = Get-BusyboxPath $state.programs
            CRANE_TEST_BUILDX            = Get-BuildxPath $state.programs
            CRANE_TEST_FOLDER            = $Folder
            DOCKER_CONFIG                = "$Folder/client"
            XDG_CACHE_HOME               = "$Folder/cache"      # of what is tested
            XDG_STATE_HOME               = "$Folder/state"
            CRANE_TESTBED_CACHE          = Get-TestbedCache     # the testbed's own stays
        }
        Folder             = $Folder
        Init               = $state.init
        Programs           = $state.programs
    }
}

<#
.SYNOPSIS
The repositories that the engines of the current testbed have asked Docker Hub for, each once, in order.
.DESCRIPTION
A registry of the testbed stands in for Docker Hub: its engines, and the BuildKit in them, ask it first for every name without
a registry. It has nothing, and its log tells what it was asked.
#>
function Get-HubRequest {
    [CmdletBinding()]
    param()
    Select-String -LiteralPath "$((Get-Testbed).Folder)/hub.log" -Pattern '"(?:GET|HEAD) /v2/(.+)/manifests/' |
        ForEach-Object { $_.Matches[0].Groups[1].Value } | Select-Object -Unique
}

<#
.SYNOPSIS
Stops a testbed of this session, by default every one, and removes its data.
#>
function Stop-Testbed {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] [PSTypeName('Crane.Testbed')] $Testbed)
    process { Stop-Supervisor ($Testbed ? @($Testbed.Folder) : @($Supervisors.Keys)) }
}

function Stop-Supervisor([string[]] $Folder) {
    foreach ($name in $Folder) {
        $supervisor = $Supervisors[$name]
        if (-not $supervisor) { continue }   # stopped before, or of another session, which stops it
        $supervisor.StandardInput.Close()
        if (-not $supervisor.WaitForExit(30000)) { $supervisor.Kill($true) }
        $supervisor.Dispose()
        $Supervisors.Remove($name)
    }
}
