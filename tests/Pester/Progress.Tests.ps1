# What PowerShell shows while images are built and moved.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # The progress of a session, without that of PowerShell itself.
    function Get-Progress($Session) {
        @(Get-SoFar $Session.Shell.Streams.Progress).Where{ $_.Activity -ne 'Preparing modules for first use.' }
    }

    # Whether everything that was shown has been removed, the images before the run.
    function Assert-Removed($Records) {
        $Records | Should -Not -BeNullOrEmpty
        foreach ($one in $Records | Group-Object ActivityId) { $one.Group[-1].RecordType | Should -Be 'Completed' }
        $Records[-1].ParentActivityId | Should -Be -1
    }

    $registry = (Start-TestRegistry).Address
}

Describe 'A build with -Builder <_>' -Skip:$missing -ForEach @('Engine'; if ($env:CRANE_TEST_BUILDX) { 'Buildx' }) {
    BeforeAll {
        $name = New-Name
        $null = New-TestbedImage "company/$name-shell" -Store overlay2
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/$name, build: { context: os, network: none } } }"
        $folder = New-Item (Join-Path (Split-Path $file) os) -ItemType Directory
        Set-Content $folder/Dockerfile "FROM company/$name-shell`nRUN echo begun-$name && sleep 4 && echo ended-$name"
        $session = Start-Session { param($file, $builder, $engine)
            Invoke-CraneBuild -Path $file -Builder $builder -Engine $engine -Verbose
        } @{ file = $file; builder = $_; engine = $testbed.Engines.overlay2 }
        Wait-Until { $session.Ended.WaitOne(0) } 180
        $records = Get-Progress $session
    }

    It 'shows its step, its name and the time that goes on, and removes them' {
        $session.Output.Status | Should -Be 'Succeeded'
        $parent = $records.Where{ $_.ParentActivityId -eq -1 }
        $parent.Activity | Sort-Object -Unique | Should -Be 'Invoke-CraneBuild'
        $parent[0].StatusDescription | Should -Match '^0 of 1 images, \d+ s$'
        $image = $records.Where{ $_.ParentActivityId -eq $parent[0].ActivityId }
        $image.Activity | Sort-Object -Unique | Should -Be 'os'
        $running = $image.StatusDescription -match "^\d+ s: .*\b2/\d\b.*RUN echo begun-$name"
        $running | Should -Not -BeNullOrEmpty -Because ($image.StatusDescription -join '|')
        $running | Sort-Object -Unique | Measure-Object | ForEach-Object Count | Should -BeGreaterThan 2
        Assert-Removed $records
    }

    It 'has the output of its steps in the verbose stream' {
        "$($session.Shell.Streams.Verbose -join "`n")" | Should -Match "(?m)^os: begun-$name$"
        "$($session.Shell.Streams.Verbose -join "`n")" | Should -Match "(?m)^os: ended-$name$"
    }
}

