# Invalid input is an error before anything moves, and the others continue.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll { $id = 'Crane.Commands.InvokeCranePullCommand' }

Describe 'Invoke-CranePull moves nothing for' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach {
        $name = New-Name
        $null = Publish-Image "$official/$name"
        $good = [pscustomobject]@{ Container = 'good'; Source = "$official/$name"; Target = "$name-good" }
    }

    It '<what>, and moves the rest' -ForEach @(
        @{ What = 'a target that is not an image name'; Error = 'InvalidImageName'; Bad = @{ Target = 'Company/X' } }
        @{ What = 'a source that is not an image name'; Error = 'InvalidImageName'; Bad = @{ Source = 'r.example/a b' } }
        @{ What = 'an empty target'; Error = 'InvalidImageName'; Bad = @{ Target = '' } }
        @{ What = 'a target without a tag for its digest'; Error = 'DigestWithoutTag'; Bad = @{ Target = "x@sha256:$('0' * 64)" } }
        @{ What = 'a plan of another operation'; Error = 'OperationMismatch'; Bad = @{ Operation = 'Push' } }
        @{ What = 'an unknown operation'; Error = 'InvalidValue'; Bad = @{ Operation = 'Steal' } }
        @{ What = 'an unknown status'; Error = 'InvalidValue'; Bad = @{ Status = 'Whatever' } }
        @{ What = 'two operations in one'; Error = 'InvalidValue'; Bad = @{ Operation = 'Pull, Pull' } }
        @{ What = 'two sources in one'; Error = 'InvalidValue'; Bad = @{ Source = 'r.example/a', 'r.example/b' } }
        @{ What = 'a property that is nearly Status'; Error = 'UnknownKey'; Bad = @{ Staus = 'Skipped' } }
        @{ What = 'a property that is nearly Operation'; Error = 'UnknownKey'; Bad = @{ Operaton = 'Push' } }
        @{ What = 'a property that is nearly RegistrySetting'; Error = 'UnknownKey'; Bad = @{ RegistrySettings = $null } }
        @{ What = 'a registry setting that is null'; Error = 'InvalidValue'; Bad = @{ RegistrySetting = @($null) } }
        @{ What = 'a registry setting that is a number'; Error = 'InvalidValue'; Bad = @{ RegistrySetting = 5 } }
        @{ What = 'a registry setting without a registry'; Error = 'InvalidValue'; Bad = @{ RegistrySetting = @{ Insecure = $true } } }
        @{ What = 'a registry setting with an unknown key'; Error = 'UnknownKey'; Bad = @{ RegistrySetting = @{ RegistryHost = 'r.example'; Insecur = $true } } }
        @{ What = 'a registry setting that is neither true nor false'; Error = 'InvalidValue'; Bad = @{ RegistrySetting = @{ RegistryHost = 'r.example'; Insecure = 'maybe' } } }
        @{ What = 'hooks with an unknown key'; Error = 'UnknownKey'; Bad = @{ Hook = @{ PreBuidl = 'make' } } }
    ) {
        $plan = [ordered]@{ Container = 'bad'; Source = "$official/$name"; Target = "$name-bad" }
        foreach ($key in $bad.Keys) { $plan[$key] = $bad[$key] }
        $results = [pscustomobject]$plan, $good | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $results.Container | Should -Be 'good'
        $results.Status | Should -Be 'Succeeded'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be "$error,$id"
        $errors[0].TargetObject.Container | Should -Be 'bad'
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-LocalId overlay2 "$name-bad" | Should -BeNullOrEmpty
    }

    It 'an object that is neither a plan nor a container' {
        $results = 5, $good | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'good'
        $errors[0].FullyQualifiedErrorId | Should -Be "UnknownObject,$id"
        $errors[0].TargetObject | Should -Be 5
    }

    It 'a plan without <missing>, and names it' -ForEach @(
        @{ Missing = 'Source'; Error = 'UnknownObject'; Bad = @{ Target = 'x' } }
        @{ Missing = 'Target'; Error = 'UnknownObject'; Bad = @{ Source = 'r.example/x' } }
        @{ Missing = 'Source'; Error = 'UnknownKey'; Bad = @{ Soruce = 'r.example/x'; Target = 'x' } }
        @{ Missing = 'Target'; Error = 'UnknownKey'; Bad = @{ Source = 'r.example/x'; Traget = 'x' } }
    ) {
        $results = [pscustomobject]$bad, $good | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'good'
        $errors[0].FullyQualifiedErrorId | Should -Be "$error,$id"
        $errors[0].Exception.Message | Should -Match $missing
    }

    It 'a plan that is piped to parameters for a single image' {
        $skipped = [pscustomobject]@{ Source = "$official/$name"; Target = "$name-skipped"; Status = 'Skipped' }
        $skipped | Invoke-CranePull -Container other -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        Get-LocalId overlay2 "$name-skipped" | Should -BeNullOrEmpty
    }

    It 'nothing because of unrelated properties' {
        $own = [pscustomobject]@{ Source = "$official/$name"; Target = "$name-own"; Date = 'today'; Size = 3; Note = 'x'; RunspaceId = 1; PSComputerName = 'x' }
        ($own | Invoke-CranePull).Status | Should -Be 'Succeeded'
    }

    It 'two plans with one target' {
        $null = Publish-Image "$official/$name-other"
        $rivals = "$official/$name", "$official/$name-other" | ForEach-Object { [pscustomobject]@{ Source = $_; Target = "$name-both" } }
        $results = $rivals + $good | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'good'
        $errors.FullyQualifiedErrorId | Should -Be "TargetConflict,$id", "TargetConflict,$id"
        Get-LocalId overlay2 "$name-both" | Should -BeNullOrEmpty
    }

    It 'anything after an error with -ErrorAction Stop' {
        $bad = [pscustomobject]@{ Source = "$official/$name"; Target = 'Company/X' }
        { $good, $bad | Invoke-CranePull -ErrorAction Stop } | Should -Throw -ErrorId "InvalidImageName,$id"
        Get-LocalId overlay2 "$name-good" | Should -BeNullOrEmpty
    }

    It 'plans after a failed one with -ErrorAction Stop' {
        $absent = [pscustomobject]@{ Source = "$official/$name-absent"; Target = "$name-absent" }
        { $absent, $good | Invoke-CranePull -ErrorAction Stop -ThrottleLimit 1 } | Should -Throw -ErrorId "ImageNotFound,$id"
        Get-LocalId overlay2 "$name-good" | Should -BeNullOrEmpty
    }

    It 'an invalid limit' {
        { $good | Invoke-CranePull -ThrottleLimit 0 } | Should -Throw -ErrorId "ParameterArgumentValidationError,$id"
    }

    It 'one credential for two registries' {
        $other = [pscustomobject]@{ Source = "$($testbed.Personal)/bob/x"; Target = "$name-x" }
        { $good, $other | Invoke-CranePull -Credential $testbed.PersonalCredential -ErrorAction Stop } | Should -Throw -ErrorId "InvalidValue,$id"
        Get-LocalId overlay2 "$name-good" | Should -BeNullOrEmpty
    }

    It 'a registry that cannot be reached, after retries' {
        $closed = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $closed.Start()
        $address = "$($closed.LocalEndpoint)"
        $closed.Stop()
        $all = Invoke-CranePull -Source "$address/x" -Target "$name-x" -Verbose -ErrorVariable errors -ErrorAction SilentlyContinue 4>&1
        $errors[0].FullyQualifiedErrorId | Should -Be "RegistryUnreachable,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $errors[0].Exception.Message | Should -Match ([regex]::Escape($address))
        $all -match 'retrying' | Should -Not -BeNullOrEmpty
    }
}
