# All names of a run change, or none: -Atomic. What a killed run leaves is tested in Crane.Adapters.Tests, with many kills.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $registry = Start-TestRegistry
    $errorOf = @{ ErrorVariable = 'errors'; ErrorAction = 'SilentlyContinue' }

    # What a registry has under a name; nothing where it has no such tag.
    function Get-Head([string] $Name) {
        $null = $Name -match '^(?<host>[^/]+)/(?<path>.+):(?<tag>[^:]+)$'
        $head = Invoke-WebRequest "http://$($Matches.host)/v2/$($Matches.path)/manifests/$($Matches.tag)" -Method Head -SkipHttpErrorCheck `
            -Headers @{ Accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' }
        if ($head.StatusCode -eq 200) { $head.Headers['Docker-Content-Digest'][0] }
    }

    function Publish-Version([string] $Name) { (New-TestRegistryImage $Name -Layer @{ 'etc/mark' = New-Name }).Digest }

    function New-Stack([string] $Operation, [scriptblock] $Source, [scriptblock] $Target) {
        'a', 'b', 'c' | ForEach-Object {
            [pscustomobject]@{ Operation = $Operation; Container = $_; Source = & $Source $_; Target = & $Target $_ }
        }
    }

    function Assert-Kept([object[]] $Result, [string] $Broken) {
        $Result.Status | Should -Be ('a', 'b', 'c' | ForEach-Object { $_ -eq $Broken ? 'Failed' : 'Canceled' })
        $Result | Where-Object Status -EQ Canceled | ForEach-Object Reason | Should -Be (@("stack kept as it was: '$Broken' failed") * 2)
        $Result | Where-Object { $_.PreviousDigest -or $_.PreviousId -or $_.Digest } | Should -BeNullOrEmpty -Because 'no name has changed'
    }

    function Get-Journal { Get-ChildItem "$env:XDG_STATE_HOME/crane/journal" -ErrorAction Ignore }
}

AfterAll { Stop-TestRegistry }

Describe 'An atomic run on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach { $name = New-Name }

    It 'pulls all images or none' {
        $pulls = New-Stack Pull { "$($registry.Address)/company/$name-${args}:1" } { "$name-$args" }
        $pulls.Source | ForEach-Object { $null = Publish-Version $_ }
        ($pulls | Invoke-CranePull -Atomic).Status | Should -Be (@('Succeeded') * 3)
        $old = $pulls.Target | ForEach-Object { Get-LocalId $store $_ }
        $pulls.Source | ForEach-Object { $null = Publish-Version $_ }
        $null = Invoke-RestMethod "http://$($registry.Address)/v2/company/$name-b/manifests/1" -Method Delete

        Assert-Kept ($pulls | Invoke-CranePull -Atomic @errorOf) b
        $errors.FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        $pulls.Target | ForEach-Object { Get-LocalId $store $_ } | Should -Be $old

        $null = Publish-Version $pulls[1].Source
        ($pulls | Invoke-CranePull -Atomic).Status | Should -Be (@('Succeeded') * 3)
        $pulls.Target | ForEach-Object { Get-LocalId $store $_ } | Should -Not -Be $old
        $pulls.Target | ForEach-Object { Get-LocalId $store $_ } | Should -Be ($pulls.Source | ForEach-Object { Get-LocalId $store $_ })
        Get-Journal | Should -BeNullOrEmpty
    }

    It 'pulls all images of an atomic group or none, and the others as they are' {
        $pulls = New-Stack Pull { "$($registry.Address)/company/$name-${args}:1" } { "$name-$args" }
        $null = Publish-Version $pulls[0].Source
        $null = Publish-Version $pulls[2].Source
        $pulls[0, 1] | ForEach-Object { Add-Member -InputObject $_ AtomicGroup core }
        ($pulls | Invoke-CranePull @errorOf).Status | Should -Be 'Canceled', 'Failed', 'Succeeded'
    }

    It 'pushes all images or none; one other tag stays in each repository' {
        $pushes = New-Stack Push { "$name-$args" } { "$($registry.Address)/mine/$name-${args}:1" }
        $pushes.Source | ForEach-Object { New-LocalImage $_ $store }
        $first = $pushes | Invoke-CranePush -Atomic
        $first.Status | Should -Be (@('Succeeded') * 3)
        $pushes.Target | ForEach-Object { Get-Head $_ } | Should -Be $first.Digest
        (Invoke-RestMethod "http://$($registry.Address)/v2/mine/$name-a/tags/list").tags | Sort-Object | Should -Be '1', 'crane-pending'
        $pushes.Target | ForEach-Object { Get-LocalId $store $_ } | Should -Be ($pushes.Source | ForEach-Object { Get-LocalId $store $_ })
        Get-LocalId $store "$($registry.Address)/mine/$name-a:crane-pending" | Should -BeNullOrEmpty
        ($pushes | Invoke-CranePush -Atomic).Status | Should -Be (@('UpToDate') * 3)

        # Somebody else pushes b.
        $pushes.Source | ForEach-Object { New-LocalImage $_ $store }
        $theirs = Publish-Version $pushes[1].Target
        Assert-Kept ($pushes | Invoke-CranePush -Atomic @errorOf) b
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
        $pushes.Target | ForEach-Object { Get-Head $_ } | Should -Be $first[0].Digest, $theirs, $first[2].Digest
        (Invoke-RestMethod "http://$($registry.Address)/v2/mine/$name-a/tags/list").tags | Sort-Object | Should -Be '1', 'crane-pending'
        Get-LocalId $store "$($registry.Address)/mine/$name-a:crane-pending" | Should -BeNullOrEmpty
    }

    It 'puts the first tags back where the last one cannot be changed' {
        $immutable = Start-TestRegistry -Immutable 'v*'
        $pushes = New-Stack Push { "$name-$args" } { "$($immutable.Address)/mine/$name-${args}:$($args[0] -eq 'c' ? 'v1' : '1')" }
        $old = $pushes.Target | ForEach-Object { Publish-Version $_ }
        $pushes.Source | ForEach-Object { New-LocalImage $_ $store }

        Assert-Kept ($pushes | Invoke-CranePush -Atomic @errorOf) c

        $errors[0].Exception.Message | Should -BeLike "*The tag 'v1' is there and never changes*"
        $pushes.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
        $pushes.Target | ForEach-Object { Get-LocalId $store $_ } | Should -BeNullOrEmpty
    }

    It 'provisions all images or none' {
        $file = Write-CraneFile $TestDrive @"
containers:
  a: { image: $name-a, build: a }
  b: { image: $name-b, pull: { registry: $($registry.Address) } }
  c: { image: $name-c, build: c, requires: [a] }
"@
        foreach ($one in 'a', 'c') {
            $null = New-Item "$(Split-Path $file)/$one" -ItemType Directory
            Set-Content "$(Split-Path $file)/$one/Dockerfile" "FROM scratch`nLABEL mark=$name-$one"
        }
        $null = Publish-Version "$($registry.Address)/$name-b:latest"
        'a', 'b', 'c' | ForEach-Object { New-LocalImage "$name-$_" $store }
        $null = Invoke-TestbedDocker $store tag "$name-b" "$name-b-kept"
        $old = 'a', 'b', 'c' | ForEach-Object { Get-LocalId $store "$name-$_" }
        Set-Content "$(Split-Path $file)/c/Dockerfile" "FROM scratch`nCOPY missing /"

        Assert-Kept (Invoke-CraneProvision -Path $file -Atomic @errorOf) c
        'a', 'b', 'c' | ForEach-Object { Get-LocalId $store "$name-$_" } | Should -Be $old

        Set-Content "$(Split-Path $file)/c/Dockerfile" "FROM scratch`nLABEL mark=$name-c"
        (Invoke-CraneProvision -Path $file -Atomic).Status | Should -Be (@('Succeeded') * 3)
        'a', 'b', 'c' | ForEach-Object { Get-LocalId $store "$name-$_" } | Should -Not -Be $old
        Get-Journal | Should -BeNullOrEmpty
    }

    It 'provisions all images of an atomic group or none, and the others as they are, with -Builder <_>' -ForEach 'Engine', 'Buildx' {
        $file = Write-CraneFile $TestDrive @"
containers:
  a: { image: $name-a, build: a }
  b: { image: $name-b, pull: { registry: $($registry.Address) } }
  c: { image: $name-c, build: c, requires: [a, b] }
  other: { image: $name-other, build: a }
groups:
  core: { containers: [a, b, c], atomic: true }
"@
        foreach ($one in 'a', 'c') {
            $null = New-Item "$(Split-Path $file)/$one" -ItemType Directory
            Set-Content "$(Split-Path $file)/$one/Dockerfile" "FROM scratch`
LABEL mark=$name-$one"
        }
        $null = Publish-Version "$($registry.Address)/$name-b:latest"
        New-LocalImage "$name-a" $store
        $old = Get-LocalId $store "$name-a"
        Set-Content "$(Split-Path $file)/c/Dockerfile" "FROM scratch`
COPY missing /"

        $results = Invoke-CraneProvision core, other -Path $file -Builder $_ @errorOf
        Assert-Kept ($results | Where-Object Container -NE other | Sort-Object Container) c
        ($results | Where-Object Container -EQ other).Status | Should -Be Succeeded
        Get-LocalId $store "$name-a" | Should -Be $old
        Get-LocalId $store "$name-b" | Should -BeNullOrEmpty
        Get-LocalId $store "$name-other" | Should -Not -BeNullOrEmpty

        Set-Content "$(Split-Path $file)/c/Dockerfile" "FROM scratch`
LABEL mark=$name-c"
        (Invoke-CraneProvision core -Path $file -Builder $_).Status | Should -Be (@('Succeeded') * 3)
        Get-LocalId $store "$name-a" | Should -Not -Be $old
        Get-Journal | Should -BeNullOrEmpty
    }

    It 'provisions nothing where <what> has an error' -ForEach @(
        @{ what = 'a pull'; broken = '{ image: NAME-c, pull: { registry: "${CRANE_TEST_UNSET}" } }'; expected = 'UndefinedVariable' }
        @{ what = 'a build'; broken = '{ image: NAME-c, build: { context: a, target: "${CRANE_TEST_UNSET}" } }'; expected = 'UndefinedVariable' }
        @{ what = 'the order'; broken = '{ image: NAME-c, build: c }'; expected = 'DependencyCycle' }
    ) {
        $file = Write-CraneFile $TestDrive @"
containers:
  a: { image: $name-a, build: a }
  b: { image: $name-b, pull: { registry: $($registry.Address) } }
  c: $($broken -replace 'NAME', $name)
"@
        foreach ($one in 'a', 'c') {
            $null = New-Item "$(Split-Path $file)/$one" -ItemType Directory
            Set-Content "$(Split-Path $file)/$one/Dockerfile" ($one -eq 'a' ? "FROM scratch`
LABEL mark=$name" : "FROM $name-c")
        }
        $null = Publish-Version "$($registry.Address)/$name-b:latest"
        $results = Invoke-CraneProvision -Path $file -Atomic @errorOf
        $results.Container | Sort-Object | Should -Be 'a', 'b'
        $results.Status | Should -Be 'Canceled', 'Canceled'
        $errors.FullyQualifiedErrorId | Should -Be "$expected,Crane.Commands.InvokeCraneProvisionCommand"
        'a', 'b', 'c' | ForEach-Object { Get-LocalId $store "$name-$_" } | Should -BeNullOrEmpty
    }

    It 'leaves all names as they were when it is stopped' {
        $pulls = New-Stack Pull { "$($registry.Address)/company/$name-${args}:1" } { "$name-$args" }
        $pulls.Source | ForEach-Object { $null = Publish-Version $_ }
        $null = $pulls | Invoke-CranePull
        $old = $pulls.Target | ForEach-Object { Get-LocalId $store $_ }
        $pulls.Source | ForEach-Object { $null = New-TestRegistryImage $_ -Layer @{ "data/$_" = 1MB } }
        $gate = Start-GatedRegistry $registry.Address
        try {
            $pulls[1].Source = $pulls[1].Source -replace [regex]::Escape($registry.Address), $gate.Address
            $session = Start-Session { param($pulls) $pulls | Invoke-CranePull -Atomic } @{ pulls = $pulls }
            $gate.Reached.Wait(30000) | Should -BeTrue
            $session.Shell.Stop()
            $session.Output | Should -BeNullOrEmpty
        }
        finally { $gate.Dispose() }
        $pulls.Target | ForEach-Object { Get-LocalId $store $_ } | Should -Be $old
    }
}

