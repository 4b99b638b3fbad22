# An engine on another machine, reached by ssh: here a real sshd, in front of an engine of the testbed.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # The processes of ssh that use a server's configuration.
    function Get-SshProcess($Server) {
        Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$' | ForEach-Object {
            $line = (Get-Content "/proc/$($_.Name)/cmdline" -Raw -ErrorAction Ignore) -replace "`0", ' '
            if ($line -match "ssh -F $([regex]::Escape($Server.Folder))/config") { $line }
        }
    }

    function Use-Ssh($Server, [scriptblock] $Script, [hashtable] $Environment = @{}) {
        Use-Environment ($Environment + @{ PATH = "$($Server.Path):$env:PATH" }) $Script
    }

    # Pulls what needs no registry to be asked: the connection fails before that.
    function Test-Failure([string] $Engine) {
        $result = Invoke-CranePull -Source "$official/company/os" -Target company/os -Engine $Engine -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be 'EngineUnreachable,Crane.Commands.InvokeCranePullCommand'
        $errors[0]
    }
}

Describe 'An engine behind ssh' -Skip:$missing {
    BeforeAll {
        $server = Start-TestbedSsh overlay2
        $contexts = "$TestDrive"
        Add-DockerContext $contexts far $server.Address
    }

    AfterEach { Get-SshProcess $server | Should -BeNullOrEmpty }

    It 'pulls, shows and pushes' {
        $name = New-Name
        $digest = Publish-Image "$official/$name"
        Use-Ssh $server {
            $pull = Invoke-CranePull -Source "$official/$name" -Target $name -Engine $server.Address
            $pull.Status | Should -Be 'Succeeded'
            $pull.Engine | Should -Be $server.Address
            (Get-CraneImage $name -Engine $server.Address).Digest | Should -Be $digest
            (Invoke-CranePush -Source $name -Target "$official/$name-copy" -Engine $server.Address).Status | Should -Be 'Succeeded'
        }
        Get-LocalId overlay2 $name | Should -Not -BeNullOrEmpty
        Get-RemoteDigest "$official/$name-copy" | Should -Be $digest
    }

    It 'is the one of <how>' -ForEach @(
        @{ How = 'DOCKER_HOST'; Environment = { @{ DOCKER_HOST = $server.Address } } }
        @{ How = 'CRANE_ENGINE'; Environment = { @{ CRANE_ENGINE = $server.Address } } }
        @{ How = 'a docker context'; Environment = { @{ DOCKER_CONTEXT = 'far'; DOCKER_CONFIG = $contexts } } }
    ) {
        $name = New-Name
        $null = New-TestbedImage $name -Store overlay2
        Use-Ssh $server -Environment (& $environment) { (Get-CraneImage $name).Name | Should -Be $name }
    }

    It 'is the one with the socket in the address' {
        $name = New-Name
        $null = New-TestbedImage $name -Store containerd
        Use-Ssh $server {
            $other = $testbed.Engines.containerd -replace '^unix://'
            (Get-CraneImage $name -Engine "$($server.Address)$other").Name | Should -Be $name
        }
    }

    It 'builds with <_>' -ForEach 'Engine', 'Buildx' {
        $name = New-Name
        $null = New-TestbedImage busybox:stable -Store overlay2
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: . } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM busybox:stable', 'COPY crane.yaml /'
        Use-Ssh $server { (Invoke-CraneBuild -Path $file -Builder $_ -Engine $server.Address).Status | Should -Be 'Succeeded' }
        Get-LocalId overlay2 "company/$name" | Should -Not -BeNullOrEmpty
    }

    It 'pulls many images at the same time' {
        $plans = 1..8 | ForEach-Object {
            $name = New-Name
            $null = Publish-Image "$official/$name"
            [pscustomobject]@{ Source = "$official/$name"; Target = $name }
        }
        Use-Ssh $server { ($plans | Invoke-CranePull -Engine $server.Address).Status | Select-Object -Unique | Should -Be 'Succeeded' }
    }

    It 'is left without a process of ssh when a pull is stopped, as by Ctrl+C' {
        $name = New-Name
        $null = Publish-Image "$official/$name" -Layer @{ "data/$name" = 1MB }
        $gate = Start-GatedRegistry $official
        try {
            Use-Ssh $server {
                $session = Start-Session { param($source, $target, $engine) Invoke-CranePull -Source $source -Target $target -Engine $engine } @{
                    source = "$($gate.Address)/$name"; target = $name; engine = $server.Address
                }
                $gate.Reached.Wait(30000) | Should -BeTrue
                Get-SshProcess $server | Should -Not -BeNullOrEmpty
                $session.Shell.Stop()
                $session.Shell.Streams.Error | Should -BeNullOrEmpty
            }
            Wait-Until { -not (Get-SshProcess $server) }
        }
        finally { $gate.Dispose() }
        Get-LocalId overlay2 $name | Should -BeNullOrEmpty
    }

    It 'is left without a process of ssh when its session is killed' {
        $name = New-Name
        $null = Publish-Image "$official/$name" -Layer @{ "data/$name" = 1MB }
        # Layers wait; the configuration passes, without which the engine does not give up a pull.
        $gate = Start-GatedRegistry $official -ForEach
        try {
            $process = Start-Shell "Invoke-CranePull -Source '$($gate.Address)/$name' -Target $name -Engine $($server.Address)" @{
                PATH = "$($server.Path):$env:PATH"
            }
            $gate.Reached.Wait(30000) | Should -BeTrue
            $process.Kill()   # SIGKILL
            $process.WaitForExit()
            Wait-Until { -not (Get-SshProcess $server) }
        }
        finally {
            $gate.Dispose()
            $process.Dispose()
        }
    }

    It 'that loses the connection during a pull is an error with the reason' {
        $name = New-Name
        $null = Publish-Image "$official/$name" -Layer @{ "data/$name" = 1MB }
        $gate = Start-GatedRegistry $official
        try {
            Use-Ssh $server {
                $session = Start-Session { param($source, $target, $engine) Invoke-CranePull -Source $source -Target $target -Engine $engine } @{
                    source = "$($gate.Address)/$name"; target = $name; engine = $server.Address
                }
                $gate.Reached.Wait(30000) | Should -BeTrue
                Invoke-TestbedProgram sh -c 'for p in /proc/[0-9]*; do
                    case "$(tr "\0" " " < $p/cmdline 2> /dev/null)" in sshd-session:*|"sshd: root"*) kill -9 ${p#/proc/} ;; esac; done; true'
                $session.Ended.WaitOne(30000) | Should -BeTrue
                $session.Output.Status | Should -Be 'Failed'
                $failure = $session.Shell.Streams.Error[0]
                $failure.FullyQualifiedErrorId | Should -Match '^EngineUnreachable,'
                $failure.Exception.Message | Should -Match 'ssh ended with exit code 255'
            }
        }
        finally { $gate.Dispose() }
    }
}

