# Creates the images in the official registry, and a crane file, a compose file and a list of names in the folder. Then removes the
# images from the engine.
function New-Stack {
    $names = foreach ($number in 0..20) { "bench/image-$number" }
    $names | Set-Content $folder/names
    "containers:", $(foreach ($name in $names) {
            "  $(Split-Path $name -Leaf):"
            "    image: $name"
            "    pull: { registry: '$($testbed.Official)' }"
            "    push: { registry: '$($testbed.Personal)', override_user: '`${CRANE_BENCH_OWNER}' }"
        }) | Write-Output | Set-Content $folder/crane.yaml
    "services:", $(foreach ($name in $names) { "  $(Split-Path $name -Leaf): { image: $($testbed.Official)/$name }" }) |
        Write-Output | Set-Content $folder/compose.yaml

    $null = Invoke-TestbedProgram bash -ec @"
        cd '$folder' && mkdir -p context
        from=scratch size=$BaseSize
        while read -r name; do
            head -c `$size /dev/urandom > context/content
            printf 'FROM %s\nCOPY content /%s\n' `$from `${name#*/} > context/Dockerfile
            docker build --quiet --tag `$name --tag $($testbed.Official)/`$name context
            docker push --quiet $($testbed.Official)/`$name
            from=bench/image-0 size=$LayerSize
        done < names
        docker builder prune --all --force
"@
    Remove-Item $folder/context -Recurse
    Reset-Pull
    $env:CRANE_BENCH_OWNER = 'bob'
    $megabytes = [Math]::Round(($BaseSize + 20 * $LayerSize) / 1MB)
    [pscustomobject]@{ Name = $names; Count = $names.Count; Text = "$($names.Count) images, $megabytes MB, $Store" }
}

function Reset-Pull {
    $null = Invoke-TestbedProgram bash -ec 'docker image ls --quiet | sort -u | xargs --no-run-if-empty docker image rm --force'
}

# Empties the registry, which caches nothing in memory, and selects a new user for the push: an engine remembers which repositories
# had which layers, and would look for deleted ones. So the images must be new to the engine, too.
function Reset-Push {
    $env:CRANE_BENCH_OWNER = "owner-$(New-Guid)"
    Invoke-TestbedProgram rm -rf "$($testbed.Folder)/data/personal/docker"
    Reset-Pull
    $null = Measure-Crane Invoke-CranePull @{} Succeeded
}

# The seconds that a shell script takes, measured in the script, without its start.
function Measure-Script([string] $Script) {
    $nanoseconds = Invoke-TestbedProgram bash -ec @"
        cd '$folder'; export owner=$env:CRANE_BENCH_OWNER
        start=`$(date +%s%N)
        { $Script; } > /dev/null
        echo `$((`$(date +%s%N) - start))
"@
    [long]$nanoseconds / 1e9
}

# The seconds that a cmdlet takes in this session; all results must have the given status.
function Measure-Crane([string] $Command, [hashtable] $Parameter, [string] $Status) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $results = @(& $Command -Path $folder/crane.yaml -Engine $testbed.Engines[$Store] @Parameter)
    $seconds = $watch.Elapsed.TotalSeconds
    $other = $results | Where-Object Status -NE $Status
    if ($other -or $results.Count -ne $stack.Count) { throw "$Command should have ended with ${Status}: $other" }
    $seconds
}

# The same for a whole pwsh process.
function Measure-CraneProcess([string] $Command, [hashtable] $Parameter = @{ Engine = $testbed.Engines[$Store] }, [string] $File = "crane.yaml") {
    Measure-Second {
        pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'
            Import-Module '$Module'; $Command -Path '$folder/$File' $($Parameter.Keys | ForEach-Object { "-$_ '$($Parameter[$_])'" })"
        if ($LASTEXITCODE) { throw "$Command failed in a separate process." }
    }
}
