# What a user sees during a run.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'A run' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'shows its steps and requests' {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $all = Invoke-CranePull -Source "$official/$name" -Target $name -Verbose -Debug *>&1
        $all.Where{ $_ -is [Management.Automation.VerboseRecord] }.ForEach{ "$_" } | Should -Be @(
            "Performing the operation ""Pull from $official/$name"" on target ""$name""."
            "pull $official/$name"
            "tag $name")
        $all.Where{ $_ -is [Management.Automation.DebugRecord] }.ForEach{ "$_" } -match '^(GET|POST) /\S+ → \d{3}$' | Should -Not -BeNullOrEmpty
    }

    It 'shows its progress, and removes it at the end' {
        $name = New-Name
        $null = Publish-Image "$official/$name-1" -Layer @{ "data/$name" = 1MB }
        $null = Publish-Image "$official/$name-2"
        $gate = Start-GatedRegistry $official
        try {
            $session = Start-Session { param($slow, $fast, $name)
                Invoke-CranePull -InputObject @(
                    [pscustomobject]@{ Container = 'c1'; Source = "$slow/$name-1"; Target = "$name-1" }
                    [pscustomobject]@{ Container = 'c2'; Source = "$fast/$name-2"; Target = "$name-2" })
            } @{ slow = $gate.Address; fast = $official; name = $name }
            $gate.Reached.Wait(30000) | Should -BeTrue
            Start-Sleep -Milliseconds 200   # longer than between two updates of a bar
            $gate.Open()
            Wait-Until { $session.Ended.WaitOne(0) }
        }
        finally { $gate.Dispose() }
        $session.Output.Status | Should -Be 'Succeeded', 'Succeeded'

        $records = @($session.Shell.Streams.Progress).Where{ $_.Activity -ne 'Preparing modules for first use.' }
        $parent = $records[-1]
        $parent.Activity | Should -Be 'Invoke-CranePull'
        $parent.RecordType | Should -Be 'Completed'
        $children = $records.Where{ $_.ActivityId -ne $parent.ActivityId }
        $children.ParentActivityId | Select-Object -Unique | Should -Be $parent.ActivityId
        $children.Activity | Sort-Object -Unique | Should -Be 'c1', 'c2'
        foreach ($child in $children | Group-Object ActivityId) { $child.Group[-1].RecordType | Should -Be 'Completed' }
        $children.Where{ $_.Activity -eq 'c1' }.StatusDescription -join '|' | Should -Match '\d[.,]\d of \d[.,]\d MB'
        $percent = $records.PercentComplete | Measure-Object -Minimum -Maximum
        $percent.Minimum | Should -BeGreaterOrEqual -1
        $percent.Maximum | Should -BeLessOrEqual 100
    }
}

Describe 'Nested runs' {
    It 'have separate progress bars' {
        $registry = Start-TestRegistry
        $name = New-Name
        foreach ($tag in 1..3) { $null = New-TestRegistryImage "$($registry.Address)/${name}:$tag" -Layer @{ 'etc/tag' = "$tag" } }
        $streams = (Invoke-Session { param($name, $registry, $folder)
            1..2 | ForEach-Object { [pscustomobject]@{ Source = "$registry/${name}:$_"; Target = "${name}:$_" } } | Invoke-CranePull -Engine "oci:$folder/1" |
                ForEach-Object { Invoke-CranePull -Source "$registry/${name}:3" -Target "${name}:3" -Engine "oci:$folder/2" -Force }
        } @{ name = $name; registry = $registry.Address; folder = "$TestDrive" }).Streams
        $streams.Error | Should -BeNullOrEmpty
        $records = @($streams.Progress).Where{ $_.Activity -ne 'Preparing modules for first use.' }
        ($records | Group-Object { "$($_.ActivityId) $($_.Activity)" } | Measure-Object).Count |
            Should -Be ($records.ActivityId | Sort-Object -Unique | Measure-Object).Count
        $records.Where{ $_.Activity -eq 'Invoke-CranePull' }.ActivityId | Sort-Object -Unique | Should -HaveCount 3
        $records.Where{ $_.Activity -like '*:3' }.ParentActivityId | Sort-Object -Unique | Should -HaveCount 2
    }
}

Describe '-Debug without -Verbose' {
    BeforeAll {
        $file = New-CraneFile $TestDrive "containers: { os: { image: company/os, tyt: true } }"
    }

    It 'does not prompt, and a warning stays a warning' {
        $all = Get-CraneContainer -Path $file -Debug -WarningVariable kept 3>&1
        $all[0] | Should -BeOfType Management.Automation.WarningRecord
        $all[0].Message | Should -Match 'tyt'
        $all[1].Name | Should -Be 'os'
        $kept | Should -HaveCount 1
        $WarningPreference = 'SilentlyContinue'
        Get-CraneContainer -Path $file -Debug 3>&1 | Should -BeOfType Crane.CraneContainer
        { Get-CraneContainer -Path $file -Debug -WarningAction Stop } | Should -Throw '*tyt*'
    }

    It 'does not prompt in an interactive session either' {
        $shell = Invoke-Shell "Get-CraneContainer -Path '$file' -Debug | ForEach-Object Name"
        $shell.Output | Should -Match 'WARNING: .*tyt'
        $shell.Output | Should -Match '(?m)^os$'
        $shell.Output | Should -Not -Match 'Continue'
        $shell.ExitCode | Should -Be 0
    }

    It 'shows the steps as debug lines' -Skip:$missing {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $all = Invoke-CranePull -Source "$official/$name" -Target $name -Engine "oci:$TestDrive/images" -Debug *>&1
        $all.Where{ $_ -is [Management.Automation.VerboseRecord] } | Should -BeNullOrEmpty
        $lines = $all.Where{ $_ -is [Management.Automation.DebugRecord] }.ForEach{ "$_" }
        $lines -match 'bytes moved$' | Should -Not -BeNullOrEmpty
        $lines -match '^GET ' | Should -Not -BeNullOrEmpty
        $all.Where{ $_ -is [Crane.RetagResult] }.Status | Should -Be 'Succeeded'
    }
}
