BeforeDiscovery {
    Import-Module $PSScriptRoot/../Testbed/Testbed.psm1
    $missing = -not (Test-Testbed).Available
    $running = [bool](Get-Testbed)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Testbed/Testbed.psm1

    # Everything that a testbed has on this machine, in any state: processes, mounts, control groups, files.
    function Get-Trace([string] $Folder) {
        $id = Split-Path $Folder -Leaf
        foreach ($process in Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$') {
            # Processes may end meanwhile.
            $line = Get-Content "$process/cmdline" -Raw -ErrorAction Ignore
            if ("$line" -like "*$id*") { "process $($process.Name): $line" }
        }
        Get-Content /proc/mounts | Where-Object { $_ -like "*$id*" }
        Get-ChildItem /sys/fs/cgroup, /sys/fs/cgroup/* -Directory -Filter "*$id*" -ErrorAction Ignore | ForEach-Object FullName
        if (Test-Path $Folder) { $Folder }
    }

    function Wait-NoTrace([string] $Folder) {
        $until = [datetime]::UtcNow.AddSeconds(30)
        while (($trace = @(Get-Trace $Folder)) -and [datetime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 100 }
        $trace
    }
}

Describe 'A running testbed' -Skip:(-not $running) {
    BeforeAll { $testbed = Get-Testbed }

    It 'has a private engine for <store>' -ForEach @(
        @{ Store = 'overlay2'; Driver = 'overlay2' }
        @{ Store = 'containerd'; Driver = 'overlayfs' }
    ) {
        Invoke-TestbedDocker $store info --format '{{.Driver}}' | Should -Be $driver
        Invoke-TestbedDocker $store info --format '{{.DockerRootDir}}' | Should -BeLike "$($testbed.Folder)/*"
    }

    It 'has an open registry' {
        (Invoke-WebRequest "http://$($testbed.Official)/v2/").StatusCode | Should -Be 200
    }

    It 'has a registry that refuses everyone but its user' {
        $address = "http://$($testbed.Personal)/v2/"
        (Invoke-WebRequest $address -SkipHttpErrorCheck).StatusCode | Should -Be 401
        $login = @{ Credential = $testbed.PersonalCredential; Authentication = 'Basic'; AllowUnencryptedAuthentication = $true }
        (Invoke-WebRequest $address @login).StatusCode | Should -Be 200
    }

    It 'creates the same image from the same layers' {
        $layers = @{ 'etc/motd' = 'hello' }, @{ 'data/random' = 64KB }
        $names = "$($testbed.Official)/testbed/one", "$($testbed.Personal)/testbed/two"
        $images = $names | ForEach-Object { New-TestbedImage $_ -Layer $layers -Push }
        $images[0].Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $images[1].Digest | Should -Be $images[0].Digest
        Invoke-TestbedDocker image ls --quiet "*/testbed/*" | Should -BeNullOrEmpty
    }

    It 'runs an image by its name' {
        $null = New-TestbedImage testbed/run -Layer @{ 'etc/motd' = 'hello' }
        Invoke-TestbedDocker run --rm --network none testbed/run cat /etc/motd | Should -Be 'hello'
        $null = Invoke-TestbedDocker image rm testbed/run
    }

    It 'gives docker the files of this machine and the input, but not the user''s settings' {
        $env:DOCKER_CONTEXT = 'of the user'
        try {
            'the input' | Invoke-TestbedProgram cat | Should -Be 'the input'
            Invoke-TestbedProgram ls $PSCommandPath | Should -Be $PSCommandPath
            Invoke-TestbedProgram env | Should -Not -Match 'DOCKER_CONTEXT'
            Invoke-TestbedProgram ls /run | Should -Not -Contain 'docker.sock'
        }
        finally { Remove-Item Env:DOCKER_CONTEXT }
    }

    It 'has servers that do not hold the output of the session that started them' {
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]@('-NoProfile', '-Command',
                "Import-Module '$PSScriptRoot/../Testbed/Testbed.psm1'; (Start-TestbedSsh).Address"))
        $start.RedirectStandardOutput = $true
        $session = [Diagnostics.Process]::Start($start)
        $output = $session.StandardOutput.ReadToEndAsync()
        $output.Wait([timespan]::FromSeconds(60)) | Should -BeTrue
        $output.Result | Should -Match '^ssh://127\.0\.0\.1:\d+\s*$'
    }

    It 'reports a failed program' {
        { Invoke-TestbedDocker image inspect testbed/absent 2> $null } | Should -Throw
    }
}

Describe 'The end of a testbed' -Skip:$missing {
    It 'leaves nothing behind' {
        $testbed = Start-Testbed -Store overlay2
        $null = New-TestbedImage left/behind
        $null = Invoke-TestbedDocker run --detach --network none left/behind sleep 600
        Get-Trace $testbed.Folder | Should -Not -BeNullOrEmpty

        $testbed | Stop-Testbed

        Get-Trace $testbed.Folder | Should -BeNullOrEmpty
    }

    It 'happens when the process that started it is killed' {
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]@('-NoProfile', '-Command',
                "Import-Module '$PSScriptRoot/../Testbed/Testbed.psm1'; (Start-Testbed -Store overlay2).Folder; 'PID ' + `$PID; `$null = [Console]::In.ReadLine()"))
        $start.RedirectStandardOutput = $start.RedirectStandardInput = $true
        $owner = [Diagnostics.Process]::Start($start)
        $folder = $owner.StandardOutput.ReadLine()
        $number = $owner.StandardOutput.ReadLine() -replace '^PID '
        Get-Trace $folder | Should -Not -BeNullOrEmpty

        kill -9 $number

        Wait-NoTrace $folder | Should -BeNullOrEmpty
    }

    It 'is completed by the next start if everything was killed' {
        $killed = Start-Testbed -Store overlay2
        $id = Split-Path $killed.Folder -Leaf
        pkill -9 --oldest --full $id   # first the one process that would clean up
        pkill -9 --full $id
        $killed | Stop-Testbed
        $killed.Folder | Should -Exist

        Start-Testbed -Store overlay2 | Stop-Testbed

        Get-Trace $killed.Folder | Should -BeNullOrEmpty
    }
}
