# However a run is ended, it ends at once, and every plain name refers to either the old or the new image.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'A stopped pull on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll {
        # A canceled transfer must not complete once it could continue.
        function Open-GateInVain {
            $gate.Open()
            Start-Sleep -Milliseconds 500
            Get-LocalId $store "$name-second" | Should -Be $old.second
        }
    }

    # Two images of which the engine has an old version. The new version of the second one pauses half way.
    BeforeEach {
        $env:DOCKER_HOST = $testbed.Engines[$store]
        $name = New-Name
        $null = Publish-Image "$official/$name-first"
        $null = Publish-Image "$official/$name-second"
        $null = 'first', 'second' | ForEach-Object { Invoke-CranePull -Source "$official/$name-$_" -Target "$name-$_" }
        $old = @{ first = Get-LocalId $store "$name-first"; second = Get-LocalId $store "$name-second" }
        $null = Publish-Image "$official/$name-first"
        $null = Publish-Image "$official/$name-second" -Layer @{ "data/$name" = 1MB }
        $gate = Start-GatedRegistry $official
        $plans = @(
            [pscustomobject]@{ Source = "$official/$name-first"; Target = "$name-first" }
            [pscustomobject]@{ Source = "$($gate.Address)/$name-second"; Target = "$name-second" })
    }

    AfterEach {
        $gate.Dispose()
        $env:DOCKER_HOST = $null
    }

    It 'ends within a second when it is stopped, as by Ctrl+C' {
        $session = Start-Session { param($plans) $plans | Invoke-CranePull } @{ plans = $plans }
        Wait-Until { $session.Output.Count -eq 1 -and $gate.Reached.IsSet }

        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:2')   # a second, and the rest for a busy machine

        $session.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $session.Shell.Streams.Error | Should -BeNullOrEmpty
        $session.Output.Target | Should -Be "$name-first"
        Get-LocalId $store "$name-first" | Should -Not -Be $old.first
        Open-GateInVain

        ($plans | Invoke-CranePull).Status | Should -Be 'UpToDate', 'Succeeded'
        Get-LocalId $store "$name-second" | Should -Not -Be $old.second
    }

    It 'leaves each name with the old or new image when its process is killed, and a later pull succeeds' {
        $process = Start-Shell @"
            [pscustomobject]@{ Source = '$($plans[0].Source)'; Target = '$($plans[0].Target)' },
            [pscustomobject]@{ Source = '$($plans[1].Source)'; Target = '$($plans[1].Target)' } | Invoke-CranePull | ForEach-Object { "`$_" }
"@
        try {
            $process.StandardOutput.ReadLineAsync().Wait(30000) | Should -BeTrue   # the first result
            $gate.Reached.Wait(30000) | Should -BeTrue
            $process.Kill()   # SIGKILL
            $process.WaitForExit()
        }
        finally { $process.Dispose() }
        Get-LocalId $store "$name-first" | Should -Not -Be $old.first
        Open-GateInVain

        ($plans | Invoke-CranePull).Status | Should -Be 'UpToDate', 'Succeeded'
        Get-LocalId $store "$name-second" | Should -Not -Be $old.second
    }

    It 'ends when <what>' -ForEach @(
        @{ What = 'downstream needs no more'; Script = { param($plans) $plans | Invoke-CranePull | Select-Object -First 1 }; Errors = 0 }
        @{ What = 'downstream throws'; Script = { param($plans) $plans | Invoke-CranePull | ForEach-Object { throw 'enough' } }; Errors = 1 }
        @{ What = 'downstream breaks out of a loop'; Script = { param($plans) foreach ($once in 1) { $plans | Invoke-CranePull | ForEach-Object { $_; break } } }; Errors = 0 }
    ) {
        $session = Start-Session $script @{ plans = $plans }
        $session.Ended.WaitOne(30000) | Should -BeTrue
        Get-LocalId $store "$name-first" | Should -Not -Be $old.first
        Open-GateInVain
        if ($errors) { $session.Shell.InvocationStateInfo.Reason.Message | Should -Be 'enough' }
        else { $session.Shell.Streams.Error | Should -BeNullOrEmpty }
    }
}

Describe 'A stopped push on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    It 'leaves no name for an incomplete image when it is stopped' {
        $name = New-Name
        $null = New-TestbedImage $name -Layer @{ "data/$name" = 1MB } -Store $store
        $gate = Start-GatedRegistry $official
        try {
            $session = Start-Session { param($source, $target) Invoke-CranePush -Source $source -Target $target } @{ source = $name; target = "$($gate.Address)/$name" }
            $gate.Reached.Wait(30000) | Should -BeTrue
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $session.Shell.Stop()
            $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:2')
            Wait-Until { -not (Get-LocalId $store "$($gate.Address)/$name") }
            Test-RemoteImage "$official/$name" | Should -BeFalse
        }
        finally { $gate.Dispose() }
        (Invoke-CranePush -Source $name -Target "$official/$name").Status | Should -Be 'Succeeded'
    }
}

