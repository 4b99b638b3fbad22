Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $wrong = [pscredential]::new('bob', (ConvertTo-SecureString 'gu3ss' -AsPlainText))
    $id = 'Crane.Commands.ConnectCraneRegistryCommand'

    # A separate folder for docker's configuration.
    function New-DockerConfig {
        $env:DOCKER_CONFIG = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        $env:DOCKER_CONFIG
    }
}

AfterAll { $env:DOCKER_CONFIG = ${testbed}?.Environment.DOCKER_CONFIG }

Describe 'Connect-CraneRegistry' -Skip:$missing {
    BeforeEach { $config = New-DockerConfig }

    It 'stores a credential that the registry accepts, by parameter' {
        $login = Connect-CraneRegistry -Registry $personal -Credential $credential -WarningVariable warning -WarningAction SilentlyContinue
        $login | Should -BeOfType Crane.RegistryLogin
        $login.Registry | Should -Be $personal
        $login.UserName | Should -Be $credential.UserName
        $login.Store | Should -Be (Join-Path $config config.json)
        $login.IsProtected | Should -BeFalse
        $warning | Should -HaveCount 1
        $warning | Should -Match 'unencrypted'
    }

    It 'stores it for piped names and properties' {
        $personal | Connect-CraneRegistry -Credential $credential -WarningAction Ignore | ForEach-Object Registry | Should -Be $personal
        [pscustomobject]@{ Registry = $personal } | Connect-CraneRegistry -Credential $credential -WarningAction Ignore |
            ForEach-Object Registry | Should -Be $personal
    }

    It 'stores it for an object of <source>' -ForEach @(
        @{ Source = 'Get-ECRLoginCommand'; Columns = { @{ Username = $user; Password = $secret; ProxyEndpoint = "https://$personal/"; Endpoint = 'x'; Command = 'x' } } }
        @{ Source = 'Get-AzContainerRegistryCredential'; Columns = { @{ Username = $user; Password = $secret; Password2 = 'x'; LoginServer = $personal } } }
        @{ Source = 'a script'; Columns = { @{ UserName = $user; Password = $credential.Password; Registry = $personal } } }
    ) {
        $user = $credential.UserName
        $secret = $credential.GetNetworkCredential().Password
        $all = [pscustomobject](& $columns) | Connect-CraneRegistry -Verbose *>&1
        $login = $all | Where-Object { $_ -is [Crane.RegistryLogin] }
        "$($login.UserName)@$($login.Registry)" | Should -Be "$user@$personal"
        "$all" | Should -Not -Match ([regex]::Escape($secret))
    }

    It 'refuses a password as text in the command line' {
        { Connect-CraneRegistry $personal -UserName bob -Password gu3ss -ErrorAction Stop } | Should -Throw -ErrorId "InvalidValue,$id"
        "$($Error[0])" | Should -Not -Match 'gu3ss'
    }

    It 'stores what docker then pulls with and the cmdlets push with' {
        $image = "$personal/$(New-Name)"
        $null = Publish-Image $image
        { Invoke-TestbedProgram docker --config $config pull $image 2>&1 } | Should -Throw
        $null = Connect-CraneRegistry $personal $credential -WarningAction Ignore
        $null = Invoke-TestbedProgram docker --config $config pull $image
        Use-Environment @{ DOCKER_HOST = @($testbed.Engines.Values)[0] } {
            (Invoke-CranePush -Source $image -Target "$image-copy").Status | Should -Be 'Succeeded'
        }
    }

    It 'does not change the rest of docker''s configuration, or the permissions of its file' {
        $before = "{`n`t""psFormat"": ""table"",`n`t""auths"": {`n`t`t""other.co"": {`n`t`t`t""auth"": ""eDp5""`n`t`t}`n`t},`n`t""zeta"": [`n`t`t1.50`n`t]`n}"
        Set-Content $config/config.json $before -NoNewline
        if (-not $IsWindows) { chmod 640 $config/config.json }
        $null = Connect-CraneRegistry $personal $credential -WarningAction Ignore
        $after = Get-Content $config/config.json -Raw | ConvertFrom-Json -AsHashtable
        $after.auths.Keys | Should -Be 'other.co', $personal
        if (-not $IsWindows) { [int][IO.File]::GetUnixFileMode("$config/config.json") | Should -Be ([Convert]::ToInt32('640', 8)) }
        $null = Disconnect-CraneRegistry $personal
        Get-Content $config/config.json -Raw | Should -BeExactly $before
    }

    It 'stores nothing that the registry refuses' {
        $login = Connect-CraneRegistry $personal $wrong -ErrorVariable errors -ErrorAction SilentlyContinue
        $login | Should -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
        $errors[0].TargetObject | Should -Be $personal
        # Whoever has just given a password is not told to give one.
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '^Check the user name and the password'
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -Match 'Connect-CraneRegistry|RegistryCredential'
        "$($errors[0])" | Should -Match "'bob'"
        "$($errors[0])" | Should -Not -Match 'gu3ss'
        "$config/config.json" | Should -Not -Exist
    }

    It 'warns of a registry without authentication' {
        Connect-CraneRegistry $official $credential -WarningVariable warning -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        "$warning" | Should -Match 'was not checked'
    }

    It 'does nothing with -WhatIf' {
        $session = Invoke-Session { param($registry, $credential) Connect-CraneRegistry $registry $credential -WhatIf } @{
            registry = $personal; credential = $credential
        }
        $session.Output | Should -BeNullOrEmpty
        $session.Streams.Error | Should -BeNullOrEmpty
        "$config/config.json" | Should -Not -Exist
    }

    It 'refuses with -WhatIf what it would refuse: <what>' -ForEach @(
        @{ What = 'a registry'; Run = { Connect-CraneRegistry 'r co' $credential -WhatIf } }
        @{ What = 'a user'; Run = { Connect-CraneRegistry r.co ([pscredential]::new('a:b', [securestring]::new())) -WhatIf } }
        @{ What = 'a path'; Run = { Connect-CraneRegistry r.co $credential -CertificateAuthority Env:PATH -WhatIf } }
    ) {
        { & $run -ErrorAction Stop } | Should -Throw -ErrorId "Invalid*,$id"
    }

    It 'traces its requests without the password' {
        $session = Invoke-Session {
            param($registry, $credential)
            $DebugPreference = 'Continue'
            Connect-CraneRegistry $registry $credential
        } @{ registry = $personal; credential = $credential }
        $trace = $session.Streams.Debug.Message -join "`n"
        $trace | Should -Match "GET http://$personal/v2/ → 401"
        $trace | Should -Match "GET http://$personal/v2/ → 200"
        $trace | Should -Not -Match ([regex]::Escape($credential.GetNetworkCredential().Password))
    }
}

