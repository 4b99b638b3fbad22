Add-Type -Path $PSScriptRoot/CopyFloor.cs, $PSScriptRoot/DelayProxy.cs

# A copy of a stack between registries, without an engine.
function Measure-Copy {
    $to = "$($testbed.Backup)/`$owner/`${name#*/}"
    $from = "$($testbed.Official)/N"
    $skopeo = "name=N; skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false docker://$from docker://$to"
    $crane = "name=N; crane copy $from $to"
    $oras = "name=N; oras copy --no-tty --from-plain-http --to-plain-http ${from}:latest ${to}:latest"
    Write-CopyFile copy.yaml $stack.Name
    $contender = [ordered]@{
        'Crane, in a running session'   = { Measure-Copying $status }
        '(Crane, with the start of pwsh)' = { Measure-CraneProcess Copy-CraneImage @{} copy.yaml }
        '(the floor: nothing checked)'  = { Measure-Floor $stack.Name }
        'skopeo sync'                   = { Measure-Sync copy.yaml }
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
    $fastest = $cold[3..($cold.Count - 1)] | Sort-Object Median | Select-Object -First 1
    Write-Goal 'at most 1.2 of the floor' ($cold[0].Median / $cold[2].Median) 1.2 x
    Write-Goal 'at most 0.4 of the fastest peer' ($cold[0].Median / $fastest.Median) 0.4 x
    Write-Goal 'at most half of it as a whole process' ($cold[1].Median / $fastest.Median) 0.5 x

    $status = 'UpToDate'
    $contender.Remove('(the floor: nothing checked)')
    Reset-Copy
    $null = Measure-Copying 'Succeeded'
    $same = Measure-Contender $contender
    Write-Table 'The same with nothing new' $same
    Write-Goal 'under 60 ms' ($same[0].Median * 1000) 60 ' ms'
}

# The same with both registries at a distance.
function Measure-DistantCopy([int] $Milliseconds = 40) {
    $source, $target = $testbed.Official, $testbed.Backup | ForEach-Object { [DelayProxy]::new($_, [timespan]::FromMilliseconds($Milliseconds)) }
    Write-CopyFile far.yaml $stack.Name $source.Address $target.Address
    $row = Measure-Contender ([ordered]@{
            'Crane, in a running session'  = { Measure-Copying Succeeded far.yaml }
            '(the floor: nothing checked)' = { Measure-Floor $stack.Name $source.Address $target.Address }
            'skopeo sync'                  = { Measure-Sync far.yaml $target.Address }
        }) { Reset-Copy }
    $source.Dispose()
    $target.Dispose()
    Write-Table "Copy at $Milliseconds ms of round trip ($($stack.Count) images)" $row
    Write-Goal 'at most 0.4 of skopeo sync' ($row[0].Median / $row[2].Median) 0.4 x
}

# The requests and bytes of a copy in each case, which do not vary from run to run.
function Write-CopyTraffic([string] $File, [string[]] $Image) {
    "`nWhat a copy of $($Image.Count) images moves"
    Reset-Copy
    Write-Traffic 'to an empty registry' $File
    Write-Traffic 'with nothing new' $File
    $env:CRANE_BENCH_OWNER = "owner-$(New-Guid)"
    Write-Traffic 'to repositories beside those that have it' $File
    Reset-Copy
    $null = Copy-CraneImage -Path $folder/$File -Name $Image[0..($Image.Count / 2)]
    Write-Traffic 'with half of the images there' $File
}

function Write-Traffic([string] $Case, [string] $File) {
    '  {0,-46} {1}' -f $Case, (Copy-CraneImage -Path $folder/$File -Verbose 4>&1 | Where-Object { $_ -match 'requests$' })
}

# Many small images on one base: the cost of each.
function Measure-ManyCopy {
    $images = 1..1000 | ForEach-Object { "small-$_" }
    $null = Invoke-TestbedProgram bash -ec @"
        cd '$folder' && mkdir -p many && head -c 100000 /dev/urandom > many/file && tar -C many -cf many/base.tar file
        crane append --insecure --oci-empty-base -f many/base.tar -t $($testbed.Official)/many/base 2>&1
        printf '%s\n' $images | xargs -P 4 -I N sh -c 'mkdir many/N; echo N > many/N/name; tar -C many/N -cf many/N.tar name
            crane append --insecure -b $($testbed.Official)/many/base -f many/N.tar -t $($testbed.Official)/many/N 2>&1; rm -r many/N many/N.tar'
"@
    Write-CopyFile many.yaml ($images | ForEach-Object { "many/$_" })
    $row = Measure-Contender ([ordered]@{
            'Crane, in a running session'  = { Measure-Copying Succeeded many.yaml $images.Count }
            '(the floor: nothing checked)' = { Measure-Floor ($images | ForEach-Object { "many/$_" }) }
            'skopeo sync'                  = { Measure-Sync many.yaml }
        }) { Reset-Copy }
    Write-Table "Copy $($images.Count) small images over one base to an empty registry" $row
    Write-CopyTraffic many.yaml $images
}

# One large layer: the memory it takes, and the time compared to two pipes.
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

function Measure-Copying([string] $Status, [string] $File = 'copy.yaml', [int] $Count = $stack.Count) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $results = @(Copy-CraneImage -Path $folder/$File)
    $seconds = $watch.Elapsed.TotalSeconds
    $other = $results | Where-Object Status -NE $Status
    if ($other -or $results.Count -ne $Count) { throw "Copy-CraneImage was to end with $Status, and did not: $other" }
    $seconds
}

