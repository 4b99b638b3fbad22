# Which credential is sent to a registry.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # Docker's configuration with a missing credential helper.
    function Use-NoHelper([scriptblock] $Test) {
        $config = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        Set-Content $config/config.json '{"credsStore":"broken"}'
        Use-Environment @{ DOCKER_CONFIG = $config } $Test
    }
}

Describe 'A credential helper that is missing' -Skip:$IsWindows {
    BeforeAll { $how = 'is not on the PATH' }

    Context 'without an engine' {
        BeforeAll {
            $name = New-Name
            $open = Start-TestRegistry
            $closed = Start-TestRegistry -Token -Credential ([pscredential]::new('bob', (ConvertTo-SecureString 's3cret' -AsPlainText)))
            $null = New-TestRegistryImage "$($open.Address)/${name}:1" -Layer @{ 'etc/motd' = $name }
        }

        AfterAll { $open, $closed | Stop-TestRegistry }

        It 'is not needed if the registry allows anonymous reads' {
            Use-NoHelper {
                (Get-CraneImage "$($open.Address)/${name}:1" -WarningVariable warnings).Digest | Should -Not -BeNullOrEmpty
                $warnings | Should -BeNullOrEmpty
            }
        }

        It 'is named in the error if the registry refuses, once for all images' {
            Use-NoHelper {
                Get-CraneImage "$($closed.Address)/${name}:1", "$($closed.Address)/${name}:2" -ErrorVariable errors -ErrorAction SilentlyContinue `
                    -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
                $errors.Exception.Id | Should -Be 'RegistryUnauthorized', 'RegistryUnauthorized'
                $errors | ForEach-Object { "$_" | Should -Match "docker-credential-broken, named in .*config\.json, .*$how" }
                $errors[0].ErrorDetails.RecommendedAction | Should -Match 'docker-credential-broken'
                $warnings | Should -HaveCount 1
                $warnings | Should -Match $how
            }
        }
    }

    Context 'with an engine' -Skip:$missing {
        BeforeAll {
            $env:DOCKER_HOST = @($testbed.Engines.Values)[0]
            $open, $closed = $testbed.Official, $testbed.Personal
            $name = New-Name
            $null = Publish-Image "$open/$name"
        }

        AfterAll { $env:DOCKER_HOST = $null }

        It 'is a warning if the registry allows anonymous access' {
            Use-NoHelper {
                (Invoke-CranePull -Source "$open/$name" -Target $name -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be 'Succeeded'
                $warnings | Should -HaveCount 1
                $warnings | Should -Match $how
                (Invoke-CranePush -Source $name -Target "$open/$name-2" -WarningAction SilentlyContinue).Status | Should -Be 'Succeeded'
            }
        }

        It 'is named in the error if the registry refuses a push' {
            Use-NoHelper {
                Invoke-CranePush -Source $name -Target "$closed/$name" -ErrorVariable errors -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
                $errors[0].Exception.Id | Should -Be 'RegistryUnauthorized'
                "$($errors[0])" | Should -Match "docker-credential-broken, named in .*config\.json, .*$how"
            }
        }

        It 'does not stop a build: <Builder>' -ForEach @{ Builder = 'Engine' }, @{ Builder = 'Buildx' } {
            if ($builder -eq 'Buildx' -and -not $env:CRANE_TEST_BUILDX) { return }
            $base = "$open/$(New-Name)"
            $null = Publish-Image $base
            $file = Write-CraneFile $TestDrive "containers: { os: { image: company/$name-$builder, build: . } }".ToLowerInvariant()
            Set-Content "$(Split-Path $file)/Dockerfile" "FROM $base`nLABEL a=b"
            Use-NoHelper {
                New-Item $env:DOCKER_CONFIG/cli-plugins -ItemType Directory | Out-Null
                if ($env:CRANE_TEST_BUILDX) { New-Item $env:DOCKER_CONFIG/cli-plugins/docker-buildx -ItemType SymbolicLink -Target $env:CRANE_TEST_BUILDX | Out-Null }
                (Invoke-CraneBuild -Path $file -Builder $builder -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be 'Succeeded'
                $warnings | Should -Match $how
            }
        }
    }
}

Describe 'A user name' {
    It 'is sent to the registry unchanged: <User>' -ForEach @(
        @{ User = 'bob@corp.example' }
        @{ User = 'corp\bob' }
    ) {
        $credential = [pscredential]::new($user, (ConvertTo-SecureString 's3cret' -AsPlainText))
        $registry = Start-TestRegistry -Credential $credential
        try {
            $name = "$($registry.Address)/company/os:1"
            $null = Get-CraneTag "$($registry.Address)/company/os" -Credential $credential -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors.Exception.Id | Should -Be 'ImageNotFound'
            $null = Get-CraneImage $name -RegistryCredential @{ $registry.Address = $credential } -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors.Exception.Id | Should -Be 'ImageNotFound'
            Use-Environment @{ DOCKER_CONFIG = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName } {
                (Connect-CraneRegistry $registry.Address $credential -WarningAction Ignore).UserName | Should -Be $user
                (Disconnect-CraneRegistry $registry.Address).UserName | Should -Be $user
            }
        }
        finally { $registry | Stop-TestRegistry }
    }

    It 'for <_>, which no image can be in, is an InvalidValue' -ForEach 'an empty name', 'r co', 'bob', 'r.co:port' {
        $key = $_ -eq 'an empty name' ? '' : $_
        $credential = [pscredential]::new('bob', [securestring]::new())
        { Get-CraneTag 127.0.0.1:1/a -RegistryCredential @{ $key = $credential } -ErrorAction Stop } |
            Should -Throw "*'$key'*not a registry*" -ErrorId 'InvalidValue,*'
    }

    It '<What> is an InvalidValue: <Name>' -ForEach @(
        foreach ($case in @{ What = 'that is missing'; Given = [pscredential]::Empty }, @{ What = 'with a colon'; Given = [pscredential]::new('a:b', [securestring]::new()) }, @{ What = 'that is $null'; Given = $null }) {
            $given = $case.Given
            @(
                @{ Name = 'Get-CraneTag'; Run = { Get-CraneTag 127.0.0.1:1/a -RegistryCredential @{ '127.0.0.1:1' = $given } } }
                @{ Name = 'Get-CraneImage'; Run = { Get-CraneImage 127.0.0.1:1/a -RegistryCredential @{ '127.0.0.1:1' = $given } } }
                @{ Name = 'Invoke-CranePull'; Run = { Invoke-CranePull -Source 127.0.0.1:1/a -Target a -RegistryCredential @{ '127.0.0.1:1' = $given } } }
                @{ Name = 'Invoke-CranePush'; Run = { Invoke-CranePush -Source a -Target 127.0.0.1:1/a -RegistryCredential @{ '127.0.0.1:1' = $given } } }
                @{ Name = 'Copy-CraneImage'; Run = { Copy-CraneImage -Source 127.0.0.1:1/a -Target 127.0.0.1:1/b -RegistryCredential @{ '127.0.0.1:1' = $given } } }
                @{ Name = 'Connect-CraneRegistry'; Run = { Connect-CraneRegistry 127.0.0.1:1 -Credential $given } }
            ) | ForEach-Object { $_ + $case }
        }
    ) {
        # For an empty one in -Credential, PowerShell itself would prompt.
        if ($name -eq 'Connect-CraneRegistry' -and $given -in $null, [pscredential]::Empty) { return }
        { & $run -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidValue,*'
    }
}