Describe 'A stopped build on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach {
        $name = New-Name
        $null = New-TestbedImage busybox:stable -Store $store
    }

    It 'ends within a second when it is stopped, and its name still refers to the previous image' {
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: { context: ., network: none } } }"
        $dockerfile = Join-Path (Split-Path $file) Dockerfile
        Set-Content $dockerfile 'FROM busybox:stable', 'COPY crane.yaml /'
        (Invoke-CraneBuild -Path $file).Status | Should -Be 'Succeeded'
        $old = Get-LocalId $store "company/$name"

        Add-Content $dockerfile 'RUN echo begun && sleep 600'
        $session = Start-Session { param($file) Invoke-CraneBuild -Path $file -Verbose } @{ file = $file }
        Wait-Until { (Get-SoFar $session.Shell.Streams.Verbose).Message -contains 'c: begun' }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:2')   # a second, and the rest for a busy machine
        $session.Shell.Streams.Error | Should -BeNullOrEmpty
        # The engine removes the step's container.
        Wait-Until { -not (Invoke-TestbedDocker $store container ls --all --quiet) }
        Get-LocalId $store "company/$name" | Should -Be $old
    }

    It 'of thirty images whose process is killed does not affect a later build' {
        $images = foreach ($number in 0..29) {
            # Five levels: one image, then up to eight each.
            $above = $number -le 8 ? 0 : $number - 8
            @{ Container = "c$number"; Name = "company/$name-$number"; From = $number ? "company/$name-$above" : 'busybox:stable' }
        }
        $file = Write-CraneFile $TestDrive ("containers:", $($images.ForEach{
                    "  $($_.Container): { image: '$($_.Name)', build: { context: ., file: Dockerfile.$($_.Container), network: none } }"
                }) | Write-Output | Join-String -Separator "`n")
        foreach ($image in $images) {
            Set-Content (Join-Path (Split-Path $file) "Dockerfile.$($image.Container)") `
                "FROM $($image.From)", "COPY crane.yaml /$($image.Container)", 'RUN sleep 0.2'
        }

        $process = Start-Shell "Invoke-CraneBuild -Path '$file' | ForEach-Object { `"`$_`" }"
        try {
            foreach ($line in 1..3) { $process.StandardOutput.ReadLineAsync().Wait(30000) | Should -BeTrue }
            $process.Kill()   # SIGKILL
            $process.WaitForExit()
        }
        finally { $process.Dispose() }

        $results = Invoke-CraneBuild -Path $file
        $results.Count | Should -Be 30
        $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
        # Every image begins with its base.
        (Invoke-CraneBuild -Path $file -Changed -WarningAction SilentlyContinue).Reason | Select-Object -Unique | Should -Be 'up to date'
        Wait-Until { -not (Invoke-TestbedDocker $store container ls --all --quiet) }
    }
}

Describe 'A run with -ErrorAction Stop' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach {
        $name = New-Name
        $null = Publish-Image "$official/$name-slow" -Layer @{ "data/$name" = 1MB }
        $null = Publish-Image "$official/$name-good"
        $gate = Start-GatedRegistry $official
        $slow = [pscustomobject]@{ Source = "$($gate.Address)/$name-slow"; Target = "$name-slow" }
        $absent = [pscustomobject]@{ Source = "$official/$name-absent"; Target = "$name-absent" }
        $good = [pscustomobject]@{ Source = "$official/$name-good"; Target = "$name-good" }
    }

    AfterEach { $gate.Dispose() }

    It 'ends running transfers' {
        $session = Start-Session { param($plans) $plans | Invoke-CranePull -ErrorAction Stop } @{ plans = $absent, $slow }
        $session.Ended.WaitOne(30000) | Should -BeTrue
        $session.Shell.InvocationStateInfo.Reason.ErrorRecord.FullyQualifiedErrorId | Should -Be 'ImageNotFound,Crane.Commands.InvokeCranePullCommand'
        $gate.Open()
        Start-Sleep -Milliseconds 500
        Get-LocalId overlay2 "$name-slow" | Should -BeNullOrEmpty
    }

    It 'starts nothing new, even while the first plan is still running' {
        $session = Start-Session { param($plans) $plans | Invoke-CranePull -ErrorAction Stop -ThrottleLimit 2 } @{ plans = $slow, $absent, $good }
        $session.Ended.WaitOne(5000) | Should -BeTrue
        $session.Shell.InvocationStateInfo.Reason.ErrorRecord.FullyQualifiedErrorId | Should -Be 'ImageNotFound,Crane.Commands.InvokeCranePullCommand'
        Get-LocalId overlay2 "$name-good" | Should -BeNullOrEmpty
    }

    It 'starts nothing new, even while downstream is slow' {
        $session = Start-Session { param($plans) $plans | Invoke-CranePull -ErrorAction Stop -ThrottleLimit 1 | ForEach-Object { Start-Sleep 2 } } @{ plans = $absent, $good }
        $session.Ended.WaitOne(30000) | Should -BeTrue
        Get-LocalId overlay2 "$name-good" | Should -BeNullOrEmpty
    }
}
