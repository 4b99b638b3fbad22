# A stack from registry to registry, without an engine.
function Measure-Copy {
    $to = "$($testbed.Backup)/`$owner/`${name#*/}"
    $from = "$($testbed.Official)/N"
    $skopeo = "name=N; skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false docker://$from docker://$to"
    $crane = "name=N; crane copy $from $to"
    $oras = "name=N; oras copy --no-tty --from-plain-http --to-plain-http ${from}:latest ${to}:latest"
    Write-CopyFile
    $contender = [ordered]@{
        'Crane, in a running session'   = { Measure-Copying $status }
        '(Crane, with the start of pwsh)' = { Measure-CraneProcess Copy-CraneImage @{} copy.yaml }
        'skopeo sync'                   = { Measure-Script "skopeo sync --src yaml --dest docker --dest-tls-verify=false skopeo.yaml $($testbed.Backup)/`$owner 2>&1" }
        'skopeo copy: one by one'       = { Measure-Script "xargs -I N sh -c '$skopeo' < names" }
        'skopeo copy: 8 at a time'      = { Measure-Script "xargs -P 8 -I N sh -c '$skopeo' < names" }
        'crane copy: one by one'        = { Measure-Script "xargs -I N sh -c '$crane' < names 2>&1" }
        'crane copy: 8 at a time'       = { Measure-Script "xargs -P 8 -I N sh -c '$crane' < names 2>&1" }
        'oras copy: one by one'         = { Measure-Script "xargs -I N sh -c '$oras' < names" }
        'oras copy: 8 at a time'        = { Measure-Script "xargs -P 8 -I N sh -c '$oras' < names" }
    }
    $status = 'Succeeded'
    $cold = Measure-Contender $contender { Reset-Copy }
    Write-Table "Copy to an empty registry ($($stack.Count) images)" $cold
    $fastest = $cold[2..($cold.Count - 1)] | Sort-Object Median | Select-Object -First 1
    Write-Goal 'at most 0.35 of the fastest peer' ($cold[0].Median / $fastest.Median) 0.35 x
    Write-Goal 'at most half of it as a whole process' ($cold[1].Median / $fastest.Median) 0.5 x
    Reset-Copy
    Write-Traffic 'what moved'

    $status = 'UpToDate'
    $same = Measure-Contender $contender
    Write-Table 'The same with nothing new' $same
    Write-Goal 'under 60 ms' ($same[0].Median * 1000) 60 ' ms'
    Write-Traffic 'what moved'
}

# One large layer: what it costs in memory, and against two pipes.
function Measure-LargeCopy {
    $blob = New-LargeImage
    $registries = "http://$($testbed.Official)", "http://$($testbed.Backup)"
    $contender = [ordered]@{
        'Crane, in a running session' = {
            Measure-Second {
                $result = Copy-CraneImage -Source "$($testbed.Official)/bench/large" -Destination "$($testbed.Backup)/$env:CRANE_BENCH_OWNER/large"
                if ($result.Status -ne 'Succeeded') { throw $result.Error }
            }
        }
        'curl | curl'                 = {
            Measure-Script "place=`$(curl -sS -X POST -D - -o /dev/null $($registries[1])/v2/`$owner/large/blobs/uploads/ | sed -n 's/^[Ll]ocation: //p' | tr -d '\r')
                curl -sS $($registries[0])/v2/bench/large/blobs/$blob | curl -sS -f -T - -H 'Content-Type: application/octet-stream' `"`$place&digest=$blob`""
        }
    }
    $rows = Measure-Contender $contender { Reset-Copy }
    Write-Table "Copy one layer of $([Math]::Round($LargeSize / 1MB)) MB" $rows
    Write-Goal 'no slower than curl / 0.8' ($rows[0].Median / $rows[1].Median) 1.25 x
    Reset-Copy
    Write-Goal 'memory grows by less than 64 MB' ((Measure-CopyMemory) / 1MB) 64 ' MB'
}

function Measure-Copying([string] $Status) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $results = @(Copy-CraneImage -Path $folder/copy.yaml)
    $seconds = $watch.Elapsed.TotalSeconds
    $other = $results | Where-Object Status -NE $Status
    if ($other -or $results.Count -ne $stack.Count) { throw "Copy-CraneImage was to end with $Status, and did not: $other" }
    $seconds
}

# Requests and bytes do not vary from run to run, whatever else the machine does.
function Write-Traffic([string] $Title) {
    $said = Copy-CraneImage -Path $folder/copy.yaml -Verbose 4>&1 | Where-Object { $_ -match 'requests$' }
    "  ${Title}: $said"
}

# The same stack with another personal registry: an open one, since checking a password costs a registry more than a blob.
function Write-CopyFile {
    (Get-Content $folder/crane.yaml) -replace [regex]::Escape($testbed.Personal), $testbed.Backup | Set-Content $folder/copy.yaml
    "$($testbed.Official):", '  tls-verify: false', '  images:', (Get-Content $folder/names | ForEach-Object { "    ${_}: [latest]" }) |
        Write-Output | Set-Content $folder/skopeo.yaml
}

# The registry keeps nothing in memory of what it stores.
function Reset-Copy {
    $env:CRANE_BENCH_OWNER = "owner-$(New-Guid)"
    Invoke-TestbedProgram rm -rf "$($testbed.Folder)/data/backup/docker"
}

# Puts an image with one layer that does not compress into the official registry, and gives the layer's digest.
function New-LargeImage {
    $null = Invoke-TestbedProgram bash -ec @"
        cd '$folder' && mkdir -p large/blobs && head -c $LargeSize /dev/urandom > large/layer
        cd large && oras push --no-tty --plain-http --disable-path-validation $($testbed.Official)/bench/large:latest layer:application/vnd.oci.image.layer.v1.tar
        rm layer
"@
    (Get-CraneImage "$($testbed.Official)/bench/large").Layer[0].Digest
}

# In a pwsh of its own, which has copied something before: what is measured is what this layer takes.
function Measure-CopyMemory {
    pwsh -NoProfile -NonInteractive -Command "
        `$ErrorActionPreference = 'Stop'
        Import-Module '$Module'
        `$null = Copy-CraneImage -Path '$folder/copy.yaml' -Name image-0
        [GC]::Collect()
        [IO.File]::WriteAllText('/proc/self/clear_refs', '5')   # the peak begins anew, see proc_pid_clear_refs(5)
        function Get-Peak { 1KB * [long]""`$((Get-Content /proc/self/status) -match '^VmHWM:' -replace '\D')"" }
        `$before = Get-Peak
        `$result = Copy-CraneImage -Source '$($testbed.Official)/bench/large' -Destination '$($testbed.Backup)/$env:CRANE_BENCH_OWNER/large'
        if (`$result.Status -ne 'Succeeded') { throw `$result.Error }
        (Get-Peak) - `$before"
}
