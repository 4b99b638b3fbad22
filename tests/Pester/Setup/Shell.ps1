<#
.SYNOPSIS
Starts a script file in a separate pwsh process with the module, as `pwsh -File` does.
.PARAMETER Environment
Environment variables with other values.
.PARAMETER NoModule
Does not import the module.
#>
function Start-Shell {
    param([Parameter(Mandatory)] [string] $Script, [hashtable] $Environment = @{}, [switch] $NoModule)
    $file = Join-Path ([IO.Path]::GetTempPath()) "$(New-Name).ps1"
    $import = $NoModule ? '' : "Import-Module '$env:CRANE_TEST_MODULE'"
    Set-Content $file "Remove-Item `$PSCommandPath`n$import`n$Script"
    $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-File', $file))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    [Diagnostics.Process]::Start($start)
}

<#
.SYNOPSIS
Runs a script file in a separate pwsh process, and returns its Output and its ExitCode.
.PARAMETER Answer
The input for its prompts.
.PARAMETER Environment
Environment variables with other values.
.PARAMETER NoModule
Does not import the module.
#>
function Invoke-Shell {
    param([Parameter(Mandatory)] [string] $Script, [string] $Answer = '', [hashtable] $Environment = @{}, [switch] $NoModule)
    $process = Start-Shell $Script $Environment -NoModule:$NoModule
    try {
        $process.StandardInput.Write($Answer)
        $process.StandardInput.Close()
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd() + $errors.GetAwaiter().GetResult()
        $process.WaitForExit()
        [pscustomobject]@{ Output = $output -replace '\e\[[0-9;]*m'; ExitCode = $process.ExitCode }
    }
    finally { $process.Dispose() }
}

<#
.SYNOPSIS
Starts a script in a separate session in this process, with the module. It can be stopped.
.OUTPUTS
An object with Shell (its Streams, its Stop()), Output and Ended (a wait handle). Get-SoFar reads while it runs.
#>
function Start-Session {
    param([Parameter(Mandatory)] [scriptblock] $Script, [hashtable] $Parameter = @{})
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($env:CRANE_TEST_MODULE)
    $shell = [powershell]::Create($state).AddScript("$Script").AddParameters($Parameter)
    $none = [Management.Automation.PSDataCollection[psobject]]::new()
    $none.Complete()
    $output = [Management.Automation.PSDataCollection[psobject]]::new()
    $run = $shell.BeginInvoke($none, $output)
    [pscustomobject]@{ Shell = $shell; Output = $output; Ended = $run.AsyncWaitHandle }
}

<#
.SYNOPSIS
Returns what a collection of a running session has so far. Enumerating it would wait for the end of the session.
#>
function Get-SoFar {
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [Collections.IList] $Collection)
    for ($i = 0; $i -lt $Collection.Count; $i++) { $Collection[$i] }
}

<#
.SYNOPSIS
Runs a script in a separate session in this process, so that its output to the host is not in the log.
.OUTPUTS
An object with Output and Streams (Error, Warning, Verbose, Debug, Progress, Information).
#>
function Invoke-Session {
    param([Parameter(Mandatory)] [scriptblock] $Script, [hashtable] $Parameter = @{})
    $session = Start-Session $Script $Parameter
    $null = $session.Ended.WaitOne()
    [pscustomobject]@{ Output = @($session.Output); Streams = $session.Shell.Streams }
}

<#
.SYNOPSIS
Waits until a script block returns true; fails after a timeout.
#>
function Wait-Until {
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $TimeoutSeconds = 30)
    $until = [datetime]::UtcNow.AddSeconds($TimeoutSeconds)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -ge $until) { throw "This did not become true within $TimeoutSeconds s: $Condition" }
        Start-Sleep -Milliseconds 50
    }
}
