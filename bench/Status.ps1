# The status of 200 images, of which 10 differ from their registry.
function Measure-Status {
    $registry = Start-TestRegistry
    try {
        $names = 1..200 | ForEach-Object { "image-$_" }
        foreach ($name in $names) {
            $null = New-TestRegistryImage "$($registry.Address)/bench/${name}:1" -Layer @{ base = 'base' }, @{ name = $name }
        }
        $file = New-Item $folder/status/crane.json -Force -Value (ConvertTo-Json -Depth 4 @{ containers = $names | ForEach-Object { $all = @{} } {
                    $all[$_] = @{ image = "bench/${_}:1"; pull = @{ registry = $registry.Address }; push = @{ registry = $registry.Address; override_user = 'bob' } }
                } { $all } })
        $run = @{ Path = "$file"; Engine = $testbed.Engines[$Store] }
        $null = Invoke-CranePull @run
        $null = Invoke-CranePush @run
        foreach ($name in $names | Select-Object -First 10) {
            $null = New-TestRegistryImage "$($registry.Address)/bench/${name}:1" -Layer @{ base = 'base' }, @{ name = "new $name" }
        }

        $before = (Invoke-RestMethod $registry.Log).Count
        $behind = @(Get-CraneStatus @run | Where-Object Pull -EQ Behind)
        $requests = (Invoke-RestMethod $registry.Log).Count - $before - 1   # the last one is for the log itself
        if ($behind.Count -ne 10) { throw "Get-CraneStatus found $($behind.Count) images behind, not 10." }
        $measured = Measure-Contender ([ordered]@{ 'Get-CraneStatus' = { Measure-Second { Get-CraneStatus @run } } })
        Write-Table "Status of 200 images, 10 of them behind ($Store)" $measured
        Write-Goal 'at most 450 requests' $requests 450 ''
        Write-Goal 'at most 1 s' $measured.Median 1 ' s'
    }
    finally { $registry | Stop-TestRegistry }
}
