Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.DisconnectCraneRegistryCommand'
    $before = $env:DOCKER_CONFIG

    function Get-Kept { (Get-Content $config/config.json -Raw | ConvertFrom-Json -AsHashtable).auths.Keys }
}

AfterAll { $env:DOCKER_CONFIG = $before }

Describe 'Disconnect-CraneRegistry' {
    BeforeEach {
        $config = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        $env:DOCKER_CONFIG = $config
        Set-Content $config/config.json '{"auths":{"r.co":{"auth":"Ym9iOnNlY3JldA=="},"other.co:5000":{"auth":"Ym9iOnNlY3JldA=="},"https://index.docker.io/v1/":{"auth":"Ym9iOnNlY3JldA=="}}}'
    }

    It 'removes what docker login stored, by parameter' {
        $login = Disconnect-CraneRegistry -Registry r.co
        $login | Should -BeOfType Crane.RegistryLogin
        $login.Registry | Should -Be 'r.co'
        $login.UserName | Should -Be 'bob'
        $login.Store | Should -Be (Join-Path $config config.json)
        Get-Kept | Should -Be 'other.co:5000', 'https://index.docker.io/v1/'
    }

    It 'removes several, for piped names and properties' {
        'r.co', [pscustomobject]@{ Registry = 'other.co:5000' } | Disconnect-CraneRegistry | ForEach-Object Registry |
            Should -Be 'r.co', 'other.co:5000'
        Get-Kept | Should -Be 'https://index.docker.io/v1/'
    }

    It 'knows Docker Hub as <name>' -ForEach @(
        @{ Name = 'docker.io' }
        @{ Name = 'index.docker.io' }
        @{ Name = 'https://index.docker.io/v1/' }
    ) {
        (Disconnect-CraneRegistry $name).Registry | Should -Be 'docker.io'
        Get-Kept | Should -Be 'r.co', 'other.co:5000'
    }

    It 'warns if nothing is stored' {
        Disconnect-CraneRegistry none.co -WarningVariable warning -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warning" | Should -Be "No credential is stored for 'none.co'."
    }

    It 'does nothing with -WhatIf' {
        $session = Invoke-Session { Disconnect-CraneRegistry r.co -WhatIf }
        $session.Output | Should -BeNullOrEmpty
        $session.Streams.Error | Should -BeNullOrEmpty
        Get-Kept | Should -HaveCount 3
    }

    It 'refuses with -WhatIf what it would refuse' {
        { Disconnect-CraneRegistry 'r co' -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId "InvalidRegistry,$id"
    }

    It 'does not change an invalid configuration' {
        Set-Content $config/config.json '{"auths":' -NoNewline
        { Disconnect-CraneRegistry r.co -ErrorAction Stop } | Should -Throw -ErrorId "DockerConfigInvalid,$id"
        Get-Content $config/config.json -Raw | Should -BeExactly '{"auths":'
    }

    It 'refuses an invalid name' {
        { Disconnect-CraneRegistry my_registry.co -ErrorAction Stop } | Should -Throw -ErrorId "InvalidRegistry,$id"
    }
}
