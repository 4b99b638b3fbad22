$SshdScript = Join-Path $PSScriptRoot sshd.sh

<#
.SYNOPSIS
Serves ssh on a free port of loopback, in front of an engine of the current testbed, until the testbed ends.
.DESCRIPTION
Clients use the program ssh in the folder Path, which knows this server and a key to log in, and nothing of the user's.
.PARAMETER Store
The engine that docker uses there: overlay2 or containerd; by default the testbed's first.
.PARAMETER Prefix
What is put before each command that a client runs, such as 'PATH=/absent;'.
.OUTPUTS
Crane.TestbedSsh: Address (ssh://127.0.0.1:PORT), Path (put it first into PATH), Folder (config, keys, known_hosts and log).
.EXAMPLE
$ssh = Start-TestbedSsh
$env:PATH = "$($ssh.Path):$env:PATH"
docker -H $ssh.Address version
#>
function Start-TestbedSsh {
    [CmdletBinding()]
    param([string] $Store = @((Get-Testbed).Engines.Keys)[0], [string] $Prefix = '')
    $testbed = Get-Testbed
    $folder = Join-Path $testbed.Folder "ssh-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    $path = (New-Item (Join-Path $folder bin) -ItemType Directory -Force).FullName
    $free = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $free.Start()
    $port = $free.LocalEndpoint.Port
    $free.Stop()

    $enter = @('bash', $RunScript, 'enter', $testbed.Folder, $testbed.Init)
    # The server outlives this session: if it held the session's output, who reads that would wait for the testbed's end.
    $detach = 'sh', '-c', 'exec "$@" < /dev/null > "$0" 2>&1', "$folder/log"
    $sshd = 'bash', $SshdScript, $folder, $port, $testbed.Engines[$Store], $Prefix
    [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('setsid', [string[]]($detach + $enter + $sshd))).Dispose()
    $until = [datetime]::UtcNow.AddSeconds(30)
    while (-not ((Test-Path "$folder/log") -and (Select-String -Path "$folder/log" -Pattern 'Server listening' -Quiet))) {
        if ([datetime]::UtcNow -ge $until) { throw "sshd did not start: $(Get-Content "$folder/log" -ErrorAction Ignore)" }
        Start-Sleep -Milliseconds 50
    }

    # Of the testbed: a machine need not have one, and ssh finds the user's files whatever HOME is.
    Set-Content "$path/ssh" "#!/bin/sh`nexec $($enter -replace '^.*$', "'`$0'") ssh -F '$folder/config' `"`$@`""
    chmod +x "$path/ssh"
    [pscustomobject]@{ PSTypeName = 'Crane.TestbedSsh'; Address = "ssh://127.0.0.1:$port"; Path = $path; Folder = $folder }
}