Describe 'A transfer' {
    BeforeAll {
        $pull = { param($plans, $folder) $plans | Invoke-CranePull -Engine "oci:$folder" -ErrorAction SilentlyContinue }
    }

    BeforeEach {
        $name = New-Name
        $null = New-TestRegistryImage "$registry/${name}:1" -Layer @{ "data/$name" = 20MB }
        $gate = Start-GatedRegistry $registry -AfterBytes 5MB
        $plans = [pscustomobject]@{ Container = 'slow'; Source = "$($gate.Address)/${name}:1"; Target = "${name}:1" }
    }

    AfterEach { $gate.Dispose() }

    It 'shows bytes, their total, the rate and the time that is left, and removes them' {
        $session = Start-Session $pull @{ plans = $plans; folder = "$TestDrive/1" }
        Wait-Until { (Get-Progress $session).StatusDescription -match ' of 2\d[.,]\d MB, \d+[.,]\d MB/s' }
        $gate.Open()
        Wait-Until { $session.Ended.WaitOne(0) }
        $session.Output.Status | Should -Be 'Succeeded'
        $records = Get-Progress $session
        $image = $records.Where{ $_.Activity -eq 'slow' -and $_.RecordType -eq 'Processing' -and $_.StatusDescription -match ' of 2\d.*MB/s' }
        $image[0].StatusDescription | Should -Match '^Moving \d+[.,]\d of 2\d[.,]\d MB, \d+[.,]\d MB/s, \d+ s$'
        $image[0].PercentComplete | Should -BeGreaterOrEqual 0
        $image[0].PercentComplete | Should -BeLessOrEqual 100
        $image[0].SecondsRemaining | Should -BeGreaterOrEqual 0
        $image[0].ParentActivityId | Should -Be $records[-1].ActivityId
        Assert-Removed $records
    }

    It 'removes its progress when it is stopped, as by Ctrl+C' {
        $session = Start-Session $pull @{ plans = $plans; folder = "$TestDrive/2" }
        Wait-Until { (Get-Progress $session).Activity -contains 'slow' }
        $session.Shell.Stop()
        $session.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        Assert-Removed (Get-Progress $session)
    }

    It 'removes its progress when a later command <how>' -ForEach @(
        @{ How = 'wants no more'; Later = 'Select-Object -First 1' }
        @{ How = 'fails'; Later = 'ForEach-Object { throw "later" }' }
    ) {
        $second = Start-GatedRegistry $registry -AfterBytes 5MB
        try {
            $null = New-TestRegistryImage "$registry/${name}:2" -Layer @{ "data/$name-2" = 20MB }
            $plans = @($plans; [pscustomobject]@{ Container = 'slower'; Source = "$($second.Address)/${name}:2"; Target = "${name}:2" })
            $session = Start-Session ([scriptblock]::Create("param(`$plans, `$folder) `$plans | Invoke-CranePull -Engine oci:`$folder | $later")) @{
                plans = $plans; folder = "$TestDrive/$(New-Name)" }
            Wait-Until { (Get-Progress $session).Activity -contains 'slower' }
            $gate.Open()
            Wait-Until { $session.Ended.WaitOne(0) }
            Assert-Removed (Get-Progress $session)
        }
        finally { $second.Dispose() }
    }

    It 'removes its progress when the image gets no name' {
        $file = Write-CraneFile $TestDrive @"
containers: { slow: { image: "${name}:1", pull: { registry: "$($gate.Address)" } } }
hooks: { slow: { pre-tag: "false" } }
"@
        $session = Start-Session { param($file, $folder) Invoke-CranePull -Path $file -Engine "oci:$folder" } @{ file = $file; folder = "$TestDrive/4" }
        Wait-Until { (Get-Progress $session).Activity -contains 'slow' }
        $gate.Open()
        Wait-Until { $session.Ended.WaitOne(0) }
        $session.Output.Status | Should -Be 'Failed'
        Assert-Removed (Get-Progress $session)
    }

    It 'is told apart from that of another run that begins in its pipeline' {
        $second = Start-GatedRegistry $registry -AfterBytes 5MB
        try {
            $null = New-TestRegistryImage "$registry/${name}:0" -Layer @{ 'etc/mark' = $name }
            $plans = @([pscustomobject]@{ Container = 'fast'; Source = "$registry/${name}:0"; Target = "${name}:0" }; $plans)
            $session = Start-Session { param($plans, $other, $folder)
                $plans | Invoke-CranePull -Engine "oci:$folder/1" | ForEach-Object {
                    if ($_.Container -eq 'fast') { Invoke-CranePull -Source $other -Target inner -Container inner -Engine "oci:$folder/2" } }
            } @{ plans = $plans; other = "$($second.Address)/${name}:1"; folder = "$TestDrive/5" }
            Wait-Until { (Get-Progress $session).Activity -contains 'inner' }
            $second.Open()
            Wait-Until { (Get-Progress $session).Activity -contains 'slow' }
            $gate.Open()
            Wait-Until { $session.Ended.WaitOne(0) }
            $records = Get-Progress $session
            $records.Where{ $_.ParentActivityId -eq -1 }.ActivityId | Sort-Object -Unique | Should -HaveCount 2
            foreach ($one in $records | Group-Object ActivityId) { $one.Group.Activity | Sort-Object -Unique | Should -HaveCount 1 }
            $records.Where{ $_.Activity -eq 'inner' }.ParentActivityId | Sort-Object -Unique | Should -HaveCount 1
        }
        finally { $second.Dispose() }
    }

    It 'shows nothing with <_>' -ForEach '$ProgressPreference = "SilentlyContinue"', '-ProgressAction SilentlyContinue' {
        $isPreference = $_ -like '$*'
        $silent = [scriptblock]::Create("param(`$plans, `$folder) $($isPreference ? $_ : '')
            `$plans | Invoke-CranePull -Engine oci:`$folder $($isPreference ? '' : $_)")
        $session = Start-Session $silent @{ plans = $plans; folder = "$TestDrive/$(New-Name)" }
        $null = $gate.Reached.Wait(30000)
        Start-Sleep -Milliseconds 600   # as long as two updates
        $gate.Open()
        Wait-Until { $session.Ended.WaitOne(0) }
        $session.Output.Status | Should -Be 'Succeeded'
        Get-Progress $session | Should -BeNullOrEmpty
    }

    It 'has no progress in the output of a process' {
        $process = Start-Shell "'$($plans.Source)' | ForEach-Object { Invoke-CranePull -Source `$_ -Target $name -Container slow -Engine oci:$TestDrive/$(New-Name) } | ForEach-Object Status"
        try {
            $null = $gate.Reached.Wait(30000)
            Start-Sleep -Milliseconds 600   # as long as two updates
            $gate.Open()
            $process.StandardInput.Close()
            $process.StandardOutput.ReadToEnd().Trim() | Should -Be 'Succeeded'
            $process.StandardError.ReadToEnd() | Should -BeNullOrEmpty
        }
        finally { $process.Dispose() }
    }
}

Describe 'A run of many images' {
    It 'shows those that are in work, at most eight, and how many are done' {
        $name = New-Name
        $null = New-TestRegistryImage "$registry/${name}:1" -Layer @{ "data/$name" = 4MB }
        $gate = Start-GatedRegistry $registry -AfterBytes 1MB -ForEach
        try {
            $null = 1..12 | ForEach-Object { New-TestRegistryImage "$registry/$name-${_}:1" -Layer @{ "data/$name-$_" = 4MB } }
            $plans = 1..12 | ForEach-Object { [pscustomobject]@{ Container = "c$_"; Source = "$($gate.Address)/$name-${_}:1"; Target = "$name-${_}:1" } }
            $session = Start-Session { param($plans, $folder) $plans | Invoke-CranePull -Engine "oci:$folder" -ThrottleLimit 12 } @{
                plans = $plans; folder = "$TestDrive/many" }
            Wait-Until { ((Get-Progress $session).Activity | Sort-Object -Unique).Count -ge 5 }
            $gate.Open()
            Wait-Until { $session.Ended.WaitOne(0) }
            $session.Output.Status | Select-Object -Unique | Should -Be 'Succeeded'
            $records = Get-Progress $session
            $shown = [Collections.Generic.HashSet[int]]::new()
            $most = 0
            foreach ($record in $records.Where{ $_.ParentActivityId -ne -1 }) {
                $null = $record.RecordType -eq 'Completed' ? $shown.Remove($record.ActivityId) : $shown.Add($record.ActivityId)
                $most = [Math]::Max($most, $shown.Count)
            }
            $most | Should -BeGreaterThan 3
            $most | Should -BeLessOrEqual 8
            $records.StatusDescription -match '^\d+ of 12 images, ' | Should -Not -BeNullOrEmpty
            Assert-Removed $records
        }
        finally { $gate.Dispose() }
    }
}