Describe 'Connect-CraneRegistry with a credential helper' -Skip:($missing -or $IsWindows) {
    BeforeEach {
        $config = New-DockerConfig
        $kept = "$config/kept"
        Set-Content "$config/docker-credential-test" @"
#!/bin/sh
case `$1 in
    store) cat > '$kept' ;;
    get) cat > /dev/null; [ -f '$kept' ] && exec cat '$kept'; echo 'credentials not found in native keychain'; exit 1 ;;
    erase) cat > /dev/null; rm '$kept' ;;
esac
"@
        chmod +x $config/docker-credential-test
        Set-Content $config/config.json '{"credsStore":"test"}'
        $path = $env:PATH
        $env:PATH = "${config}:$path"
    }

    AfterEach { $env:PATH = $path }

    It 'stores it in the helper, and no secret in the file' {
        $login = Connect-CraneRegistry $personal $credential -WarningVariable warning
        $login.Store | Should -Be 'docker-credential-test'
        $login.IsProtected | Should -BeTrue
        $warning | Should -BeNullOrEmpty
        (Get-Content $kept -Raw | ConvertFrom-Json).Username | Should -Be $credential.UserName
        $file = Get-Content $config/config.json -Raw | ConvertFrom-Json -AsHashtable
        $file.auths[$personal].Count | Should -Be 0
        Disconnect-CraneRegistry $personal | ForEach-Object UserName | Should -Be $credential.UserName
        $kept | Should -Not -Exist
    }
}

Describe 'Connect-CraneRegistry without a registry' {
    BeforeEach { $config = New-DockerConfig }

    It 'refuses an invalid name: <name>' -ForEach @(
        @{ Name = 'my_registry.co' }
        @{ Name = 'proxy' }
        @{ Name = 'bob:secret@r.co' }
    ) {
        { Connect-CraneRegistry $name $wrong -ErrorAction Stop } | Should -Throw -ErrorId "InvalidRegistry,$id"
        "$($Error[0])" | Should -Not -Match 'bob:secret'
    }

    It 'says which registry does not respond' {
        { Connect-CraneRegistry 127.0.0.1:1 $wrong -ErrorAction Stop } | Should -Throw -ErrorId "RegistryUnreachable,$id"
    }

    It 'says which certificate file cannot be read' {
        { Connect-CraneRegistry 127.0.0.1:1 $wrong -CertificateAuthority TestDrive:/none.crt -ErrorAction Stop } |
            Should -Throw "*none.crt*" -ErrorId "CertificateInvalid,$id"
    }
}
