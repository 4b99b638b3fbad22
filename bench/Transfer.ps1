function Measure-Pull {
    $each = "docker pull --quiet $($testbed.Official)/N && docker tag $($testbed.Official)/N N"
    $contender = [ordered]@{
        'Crane, in a running session'            = { Measure-Crane Invoke-CranePull @{} $status }
        'docker pull, docker tag: one by one'    = { Measure-Script "xargs -I N sh -c '$each' < names" }
        'docker pull, docker tag: 8 at a time'   = { Measure-Script "xargs -P 8 -I N sh -c '$each' < names" }
        'docker compose pull, then docker tag'   = {
            Measure-Script "docker compose --progress quiet --file compose.yaml pull; xargs -I N docker tag $($testbed.Official)/N N < names"
        }
        '(Crane, with the start of pwsh)'        = { Measure-CraneProcess Invoke-CranePull }
    }
    if (-not (Test-Compose)) { $contender.Remove('docker compose pull, then docker tag') }

    $status = 'Succeeded'
    $cold = Measure-Contender $contender { Reset-Pull }
    Write-Table "Cold pull and tag ($($stack.Text))" $cold
    $fastest = $cold[1..($cold.Count - 2)] | Sort-Object Median | Select-Object -First 1
    Write-Goal 'no slower than the fastest peer' ($cold[0].Median / $fastest.Median) 1 x

    $status = 'UpToDate'
    $same = Measure-Contender $contender
    Write-Table "The same with nothing new ($Store)" $same
    if (Test-Compose) { Write-Goal 'at most half of compose' ($same[0].Median / $same[3].Median) 0.5 x }
}

function Measure-Push {
    $remote = "$($testbed.Personal)/`$owner"
    $each = "name=N; docker tag N $remote/`${name#*/} && docker push --quiet $remote/`${name#*/}"
    $contender = [ordered]@{
        'Crane, in a running session'          = { Measure-Crane Invoke-CranePush @{ Credential = $testbed.PersonalCredential } $status }
        'docker tag, docker push: one by one'  = { Measure-Script "xargs -I N sh -c '$each' < names" }
        'docker tag, docker push: 8 at a time' = { Measure-Script "xargs -P 8 -I N sh -c '$each' < names" }
    }

    $status = 'Succeeded'
    $cold = Measure-Contender $contender { Reset-Push }
    Write-Table "Tag and push to an empty registry ($($stack.Text))" $cold
    Write-Goal 'at most half of one by one' ($cold[0].Median / $cold[1].Median) 0.5 x

    $status = 'UpToDate'
    $same = Measure-Contender $contender
    Write-Table "The same with nothing new ($Store)" $same
    Write-Goal 'at most half of one by one' ($same[0].Median / $same[1].Median) 0.5 x
}

# A testbed with the machine's own programs may not have it.
function Test-Compose {
    Invoke-TestbedProgram sh -c 'docker compose version > /dev/null 2>&1 && echo yes || echo no' | ForEach-Object { $_ -eq 'yes' }
}
