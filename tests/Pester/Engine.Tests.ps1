# Which engine a cmdlet uses, and the error if it cannot be reached.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.InvokeCranePullCommand'

    # A folder for docker's configuration with one context.
    function New-Context([string] $Name, [string] $Address, [string] $Current = '') {
        $config = New-Item (Join-Path $TestDrive (New-Name)) -ItemType Directory
        $key = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Name))).ToLowerInvariant()
        $meta = @{ Name = $Name; Metadata = @{}; Endpoints = @{ docker = @{ Host = $Address; SkipTLSVerify = $false } } }
        $null = New-Item (Join-Path $config contexts/meta $key meta.json) -Force -Value (ConvertTo-Json $meta -Depth 5)
        Set-Content (Join-Path $config config.json) (ConvertTo-Json @{ currentContext = $Current })
        "$config"
    }
}

Describe 'The engine' -Skip:$missing {
    BeforeAll {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $wanted = $testbed.Engines.containerd
        $other = $testbed.Engines.overlay2
        $null = $wanted, $other | ForEach-Object { Invoke-CranePull -Source "$official/$name" -Target $name -Engine $_ }
    }

    It 'is the one in <how>' -ForEach @(
        @{ How = '-Engine'; Engine = { $wanted }; Environment = { @{ DOCKER_HOST = $other; CRANE_ENGINE = $other } } }
        @{ How = '-Engine with a context'; Engine = { 'mine' }; Environment = { @{ DOCKER_HOST = $other; DOCKER_CONFIG = New-Context mine $wanted } } }
        @{ How = '-Engine docker, as docker finds it'; Engine = { 'docker' }; Environment = { @{ DOCKER_HOST = $wanted; CRANE_ENGINE = $other } } }
        @{ How = 'CRANE_ENGINE'; Environment = { @{ DOCKER_HOST = $other; CRANE_ENGINE = $wanted } } }
        @{ How = 'DOCKER_HOST'; Environment = { @{ DOCKER_HOST = $wanted; DOCKER_CONTEXT = 'mine'; DOCKER_CONFIG = New-Context mine $other } } }
        @{ How = 'DOCKER_CONTEXT'; Environment = { @{ DOCKER_CONTEXT = 'mine'; DOCKER_CONFIG = New-Context mine $wanted } } }
        @{ How = 'the current context'; Environment = { @{ DOCKER_CONFIG = New-Context mine $wanted mine } } }
    ) {
        $parameter = $engine ? @{ Engine = & $engine } : @{}
        Use-Environment (& $environment) {
            $result = Invoke-CranePull -Source "$official/$name" -Target $name @parameter
            $result.Status | Should -Be 'UpToDate'
            $result.Engine | Should -Be $wanted
        }
    }
}

Describe 'An engine that cannot be reached' {
    BeforeAll {
        $absent = 'unix:///absent/docker.sock'
        $plans = 'a', 'b', 'c' | ForEach-Object { [pscustomobject]@{ Container = $_; Source = "r.example/$_"; Target = $_ } }
    }

    It 'is one error with its address and where that comes from: <how>' -ForEach @(
        @{ How = '-Engine'; Engine = 'unix:///absent/docker.sock'; Environment = { @{} } }
        @{ How = 'CRANE_ENGINE'; Environment = { @{ CRANE_ENGINE = $absent } } }
        @{ How = 'DOCKER_HOST'; Environment = { @{ DOCKER_HOST = $absent } } }
        @{ How = 'DOCKER_CONTEXT'; Environment = { @{ DOCKER_CONTEXT = 'mine'; DOCKER_CONFIG = New-Context mine $absent } } }
        @{ How = 'context ''mine'''; Environment = { @{ DOCKER_CONFIG = New-Context mine $absent mine } } }
    ) {
        $parameter = $engine ? @{ Engine = $engine } : @{}
        $none = @{ CRANE_ENGINE = $null; DOCKER_HOST = $null; DOCKER_CONTEXT = $null }
        Use-Environment $none {
            Use-Environment (& $environment) {
                $results = $plans | Invoke-CranePull @parameter -ErrorVariable errors -ErrorAction SilentlyContinue
                $? | Should -BeFalse
                $errors | Should -HaveCount 1
                $errors[0].FullyQualifiedErrorId | Should -Be "EngineUnreachable,$id"
                $errors[0].CategoryInfo.Category | Should -Be 'ConnectionError'
                $errors[0].Exception.Message | Should -Match ([regex]::Escape($absent))
                $errors[0].Exception.Message | Should -Match ([regex]::Escape($how))
                $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Engine.*CRANE_ENGINE.*DOCKER_HOST'
                $results.Container | Should -Be 'a', 'b', 'c'
                $results.Status | Should -Be 'Failed', 'Failed', 'Failed'
                $results.Error | Select-Object -Unique | Should -Be $errors[0].Exception.Message
            }
        }
    }

    It 'is detected within five seconds, even if the connection is accepted without a response' {
        $silent = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $silent.Start()
        $address = "tcp://$($silent.LocalEndpoint)"
        try {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $result = $plans[0] | Invoke-CranePull -Engine $address -ErrorVariable errors -ErrorAction SilentlyContinue
            $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:6')   # five, and the rest for a busy machine
        }
        finally { $silent.Stop() }
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "EngineUnreachable,$id"
        $errors[0].Exception.Message | Should -Match ([regex]::Escape($address))
    }

    It 'ends a script that stops at errors' {
        { $plans | Invoke-CranePush -Engine $absent -ErrorAction Stop } | Should -Throw -ErrorId 'EngineUnreachable,Crane.Commands.InvokeCranePushCommand'
    }

    It 'is not an error if nothing has to be moved' {
        $file = Write-CraneFile $TestDrive 'containers: { x: { image: company/x, build: x/ } }'
        (Invoke-CranePull -Path $file -Engine $absent -WarningAction SilentlyContinue -ErrorAction Stop).Status | Should -Be 'Skipped'
    }

    It 'with an invalid address is an error that explains the forms: <_>' -ForEach 'absent-context', 'ssh://bob:pw@host', 'http//x' {
        $result = $plans[0] | Invoke-CranePull -Engine $_ -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "$($_ -eq 'absent-context' ? 'UnknownContext' : 'InvalidValue'),$id"
        $errors[0].Exception.Message | Should -Match ([regex]::Escape(($_ -replace ':pw@', ':***@')))
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}
