# Registries that are named on the command line: with certificates that the system does not trust, and with plain http under an
# address that is not taken for this machine.

Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    # On Windows, a connection to 0.0.0.0 goes nowhere; elsewhere it goes to this machine.
    $ways = @(
        @{ Way = 'an unknown certificate, and its authority'; Kind = 'Private'; Setting = { @{ CertificateAuthority = $authority } }; Yaml = { "ca: '$authority'" } }
        @{ Way = 'an unknown certificate, and -Insecure'; Kind = 'Private'; Setting = { @{ Insecure = $true } }; Yaml = { 'insecure: true' } }
        if (-not $IsWindows) { @{ Way = 'plain http, and -Insecure'; Kind = 'Plain'; Setting = { @{ Insecure = $true } }; Yaml = { 'insecure: true' } } }
    )
}

BeforeAll {
    $location = $PWD
    $empty = (New-Item TestDrive:/empty -ItemType Directory).FullName
    $authority = "$TestDrive/authority.crt"
    $open = (Start-TestRegistry).Address
    $root = "$TestDrive/root"
    $null = New-Item $root -ItemType Directory
    $first = Start-TestRegistry -Root $root
    $image = New-TestRegistryImage "$($first.Address)/company/os:1" -Layer @{ 'etc/name' = 'os' }
    foreach ($tag in '1', '2') { $null = New-TestRegistryImage "$($first.Address)/company/pair:$tag" -Layer @{ 'etc/name' = 'os' } }
    $first | Stop-TestRegistry
    $addresses = @{
        Private = (Start-TestRegistry -Root $root -CertificateAuthority $authority).Address
        Plain = (Start-TestRegistry -Root $root).Address -replace '^.*:', '0.0.0.0:'
    }
}

AfterAll {
    Set-Location $location
    Stop-TestRegistry
}

Describe 'A registry with <Way>' -ForEach $ways {
    BeforeAll {
        $registry = $addresses[$Kind]
        $os = "$registry/company/os"
        $connect = & $Setting
        $layout = "oci:$TestDrive/$(New-Name)"
    }

    BeforeEach { Set-Location $empty }

    It 'cannot be used by its name alone' {
        foreach ($use in { Get-CraneTag $os -ErrorAction Stop }, { Get-CraneImage "${os}:1" -ErrorAction Stop },
            { Copy-CraneImage -Source "${os}:1" -Target "$open/company/os:1" -ErrorAction Stop }) {
            $use | Should -Throw -ErrorId 'RegistryUnreachable,*'
            $Error[0].ErrorDetails.RecommendedAction | Should -Match '-Insecure'
        }
    }

    It 'is read by Get-CraneTag and Get-CraneImage, by parameter and by pipeline' {
        (Get-CraneTag $os @connect).Tag | Should -Be '1'
        (Get-CraneImage "${os}:1" @connect).Digest | Should -Be $image.Digest
        ($os | Get-CraneTag @connect).Tag | Should -Be '1'
        ("${os}:1" | Get-CraneImage @connect).Digest | Should -Be $image.Digest
    }

    It 'is known to Get-CraneImage from tags that went through <Format>' -ForEach @(
        @{ Format = 'a pipeline'; Through = { $input } }
        @{ Format = 'JSON'; Through = { $input | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json } }
        @{ Format = 'CSV'; Through = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Format = 'CliXml'; Through = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@($input))) } }
    ) {
        foreach ($name in '1', '*') {
            $shown = Get-CraneTag "$registry/company/pair" $name @connect | & $Through | Get-CraneImage
            $shown.Digest | Sort-Object -Unique | Should -Be $image.Digest
            $shown | Should -HaveCount ($name -eq '*' ? 2 : 1)
        }
    }

    It 'is copied from, and to' {
        $to = "$open/company/$(New-Name):1"
        $result = Copy-CraneImage -Source "${os}:1" -Destination $to @connect
        $result.Digest | Should -Be $image.Digest
        # What is known of it goes on with the result.
        ($result | Copy-CraneImage).Status | Should -Be 'UpToDate'
        (Copy-CraneImage -Source $to -Destination "$registry/company/$(New-Name):1" @connect).Status | Should -Be 'Succeeded'
        ([pscustomobject]@{ Source = "${os}:1"; Target = $to } | Copy-CraneImage @connect).Status | Should -Be 'UpToDate'
    }

    It 'is pulled from and pushed to with a folder' {
        (Invoke-CranePull -Source "${os}:1" -Target company/os:1 -Engine $layout @connect -WarningVariable warnings).Digest |
            Should -Be $image.Digest
        (Invoke-CranePush -Source company/os:1 -Target "$registry/company/$(New-Name):1" -Engine $layout @connect).Status |
            Should -Be 'Succeeded'
        $warnings | Should -BeNullOrEmpty
    }

    It 'is looked up for the plans of containers that are not of a crane file' {
        $container = [pscustomobject]@{ Name = 'os'; Image = 'company/os:1'; Build = $null; BuiltBy = $null; Pull = "registry=$registry" }
        { $container | Get-CraneRetagPlan Pull -Resolve -Engine $layout -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*'
        $plan = $container | Get-CraneRetagPlan Pull -Resolve -Engine $layout @connect
        $plan.Digest | Should -Be $image.Digest
        # The plan has all that a run needs.
        ($plan | Invoke-CranePull -Engine $layout).Status | Should -BeIn 'Succeeded', 'UpToDate'
    }

    It 'is used as the crane file of a parent folder says' {
        $file = Write-CraneFile $TestDrive @"
containers: {}
registries: { '`${COMPANY_HOST}': { $(& $Yaml) } }
"@
        Set-Content (Join-Path (Split-Path $file) .env) "COMPANY_HOST=$registry"
        Set-Location (New-Item "$(Split-Path $file)/inner" -ItemType Directory)
        (Get-CraneTag $os).Tag | Should -Be '1'
        (Get-CraneImage "${os}:1").Digest | Should -Be $image.Digest
        $to = "$open/company/$(New-Name):1"
        (Copy-CraneImage -Source "${os}:1" -Destination $to).Status | Should -Be 'Succeeded'
        ([pscustomobject]@{ Source = "${os}:1"; Target = $to } | Copy-CraneImage).Status | Should -Be 'UpToDate'
        (Invoke-CranePull -Source "${os}:1" -Target company/os:2 -Engine $layout).Status | Should -Be 'Succeeded'
        (Invoke-CranePush -Source company/os:2 -Target "$registry/company/$(New-Name):1" -Engine $layout).Status | Should -Be 'Succeeded'
        # A tag takes it along to a place without that file.
        $tag = Get-CraneTag $os
        Set-Location $empty
        ($tag | Get-CraneImage).Digest | Should -Be $image.Digest
        Use-Environment @{ CRANE_CONFIG = $file } { (Get-CraneTag $os).Tag | Should -Be '1' }
    }
}

