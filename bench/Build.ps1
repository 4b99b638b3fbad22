# Creates a graph of 30 images in five levels, each FROM one of the level above: as a crane file, a compose file, a bake file and a
# list of folders in build order. With -Run, a step of each runs a program.
function New-Graph([switch] $Run) {
    $graph = New-Item $folder/graph -ItemType Directory -Force
    $null = New-TestbedImage busybox:stable
    $container, $service, $target = [ordered]@{}, [ordered]@{}, [ordered]@{}
    $above = @('busybox:stable')
    $number = 0
    foreach ($width in 1, 4, 8, 10, 7) {
        $level = foreach ($index in 0..($width - 1)) {
            $name = "image-$number"
            $from = $above[$index % $above.Count]
            $null = New-Item $graph/$name -ItemType Directory -Force
            Set-Content $graph/$name/content $name
            Set-Content $graph/$name/Dockerfile "FROM $from", "COPY content /$name", $($Run ? "RUN echo $name > /ran-$name" : @())
            $container[$name] = @{ image = "bench/$name"; build = @{ context = $name; network = 'none' } }
            $service[$name] = @{ image = "bench/$name"; build = @{ context = $name; network = 'none' } }
            $target[$name] = @{ tags = @("bench/$name"); context = $name; network = 'none' }
            if ($number -gt 0) {
                # Neither of them reads the order from Dockerfiles.
                $service[$name].build.additional_contexts = @{ $from = "service:$(Split-Path $from -Leaf)" }
                $target[$name].contexts = @{ $from = "target:$(Split-Path $from -Leaf)" }
            }
            "bench/$name"
            $number++
        }
        $above = @($level)
    }
    @{ containers = $container } | ConvertTo-Json -Depth 4 | Set-Content $graph/crane.json
    @{ services = $service } | ConvertTo-Json -Depth 4 | Set-Content $graph/compose.yaml
    @{ group = @{ default = @{ targets = @($target.Keys) } }; target = $target } | ConvertTo-Json -Depth 4 | Set-Content $graph/docker-bake.json
    $target.Keys | Set-Content $graph/names
}

function Reset-Graph {
    $null = Invoke-TestbedProgram bash -ec @'
        docker image ls --format '{{.Repository}}' 'bench/*' | xargs --no-run-if-empty docker image rm --force
        docker image prune --force; docker builder prune --all --force
'@
}

function Measure-Graph {
    $contender = [ordered]@{
        'Invoke-CraneBuild'                 = { Measure-CraneBuild Engine }
        'Invoke-CraneBuild -Builder Buildx' = { Measure-CraneBuild Buildx }
        'docker build, one by one'          = { Measure-Script 'cd graph; while read -r name; do docker build --quiet --network none --tag bench/$name $name; done < names' }
        'docker buildx bake, by hand'       = { Measure-Script 'cd graph; docker buildx bake --load --progress quiet' }
        'docker compose build, by hand'     = { Measure-Script 'cd graph; docker compose --progress quiet build' }
    }
    if (-not (Test-Compose)) { $contender.Remove('docker compose build, by hand') }

    foreach ($step in 'COPY', 'COPY and RUN') {
        New-Graph -Run:($step -ne 'COPY')
        $cold = Measure-Contender $contender { Reset-Graph }
        Write-Table "Cold build of 30 images in 5 levels ($step in each, $Store)" $cold
        $ours, $peers = $cold.Where({ $_.Name -like 'Invoke-*' }, 'Split').ForEach{ , ($_ | Sort-Object Median) }
        Write-Goal "$($ours[0].Name) no slower than the fastest peer" ($ours[0].Median / $peers[0].Median) 1 x

        $same = Measure-Contender $contender
        Write-Table "The same with nothing changed ($Store)" $same
        $oneByOne = $same.Where{ $_.Name -like '*one by one' }[0]
        Write-Goal 'at most half of one by one' ($same[0].Median / $oneByOne.Median) 0.5 x
    }
}

function Measure-CraneBuild([string] $Builder) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $results = @(Invoke-CraneBuild -Path $folder/graph/crane.json -Engine $testbed.Engines[$Store] -Builder $Builder)
    $seconds = $watch.Elapsed.TotalSeconds
    if ($results.Count -ne 30 -or $results.Status -ne 'Succeeded') { throw "Invoke-CraneBuild was to build 30 images, and did not: $results" }
    $seconds
}
