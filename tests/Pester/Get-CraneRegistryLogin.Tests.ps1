Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.GetCraneRegistryLoginCommand'
    $before = $env:DOCKER_CONFIG
    $secret = 'bXktc2VjcmV0'
    $auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("bob:$secret"))

    function Write-Config([hashtable] $Content) { Set-Content $config/config.json (ConvertTo-Json $Content -Depth 5) }

    # Logins as a table of text, and no secret in anything that a user sees.
    function Get-Login([string[]] $Registry = '*') {
        $all = Get-CraneRegistryLogin $Registry -ErrorVariable errors -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -WarningVariable warnings
        $script:errors = $errors
        $script:warnings = $warnings
        "$($all | ConvertTo-Json) $($errors | Format-List * -Force | Out-String) $warnings" | Should -Not -Match "$secret|$auth"
        foreach ($login in $all) { "$($login.Registry) $($login.UserName) $(Split-Path $login.Store -Leaf) $($login.IsProtected)" }
    }
}

AfterAll { $env:DOCKER_CONFIG = $before }

Describe 'Get-CraneRegistryLogin' {
    BeforeEach {
        $config = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        $env:DOCKER_CONFIG = $config
    }

    It 'lists what docker login stored in the file' {
        Write-Config @{ auths = @{
                'r.co:5000'                   = @{ auth = $auth }
                'https://index.docker.io/v1/' = @{ username = 'hub'; password = $secret }
                'https://old.co/v1/'          = @{ auth = $auth }
                'token.co'                    = @{ auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('ann:')); identitytoken = $secret }
                'bearer.co'                   = @{ registrytoken = $secret }
                'empty.co'                    = @{}
                "bob:$secret@no-registry"     = @{ auth = $auth }
            }
        }
        Get-Login | Should -Be @(
            'bearer.co  config.json False', 'docker.io hub config.json False', 'old.co bob config.json False', 'r.co:5000 bob config.json False'
            'token.co ann config.json False')
        $errors | Should -BeNullOrEmpty
        (Get-CraneRegistryLogin)[0] | Should -BeOfType Crane.RegistryLogin
        (Get-CraneRegistryLogin bearer.co).UserName | Should -Be $null
        (Get-CraneRegistryLogin bearer.co).Store | Should -Be (Join-Path $config config.json)
    }

    It 'lists those of <pattern>' -ForEach @(
        @{ Pattern = 'b.co'; Expected = 'b.co' }
        @{ Pattern = '*.CO'; Expected = 'a.co', 'b.co' }
        @{ Pattern = 'https://index.docker.io/v1/'; Expected = 'docker.io' }
        @{ Pattern = 'https://a.co', 'docker*'; Expected = 'a.co', 'docker.io' }
        @{ Pattern = 'none.co'; Expected = $null }
    ) {
        Write-Config @{ auths = @{ 'a.co' = @{ auth = $auth }; 'b.co' = @{ auth = $auth }; 'https://index.docker.io/v1/' = @{ auth = $auth } } }
        (Get-CraneRegistryLogin $pattern).Registry | Should -Be $expected
        ($pattern | Get-CraneRegistryLogin).Registry | Should -Be $expected
        ([pscustomobject]@{ Registry = $pattern } | Get-CraneRegistryLogin).Registry | Should -Be $expected
    }

    It 'is what Disconnect-CraneRegistry removes' {
        Write-Config @{ auths = @{ 'a.co' = @{ auth = $auth }; 'b.co' = @{ auth = $auth }; 'other.net' = @{ auth = $auth } } }
        (Get-CraneRegistryLogin *.co | Disconnect-CraneRegistry).Registry | Should -Be 'a.co', 'b.co'
        (Get-CraneRegistryLogin).Registry | Should -Be 'other.net'
    }

    It 'lists nothing without a configuration' {
        Get-Login | Should -BeNullOrEmpty
        $errors | Should -BeNullOrEmpty
    }

    It 'is an error for an invalid entry, and lists the others' {
        Write-Config @{ auths = @{ 'bad.co' = @{ auth = '?' }; 'good.co' = @{ auth = $auth } } }
        Get-Login | Should -Be 'good.co bob config.json False'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "DockerConfigInvalid,$id"
        $errors[0].TargetObject | Should -Be 'bad.co'
    }

    It 'is an error for <what>' -ForEach @(
        @{ What = 'a configuration that is not JSON'; Text = '{"auths":' }
        @{ What = 'a section that is not an object'; Text = '{"auths":[]}' }
    ) {
        Set-Content $config/config.json $text
        { Get-CraneRegistryLogin -ErrorAction Stop } | Should -Throw "*$(Join-Path $config config.json)*" -ErrorId "DockerConfigInvalid,$id"
    }

    It 'is an error for an invalid pattern' {
        { Get-CraneRegistryLogin 'r[.co' -ErrorAction Stop } | Should -Throw -ErrorId "InvalidValue,$id"
    }

    It 'warns of a variable that takes precedence' {
        Write-Config @{ auths = @{ 'a.co' = @{ auth = $auth }; 'b.co' = @{ auth = $auth } } }
        Use-Environment @{ DOCKER_AUTH_CONFIG = "{`"auths`":{`"a.co`":{`"auth`":`"$auth`"}}}" } {
            Get-Login | Should -HaveCount 2
            $warnings | Should -HaveCount 1
            $warnings | Should -Match "DOCKER_AUTH_CONFIG has a credential for 'a.co'"
        }
    }
}

Describe 'Get-CraneRegistryLogin with credential helpers' -Skip:$IsWindows {
    BeforeAll {
        # A helper that keeps a file for each registry: its name is the key with '|' for '/', its text the user.
        function Add-Helper([string] $Name, [hashtable] $Kept = @{}, [string] $List = '') {
            $folder = (New-Item $config/$Name -ItemType Directory).FullName
            foreach ($key in $Kept.Keys) { Set-Content $folder/$($key.Replace('/', '|')) $Kept[$key] -NoNewline }
            Set-Content $config/docker-credential-$Name @"
#!/bin/sh
echo `$1 >> $config/$Name.asked
cd $folder
read -r key
key=`$(echo "`$key" | tr / '|')
case `$1 in
    list)
        $List
        printf '{'
        comma=
        for each in *; do
            [ -f "`$each" ] || continue
            printf '%s"%s":"%s"' "`$comma" "`$(echo "`$each" | tr '|' /)" "`$(cat "`$each")"
            comma=,
        done
        printf '}' ;;
    get)
        [ -f "`$key" ] || { echo 'credentials not found in native keychain'; exit 1; }
        printf '{"ServerURL":"%s","Username":"%s","Secret":"$secret"}' "`$key" "`$(cat "`$key")" ;;
    erase) rm "`$key" ;;
esac
"@
            chmod +x $config/docker-credential-$Name
        }
    }

    BeforeEach {
        $config = (New-Item "TestDrive:/$(New-Name)" -ItemType Directory).FullName
        $env:DOCKER_CONFIG = $config
        $path = $env:PATH
        $env:PATH = "${config}:$path"
    }

    AfterEach { $env:PATH = $path }

    It 'lists what the helper lists, and knows the user of each' {
        Add-Helper keychain @{
            'a.co' = 'bob'; 'https://b.co' = 'ann'; 'https://index.docker.io/v1/' = '<token>'
            'https://index.docker.io/v1/access-token' = 'web'; 'not a registry' = 'x'
        }
        Write-Config @{ credsStore = 'keychain'; auths = @{ 'a.co' = @{}; 'gone.co' = @{} } }
        Get-Login | Should -Be @(
            'a.co bob docker-credential-keychain True', 'b.co ann docker-credential-keychain True', 'docker.io  docker-credential-keychain True')
        $errors | Should -BeNullOrEmpty
        Get-Content $config/keychain.asked | Should -Be 'list'
    }

    It 'asks the helper of one registry for that registry alone' {
        Add-Helper cloud @{ 'cloud.co' = 'AWS'; 'other.co' = 'AWS' }
        Add-Helper keychain @{ 'a.co' = 'bob'; 'cloud.co' = 'stale' }
        Write-Config @{ credsStore = 'keychain'; credHelpers = @{ 'cloud.co' = 'cloud' } }
        Get-Login | Should -Be 'a.co bob docker-credential-keychain True', 'cloud.co AWS docker-credential-cloud True'
    }

    It 'asks a helper that cannot list for its registry' {
        Add-Helper cloud @{ 'cloud.co' = 'AWS' } -List 'echo list is unimplemented; exit 1'
        Write-Config @{ credHelpers = @{ 'cloud.co' = 'cloud'; 'out.co' = 'cloud' } }
        Get-Login | Should -Be 'cloud.co AWS docker-credential-cloud True'
        $errors | Should -BeNullOrEmpty
        Get-Login none.co | Should -BeNullOrEmpty
        Get-Content $config/cloud.asked | Should -Be 'list', 'get', 'get'
    }

    It 'lists a secret that an earlier login left in the file' {
        Add-Helper keychain @{ 'a.co' = 'bob' }
        Write-Config @{ credsStore = 'keychain'; auths = @{ 'a.co' = @{ auth = $auth }; 'left.co' = @{ auth = $auth } } }
        Get-Login | Should -Be 'a.co bob docker-credential-keychain True', 'left.co bob config.json False'
    }

    It 'is an error for a helper that <what>, and lists the others' -ForEach @(
        @{ What = 'fails'; List = "echo $secret; exit 3" }
        @{ What = 'prints something else'; List = "echo '[`"$secret`"]'; exit 0" }
        @{ What = 'prints no JSON'; List = "echo '{$secret'; exit 0" }
    ) {
        Add-Helper keychain -List $list
        Add-Helper cloud @{ 'cloud.co' = 'AWS' }
        Write-Config @{ credsStore = 'keychain'; credHelpers = @{ 'cloud.co' = 'cloud' } }
        Get-Login | Should -Be 'cloud.co AWS docker-credential-cloud True'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $errors[0].TargetObject | Should -Be 'docker-credential-keychain'
    }

    It 'is an error for a helper that is not installed' {
        Write-Config @{ credsStore = 'absent' }
        Get-Login | Should -BeNullOrEmpty
        "$errors" | Should -Match 'docker-credential-absent.* is not on the PATH'
    }

    It 'is what Disconnect-CraneRegistry removes from the helper' {
        Add-Helper keychain @{ 'a.co' = 'bob'; 'b.co' = 'ann' }
        Write-Config @{ credsStore = 'keychain' }
        (Get-CraneRegistryLogin b* | Disconnect-CraneRegistry).UserName | Should -Be 'ann'
        Get-Login | Should -Be 'a.co bob docker-credential-keychain True'
    }

    It 'completes registries, and asks no helper' {
        Add-Helper keychain @{ 'a.co' = 'bob' }
        Write-Config @{ credsStore = 'keychain'; auths = @{ 'a.co' = @{}; 'r.co:5000' = @{}; 'https://index.docker.io/v1/' = @{} }; credHelpers = @{ 'cloud.co' = 'cloud' } }
        foreach ($command in 'Get-CraneRegistryLogin', 'Connect-CraneRegistry', 'Disconnect-CraneRegistry') {
            $until = [datetime]::UtcNow.AddSeconds(10)
            do { $found = (TabExpansion2 "$command " ($command.Length + 1)).CompletionMatches.CompletionText }
            until ($found -contains 'docker.io' -or [datetime]::UtcNow -gt $until)
            $found | Sort-Object | Should -Be 'a.co', 'cloud.co', 'docker.io', 'r.co:5000'
        }
        "$config/keychain.asked" | Should -Not -Exist
    }
}