Describe 'Settings of named registries' {
    BeforeAll {
        $registry = $addresses.Private
        $os = "$registry/company/os"
        function Set-CraneFile([string] $Yaml) { Set-Location (Split-Path (Write-CraneFile $TestDrive $Yaml)) }
    }

    BeforeEach { Set-Location $empty }

    It 'are those of the parameters where the crane file that is found says something else' {
        Set-CraneFile "containers: {}`nregistries: { '$registry': { ca: none.crt } }"
        { Get-CraneTag $os -ErrorAction Stop } | Should -Throw '*none.crt*' -ErrorId 'CertificateInvalid,*'
        (Get-CraneTag $os -CertificateAuthority $authority).Tag | Should -Be '1'
        (Get-CraneTag $os -Insecure).RegistrySetting.Insecure | Should -BeTrue
    }

    It 'are one for each registry: <What> that say something else are an error, and the others go on' -ForEach @(
        @{ What = 'tags'; Named = { Get-CraneTag $os -Insecure }; Cmdlet = 'Get-CraneImage'; Others = { "$open/company/os:1" } }
        @{
            What = 'plans'; Cmdlet = 'Copy-CraneImage'
            Named = { [pscustomobject]@{ Source = "${os}:1"; Target = "$open/a:1"; RegistrySetting = @{ RegistryHost = $registry; Insecure = $true } } }
            Others = { [pscustomobject]@{ Source = "$open/company/os:1"; Target = "$open/b:1" } }
        }
    ) {
        $null = Copy-CraneImage -Source "${os}:1" -Target "$open/company/os:1" -Insecure
        $found = (& $Named), (& $Others) | & $Cmdlet -CertificateAuthority $authority -ErrorVariable errors -ErrorAction SilentlyContinue
        $found | Should -HaveCount 1
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'SettingConflict,*'
        "$($errors[0])" | Should -Match ([regex]::Escape($registry))
    }

    It 'are not those of the crane file that is found for containers of another one' {
        $other = Write-CraneFile $TestDrive "containers: { os: { image: 'company/os:1', pull: { registry: '$registry' } } }"
        Set-CraneFile "containers: {}`nregistries: { '$registry': { insecure: true } }"
        { Get-CraneContainer -Path $other | Get-CraneImage -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*'
        (Get-CraneContainer -Path $other | Get-CraneImage -Insecure).Digest | Should -Be $image.Digest
    }

    It 'can be missing: a crane file <What> is a warning, and the registry is used without it' -ForEach @(
        @{ What = 'that is not valid'; Yaml = 'containers: { os: { imag: company/os } }'; Warning = '*imag*' }
        @{ What = 'with an unset variable'; Yaml = "containers: {}`nregistries: { '`${NOT_SET_ANYWHERE}': { insecure: true } }"; Warning = '*NOT_SET_ANYWHERE*' }
    ) {
        Set-CraneFile $Yaml
        $tags = Get-CraneTag $os, $os -Insecure -WarningVariable warnings -WarningAction SilentlyContinue
        $tags | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike $Warning
        $warnings | Should -Match 'crane\.yaml:\d+:\d+'
    }

    It 'warn where CRANE_CONFIG names a file that does not exist' {
        Use-Environment @{ CRANE_CONFIG = "$TestDrive/none.yaml" } {
            $null = Get-CraneTag $os -Insecure -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -BeLike '*none.yaml*'
        }
    }

    It 'warn that an engine has its own' {
        $pull = @{ Source = "${os}:1"; Target = 'company/os:1'; Engine = 'tcp://127.0.0.1:1'; ErrorAction = 'SilentlyContinue' }
        $null = Invoke-CranePull @pull -Insecure -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*engine*-Insecure*'
        $null = Invoke-CranePull @pull -WarningVariable without -WarningAction SilentlyContinue
        $without | Should -BeNullOrEmpty
    }
}
