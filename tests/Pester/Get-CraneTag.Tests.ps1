Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.GetCraneTagCommand'
    $registry = Start-TestRegistry
    $repository = "$($registry.Address)/company/os"
    foreach ($tag in '1.0', '1.1', '2.0', 'Latest') { $null = New-TestRegistryImage "${repository}:$tag" -Layer @{ 'etc/tag' = 'all the same' } }
}

AfterAll { Stop-TestRegistry }

Describe 'Get-CraneTag' {
    It 'lists the tags of a repository, whatever tag the name has' {
        $tags = Get-CraneTag "${repository}:1.0"
        $tags | Should -BeOfType Crane.CraneTag
        $tags.Tag | Sort-Object | Should -Be '1.0', '1.1', '2.0', 'Latest'
        $tags.Repository | Sort-Object -Unique | Should -Be $repository
        ($tags | Where-Object Tag -EQ '2.0').Reference | Should -Be "${repository}:2.0"
    }

    It 'accepts wildcards, and is case-sensitive' {
        (Get-CraneTag $repository '1.*', '2.0').Tag | Should -Be '1.0', '1.1', '2.0'
        Get-CraneTag $repository latest | Should -BeNullOrEmpty
    }

    It 'accepts containers and names from the pipeline' {
        $file = Write-CraneFile $TestDrive "containers: { os: { image: company/os, pull: { registry: $($registry.Address) } } }"
        (Get-CraneContainer -Path $file | Get-CraneTag).Tag | Should -HaveCount 4
        ($repository | Get-CraneTag -Name '2.0').Tag | Should -Be '2.0'
        ([pscustomobject]@{ Name = $repository } | Get-CraneTag -Name '2.0').Tag | Should -Be '2.0'
    }

    It 'lists the others if a repository is missing' {
        $tags = Get-CraneTag "$($registry.Address)/company/none", $repository -ErrorVariable errors -ErrorAction SilentlyContinue
        $tags | Should -HaveCount 4
        $errors.FullyQualifiedErrorId | Should -Be "ImageNotFound,$id"
        $errors[0].TargetObject | Should -Be "$($registry.Address)/company/none"
    }

    It 'ends with Select-Object -First, and asks for no further repositories' {
        (Get-CraneTag $repository | Select-Object -First 1).Tag | Should -Be '1.0'
        $others = 1..100 | ForEach-Object { "$($registry.Address)/company/none-$_" }   # a busy machine may ask for some meanwhile
        ($repository, $others | Write-Output | Get-CraneTag | Select-Object -First 1).Tag | Should -Be '1.0'
        (Invoke-RestMethod $registry.Log).path -like '*/none-100/*' | Should -BeNullOrEmpty
    }

    It 'emits tags while repositories still arrive' {
        $taken = [Collections.Generic.List[int]]::new()
        1..100 | ForEach-Object { $taken.Add($_); Start-Sleep -Milliseconds 50; $repository } | Get-CraneTag | Select-Object -First 1 |
            Should -BeOfType Crane.CraneTag
        $taken.Count | Should -BeLessThan 100
    }

    It 'refuses an invalid pattern' {
        { Get-CraneTag $repository -Name '[a' } | Should -Throw -ErrorId "InvalidValue,$id" -ExpectedMessage "*-Name '``[a'*"
    }
}