Describe 'An atomic run without an engine' {
    BeforeEach { $name = New-Name }

    It 'copies all images or none' {
        $copies = New-Stack Copy { "$($registry.Address)/from/$name-${args}:1" } { "$($registry.Address)/to/$name-${args}:1" }
        $old = $copies.Target | ForEach-Object { Publish-Version $_ }
        $new = 'a', 'c' | ForEach-Object { Publish-Version "$($registry.Address)/from/$name-${_}:1" }
        Assert-Kept ($copies | Copy-CraneImage -Atomic @errorOf) b
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
        $b = Publish-Version $copies[1].Source
        $results = $copies | Copy-CraneImage -Atomic
        $results.PreviousDigest | Should -Be $old
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $new[0], $b, $new[1]
    }

    It 'puts tags back where one cannot be changed, also in a registry that collects at once: <collects>' -ForEach @(
        @{ Collects = $false }
        @{ Collects = $true }
    ) {
        $immutable = Start-TestRegistry -Immutable 'v*' -Collect:$collects
        $copies = New-Stack Copy { "$($registry.Address)/from/$name-${args}:1" } {
            "$($immutable.Address)/to/$name-${args}:$($args[0] -eq 'c' ? 'v1' : '1')"
        }
        $null = $copies.Source | ForEach-Object { Publish-Version $_ }
        $old = $copies.Target | ForEach-Object { Publish-Version $_ }
        Assert-Kept ($copies | Copy-CraneImage -Atomic @errorOf) c
        $errors.FullyQualifiedErrorId | Should -BeLike 'PushFailed,*'
        $errors[0].TargetObject.Container | Should -Be 'c'
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
        ($copies[0, 1] | Copy-CraneImage -Atomic).Status | Should -Be 'Succeeded', 'Succeeded'
    }

    It 'copies nothing where a plan cannot be run' {
        $copies = New-Stack Copy { "$($registry.Address)/from/$name-${args}:1" } { "$($registry.Address)/to/$name-${args}:1" }
        $null = $copies.Source | ForEach-Object { Publish-Version $_ }
        $copies[1].Target = 'Not A Name'
        $results = $copies | Copy-CraneImage -Atomic @errorOf
        $errors.FullyQualifiedErrorId | Should -BeLike 'InvalidImageName,*'
        $results.Status | Should -Be 'Canceled', 'Canceled'
        $results.Reason | Should -Be (@('stack kept as it was: not all plans can be run') * 2)
        Get-Head $copies[0].Target | Should -BeNullOrEmpty
    }

    It 'pulls to a folder and pushes from it all images or none' {
        $engine = @{ Engine = "oci:$TestDrive/$name" }
        $pulls = New-Stack Pull { "$($registry.Address)/from/$name-${args}:1" } { "$name-$args" }
        $null = $pulls.Source | ForEach-Object { Publish-Version $_ }
        $null = $pulls | Invoke-CranePull -Atomic @engine
        $index = Get-Content "$TestDrive/$name/index.json" -Raw
        $null = $pulls.Source | ForEach-Object { Publish-Version $_ }
        $null = Invoke-RestMethod "http://$($registry.Address)/v2/from/$name-a/manifests/1" -Method Delete
        Assert-Kept ($pulls | Invoke-CranePull -Atomic @engine @errorOf) a
        Get-Content "$TestDrive/$name/index.json" -Raw | Should -Be $index

        $pushes = New-Stack Push { "$name-$args" } { "$($registry.Address)/mine/$name-${args}:1" }
        $theirs = Publish-Version $pushes[1].Target
        Assert-Kept ($pushes | Invoke-CranePush -Atomic -Overwrite Never @engine @errorOf) b
        $pushes.Target | ForEach-Object { Get-Head $_ } | Should -Be $theirs
        ($pushes | Invoke-CranePush -Atomic @engine).Status | Should -Be (@('Succeeded') * 3)
    }
}

