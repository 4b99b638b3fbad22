# Random sequences of builds, pulls, pushes, copies and undos, without -Force: no image that was built here loses its last name, in the
# engine or in a registry. A build, a push and a copy may replace what their own target was; that is what they are for.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'Images that were built here on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll {
        $env:DOCKER_HOST = $testbed.Engines[$store]
        $registry = Start-TestRegistry

        # Built images have a mark as a label; others have none.
        function Get-LocalMark([string] $Name) {
            if (Get-LocalId $store $Name) { "$((Invoke-TestbedEngine $store "/images/$Name/json" | ConvertFrom-Json).Config.Labels.mark)" }
        }
        function Get-RemoteMark([string] $Name) {
            $null = $Name -match '^(?<host>[^/]+)/(?<path>.+):(?<tag>[^:]+)$'
            $address = "http://$($Matches.host)/v2/$($Matches.path)"
            $accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'
            $found = Invoke-WebRequest "$address/manifests/$($Matches.tag)" -Headers @{ Accept = $accept } -SkipHttpErrorCheck
            if ($found.StatusCode -ne 200) { return }
            $manifest = [Text.Encoding]::UTF8.GetString($found.Content) | ConvertFrom-Json -AsHashtable
            $config = Invoke-WebRequest "$address/blobs/$($manifest.config.digest)"
            ([Text.Encoding]::UTF8.GetString($config.Content) | ConvertFrom-Json -AsHashtable).config.Labels.mark
        }
    }

    AfterAll {
        $env:DOCKER_HOST = $null
        Stop-TestRegistry
    }

    It 'stay reachable (seed <_>)' -ForEach (1..3) {
        $random = [Random]::new($_)
        $name = New-Name
        $official, $mine = "$($registry.Address)/official/${name}:latest", "$($registry.Address)/mine/${name}:latest"
        $null = New-TestRegistryImage $official -Layer @{ 'etc/mark' = $name }
        $file = Write-CraneFile $TestDrive "containers: { one: { image: $name, build: . } }"
        $results = [Collections.Generic.List[object]]::new()
        $log = [Collections.Generic.List[string]]::new()
        function Get-World {
            @{
                plain = Get-LocalMark $name; seenMine = Get-LocalMark $mine; seenOfficial = Get-LocalMark $official
                mine = Get-RemoteMark $mine; official = Get-RemoteMark $official
            }
        }
        $before = Get-World

        foreach ($step in 1..12) {
            $quiet = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
            $replaced = @()
            $action = 'build', 'build', 'pull', 'push', 'push', 'copy', 'undo', 'undo', 'undo', 'publish' | Select-Object -Index $random.Next(10)
            $did = switch ($action) {
                build {
                    Set-Content "$(Split-Path $file)/Dockerfile" "FROM scratch`nLABEL mark=$name-$step"
                    Invoke-CraneBuild -Path $file @quiet
                    $replaced = @('plain')
                }
                pull { Invoke-CranePull -Source $official -Target $name @quiet }
                push { Invoke-CranePush -Source $name -Target $mine @quiet; $replaced = @('mine', 'seenMine') }
                copy { Copy-CraneImage -Source $mine -Destination $official @quiet; $replaced = @('official') }
                publish { $null = New-TestRegistryImage $official -Layer @{ 'etc/mark' = New-Name }; $replaced = @('official') }
                undo { if ($results.Count) { $results[$random.Next($results.Count)] | Undo-CraneRetag @quiet } }
            }
            $after = Get-World
            # An undo that gives a tag what its source has is the same push or copy again.
            if ($action -eq 'undo' -and $did.Operation -eq 'Push' -and $after.mine -eq $after.plain) { $replaced = @('mine', 'seenMine') }
            if ($action -eq 'undo' -and $did.Operation -eq 'Copy' -and $after.official -eq $after.mine) { $replaced = @('official') }
            $log.Add("$action $($did.Operation) $($did.Status): $($after.GetEnumerator() | Sort-Object Key | ForEach-Object { "$($_.Key)=$($_.Value)" })")
            if ($did) { $results.Add($did) }

            $lost = $before.Values | Where-Object { $_ -and $_ -notin $after.Values -and $_ -notin @($replaced | ForEach-Object { $before[$_] }) }
            $lost | Should -BeNullOrEmpty -Because ($log -join "`n")
            $before = $after
        }
    }
}
