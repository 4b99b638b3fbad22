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
}

Describe '-Debug without -Verbose' {
    BeforeAll {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, tyt: true } }"
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

    It 'neither asks nor fails in a session without a user, while progress is shown, and has the trace' {
        $registry = (Start-TestRegistry).Address
        $name = New-Name
        $null = New-TestRegistryImage "$registry/${name}:1" -Layer @{ "data/$name" = 20MB }
        $gate = Start-GatedRegistry $registry -AfterBytes 5MB
        try {
            $command = "Import-Module '$env:CRANE_TEST_MODULE'; Invoke-CranePull -Source '$($gate.Address)/${name}:1' -Target '${name}:1' " +
                "-Engine 'oci:$TestDrive/$name' -Debug | ForEach-Object Status"
            $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-NonInteractive', '-Command', $command))
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
            $start.Environment['NO_COLOR'] = '1'
            $process = [Diagnostics.Process]::Start($start)
            $process.StandardInput.Close()
            $null = $gate.Reached.Wait(30000)
            Start-Sleep -Milliseconds 600   # as long as two updates of the progress
            $gate.Open()
            $output = $process.StandardOutput.ReadToEnd() -split '\r?\n'
            $process.StandardError.ReadToEnd() | Should -BeNullOrEmpty
            $process.WaitForExit()
            $process.ExitCode | Should -Be 0
            $output -match '^DEBUG: GET ' | Should -Not -BeNullOrEmpty
            $output -match '^DEBUG: .*bytes moved$' | Should -Not -BeNullOrEmpty
            $output | Should -Contain 'Succeeded'
        }
        finally { $gate.Dispose() }
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