function Measure-Floor([string[]] $Name, [string] $Source = $testbed.Official, [string] $Target = $testbed.Backup) {
    [CopyFloor]::Run($Source, $Target, $env:CRANE_BENCH_OWNER, $Name)
}

function Measure-Sync([string] $File, [string] $Target = $testbed.Backup) {
    Measure-Script "skopeo sync --src yaml --dest docker --dest-tls-verify=false skopeo-$File $Target/`$owner 2>&1"
}

# Sources and targets for Crane and skopeo. The target is an open registry, because checking a password takes a registry longer than
# a blob.
function Write-CopyFile([string] $File, [string[]] $Name, [string] $Source = $testbed.Official, [string] $Target = $testbed.Backup) {
    'containers:', $(foreach ($one in $Name) {
            "  $(Split-Path $one -Leaf):"
            "    image: $one"
            "    pull: { registry: '$Source' }"
            "    push: { registry: '$Target', override_user: '`${CRANE_BENCH_OWNER}' }"
        }) | Write-Output | Set-Content $folder/$File
    "${Source}:", '  tls-verify: false', '  images:', ($Name | ForEach-Object { "    ${_}: [latest]" }) |
        Write-Output | Set-Content $folder/skopeo-$File
}

# The registry caches nothing in memory.
function Reset-Copy {
    $env:CRANE_BENCH_OWNER = "owner-$(New-Guid)"
    Invoke-TestbedProgram rm -rf "$($testbed.Folder)/data/backup/docker"
}

# Pushes an image with one incompressible layer to the official registry, and returns the layer's digest.
function New-LargeImage {
    $null = Invoke-TestbedProgram bash -ec @"
        cd '$folder' && mkdir -p large/blobs && head -c $LargeSize /dev/urandom > large/layer
        cd large && oras push --no-tty --plain-http --disable-path-validation $($testbed.Official)/bench/large:latest layer:application/vnd.oci.image.layer.v1.tar
        rm layer
"@
    (Get-CraneImage "$($testbed.Official)/bench/large").Layer[0].Digest
}

# In a separate pwsh that has copied something before, so that only this layer is measured.
function Measure-CopyMemory {
    pwsh -NoProfile -NonInteractive -Command "
        `$ErrorActionPreference = 'Stop'
        Import-Module '$Module'
        `$null = Copy-CraneImage -Path '$folder/copy.yaml' -Name image-0
        [GC]::Collect()
        [IO.File]::WriteAllText('/proc/self/clear_refs', '5')   # resets the peak, see proc_pid_clear_refs(5)
        function Get-Peak { 1KB * [long]""`$((Get-Content /proc/self/status) -match '^VmHWM:' -replace '\D')"" }
        `$before = Get-Peak
        `$result = Copy-CraneImage -Source '$($testbed.Official)/bench/large' -Destination '$($testbed.Backup)/$env:CRANE_BENCH_OWNER/large'
        if (`$result.Status -ne 'Succeeded') { throw `$result.Error }
        (Get-Peak) - `$before"
}