Describe 'The journal of names that change together' {
    BeforeEach {
        $name = New-Name
        $state = "$TestDrive/$name-state"
        $journal = "$state/crane/journal"
        $copies = New-Stack Copy { "$($registry.Address)/from/$name-${args}:1" } { "$($registry.Address)/to/$name-${args}:1" }
        $old = $copies.Target | ForEach-Object { Publish-Version $_ }
        $new = $copies.Source | ForEach-Object { Publish-Version $_ }

        function Write-Journal([string] $Json) { $null = New-Item "$journal/left.json" -Value $Json -Force }
        function Get-Entry {
            $changes = 0..2 | ForEach-Object { @{ Name = $copies[$_].Target; Before = $old[$_]; After = $new[$_] } }
            ConvertTo-Json -Depth 3 @{ Store = 'registries'; IsComplete = $true; Changes = $changes }
        }
        function Copy-Other {
            $null = Publish-Version "$($registry.Address)/from/$name-other:1"
            Use-Environment @{ XDG_STATE_HOME = $state } {
                Copy-CraneImage -Source "$($registry.Address)/from/$name-other:1" -Destination "$($registry.Address)/to/$name-other:1" `
                    -WarningVariable script:warnings -WarningAction SilentlyContinue
            }
        }
    }

    It 'is in XDG_STATE_HOME, and stops a run that cannot write it before a name changes' {
        Set-Content $state 'not a folder'
        $results = Use-Environment @{ XDG_STATE_HOME = $state } { $copies | Copy-CraneImage -Atomic -ErrorAction SilentlyContinue }
        $results.Status | Should -Be 'Failed', 'Canceled', 'Canceled'
        $results[0].Error | Should -BeLike "The journal of names that change together cannot be written: *$name-state*"
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
    }

    It 'finishes what a killed run has begun, and says so' {
        $null = $copies | Copy-CraneImage
        $null = $copies[0] | ForEach-Object { [pscustomobject]@{ Source = $copies[0].Source; Target = $copies[0].Target } }
        Invoke-RestMethod "http://$($registry.Address)/v2/to/$name-b/manifests/1" -Method Delete
        Write-Journal (Get-Entry)
        $old[1] = $null
        Write-Journal (Get-Entry)

        (Copy-Other).Status | Should -Be 'Succeeded'

        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $new
        $warnings | Should -BeLike "An earlier run was interrupted while it named images; it was finished: *$name-a*"
        Get-ChildItem $journal | Should -BeNullOrEmpty
    }

    It 'puts back what cannot be finished' {
        $null = $copies[0, 1] | Copy-CraneImage
        Write-Journal (Get-Entry)   # the new image of c never came

        $null = Copy-Other

        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
        $warnings | Should -BeLike 'An earlier run was interrupted; the names are as they were before it: *'
        Get-ChildItem $journal | Should -BeNullOrEmpty
    }

    It 'ignores a torn file, and removes it' {
        Write-Journal (Get-Entry).Substring(0, 100)
        (Copy-Other).Status | Should -Be 'Succeeded'
        $warnings | Should -BeNullOrEmpty
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $old
        Get-ChildItem $journal | Should -BeNullOrEmpty
    }

    It 'leaves the file of a running process alone' {
        Write-Journal (Get-Entry)
        $null = $copies[0, 1] | Copy-CraneImage
        $held = [IO.FileStream]::new("$journal/left.json", 'Open', 'ReadWrite', 'None')
        try { $null = Copy-Other }
        finally { $held.Dispose() }
        $copies.Target | ForEach-Object { Get-Head $_ } | Should -Be $new[0], $new[1], $old[2]
        Get-ChildItem $journal | Should -HaveCount 1
    }

    It 'is tried again later where the registry cannot be reached' {
        $json = (Get-Entry) -replace [regex]::Escape($registry.Address), '127.0.0.1:1'
        Write-Journal $json
        (Copy-Other).Status | Should -Be 'Succeeded'
        $warnings | Should -BeLike 'An earlier run that was interrupted could not be finished; the next run tries again: *'
        Get-Content "$journal/left.json" -Raw | Should -Be $json
    }
}
