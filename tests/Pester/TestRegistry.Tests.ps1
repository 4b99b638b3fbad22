BeforeAll {
    Import-Module $PSScriptRoot/../Testbed/Testbed.psm1
    $bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cr:t' -AsPlainText))
    $layers = @{ 'etc/motd' = 'hello' }, @{ 'data/random' = 64KB }
}

Describe 'The registry for machines without a testbed' {
    AfterEach { Stop-TestRegistry }

    It 'stores images and returns them' {
        $registry = Start-TestRegistry
        $image = New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer $layers
        (Invoke-RestMethod "http://$($registry.Address)/v2/_catalog").repositories | Should -Be 'company/os'
        $manifest = Invoke-WebRequest "http://$($registry.Address)/v2/company/os/manifests/1"
        $manifest.Headers['Docker-Content-Digest'] | Should -Be $image.Digest
        (Invoke-RestMethod $registry.Log).path | Should -Contain '/v2/company/os/manifests/1'
    }

    It 'refuses everyone but its user' {
        $registry = Start-TestRegistry -Credential $bob
        { New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer $layers } | Should -Throw '*401*'
        $null = New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer $layers -Credential $bob
        (Invoke-RestMethod $registry.Log)[-1].status | Should -Be 201
    }

    It 'requires tokens of its own service' {
        $registry = Start-TestRegistry -Credential $bob -Token
        $refused = Invoke-WebRequest "http://$($registry.Address)/v2/" -SkipHttpErrorCheck
        "$($refused.Headers['WWW-Authenticate'])" | Should -BeLike 'Bearer realm="http://127.0.0.1:*/token",service=*'
    }

    It 'keeps its content on request' {
        $root = "$TestDrive/registry"
        $registry = Start-TestRegistry -Root $root
        $null = New-TestRegistryImage "$($registry.Address)/company/os:1" -Layer $layers
        $registry | Stop-TestRegistry
        $again = Start-TestRegistry -Root $root
        (Invoke-RestMethod "http://$($again.Address)/v2/company/os/tags/list").tags | Should -Be '1'
    }

    It 'ends when the process that started it is killed' {
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]@('-NoProfile', '-Command',
                "Import-Module '$PSScriptRoot/../Testbed/Testbed.psm1'; (Start-TestRegistry).Address; `$null = [Console]::In.ReadLine()"))
        $start.RedirectStandardOutput = $start.RedirectStandardInput = $true
        $owner = [Diagnostics.Process]::Start($start)
        $address = $owner.StandardOutput.ReadLine()
        Invoke-RestMethod "http://$address/v2/"

        $owner.Kill($false)

        $until = [datetime]::UtcNow.AddSeconds(30)
        do { $isGone = -not (Test-Connection 127.0.0.1 -TcpPort ($address -split ':')[1]) }
        until ($isGone -or [datetime]::UtcNow -gt $until)
        $isGone | Should -BeTrue
    }
}