Describe 'An engine that ssh does not reach' -Skip:$missing {
    BeforeAll {
        $server = Start-TestbedSsh overlay2
        $known = Get-Content "$($server.Folder)/known_hosts"
    }

    AfterEach {
        Set-Content "$($server.Folder)/known_hosts" $known
        Get-SshProcess $server | Should -BeNullOrEmpty
    }

    It 'because its host key is unknown is an error, and the key is not accepted' {
        Clear-Content "$($server.Folder)/known_hosts"
        Use-Ssh $server {
            $failure = Test-Failure $server.Address
            $failure.Exception.Message | Should -Match 'Host key verification failed'
            $failure.ErrorDetails.RecommendedAction | Should -Match 'ssh -p \d+ 127.0.0.1 docker version'
        }
        Get-Content "$($server.Folder)/known_hosts" | Should -BeNullOrEmpty
    }

    It 'because its host key has changed is an error' {
        $other = (Get-Content "$($server.Folder)/other_key.pub") -split ' '
        Set-Content "$($server.Folder)/known_hosts" "$(($known -split ' ')[0]) $($other[0]) $($other[1])"
        Use-Ssh $server { (Test-Failure $server.Address).Exception.Message | Should -Match 'Host key verification failed' }
    }

    It 'because it does not know the user''s key is an error' {
        $authorized = Get-Content "$($server.Folder)/authorized"
        try {
            Copy-Item "$($server.Folder)/other_key.pub" "$($server.Folder)/authorized"
            Use-Ssh $server { (Test-Failure $server.Address).Exception.Message | Should -Match 'Permission denied \(publickey\)' }
        }
        finally { Set-Content "$($server.Folder)/authorized" $authorized }
    }

    It 'because nothing listens there is an error' {
        Use-Ssh $server { (Test-Failure 'ssh://127.0.0.1:1').Exception.Message | Should -Match 'Connection refused' }
    }

    It 'because it has no docker is an error' {
        $without = Start-TestbedSsh overlay2 -Prefix 'PATH=/absent;'
        Use-Ssh $without { (Test-Failure $without.Address).Exception.Message | Should -Match 'exit code 127: .*docker.*not found' }
        Get-SshProcess $without | Should -BeNullOrEmpty
    }

    It 'because there is no engine is an error' {
        Use-Ssh $server { (Test-Failure "$($server.Address)/absent/docker.sock").Exception.Message | Should -Match '/absent/docker.sock' }
    }

    It 'because there is no ssh here is an error' {
        Use-Environment @{ PATH = "$TestDrive" } {
            $failure = Test-Failure $server.Address
            $failure.Exception.Message | Should -Match 'not on the PATH'
            $failure.ErrorDetails.RecommendedAction | Should -Be 'Install an OpenSSH client.'
        }
    }
}
