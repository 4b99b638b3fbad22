# An unexpected exception for one of many objects is an error for that one; the others continue. Downstream exceptions pass.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    Add-Type -Path $PSScriptRoot/Setup/OddRegistry.cs
    $registry = [OddRegistry]::new()
    $file = Write-CraneFile $TestDrive "containers: { a: { image: a }, b: { image: b } }"

    function New-Plan([string] $name) { [pscustomobject]@{ Container = $name; Source = $name; Target = "r.co/$name" } }

    # A property that throws when it is read, as another module's may.
    $odd = [pscustomobject]@{ Container = 'odd'; Source = 'odd' } |
        Add-Member -PassThru ScriptProperty Target { throw [UriFormatException]'The hostname could not be parsed.' }
}

AfterAll { $registry.Dispose() }

Describe 'An unexpected exception' {
    It 'is an error about one of the objects that are piped to <_>' -ForEach 'Invoke-CranePush', 'Copy-CraneImage' {
        $results = (New-Plan a), $odd, (New-Plan b) | & $_ -WhatIf -ErrorAction SilentlyContinue -ErrorVariable errors
        $results.Container | Should -Be 'a', 'b'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'Unexpected,Crane.Commands.*'
        $errors[0].TargetObject.Container | Should -Be 'odd'
        $errors[0].Exception | Should -BeOfType Crane.CraneException
        $errors[0].ErrorDetails.Message | Should -Match 'hostname could not be parsed'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'report'
        "$($errors[0] | Out-String)" | Should -Not -Match '   at '
    }

    It 'is an error about one of the containers that are piped to Get-CraneRetagPlan' {
        $containers = @(Get-CraneContainer -Path $file)
        $odd = $containers[0] | Select-Object * -ExcludeProperty Image | Add-Member -PassThru ScriptProperty Image { throw 'odd' }
        $plans = $odd, $containers[1] | Get-CraneRetagPlan Pull -ErrorAction SilentlyContinue -ErrorVariable errors
        $plans.Container | Should -Be 'b'
        $errors.FullyQualifiedErrorId | Should -Be 'Unexpected,Crane.Commands.GetCraneRetagPlanCommand'
    }

    It 'is an error about one of the tags of a repository, and all others are listed' {
        $tags = Get-CraneTag "$($registry.Address)/odd", "$($registry.Address)/fine" -ErrorAction SilentlyContinue -ErrorVariable errors
        $tags.Tag | Should -Be '1', '2', '3'
        $errors | Should -HaveCount 1
        $errors[0].TargetObject | Should -Be "$($registry.Address)/odd"
        "$($errors[0])" | Should -Match ([regex]::Escape('\u001B[31m'))
    }

    It 'is handled by every cmdlet: <Name>' -ForEach (Get-Command -Module Crane -CommandType Cmdlet) {
        $own = $_.ImplementingType
        foreach ($method in 'BeginProcessing', 'ProcessRecord', 'EndProcessing') {
            $own.GetMethod($method, [Reflection.BindingFlags]'Instance, NonPublic').DeclaringType.FullName | Should -Be 'Crane.Commands.Base.CraneCommand'
        }
    }
}

Describe 'A downstream exception' {
    It 'is not an error of Crane' {
        { Get-CraneContainer -Path $file | ForEach-Object { throw 'mine' } } | Should -Throw 'mine'
        { Get-CraneTag "$($registry.Address)/fine" | ForEach-Object { throw 'mine' } } | Should -Throw 'mine'
        $seen = foreach ($once in 1) { Get-CraneContainer -Path $file | ForEach-Object { $_.Name; break } }
        $seen | Should -Be 'a'
        (Get-CraneContainer -Path $file | Select-Object -First 1).Name | Should -Be 'a'
        { Get-CraneTag "$($registry.Address)/none" -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }
}

Describe 'Work that is faster than downstream' {
    It 'waits' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $taken = Get-CraneTag "$($registry.Address)/endless" | ForEach-Object {
            # Wait until it stops; without a limit it would never stop.
            do { $before = $registry.Pages; Start-Sleep -Milliseconds 300 } until ($registry.Pages -eq $before -or $watch.Elapsed.TotalSeconds -gt 60)
            $_
        } | Select-Object -First 2
        $taken.Tag | Should -Be '1.0', '1.1'
        $registry.Pages | Should -BeLessThan 5
    }

    It 'does not wait for itself' {
        Add-Type -TypeDefinition '
            using System; using System.Reflection; using System.Threading; using System.Threading.Tasks;
            public static class OwnThread
            {
                // Work has something written that has 3,000 further things written, on the thread that writes.
                public static int Run(Type type)
                {
                    var pump = Activator.CreateInstance(type, CancellationToken.None);
                    var post = type.GetMethod("Post").CreateDelegate<Action<Action>>(pump);
                    var written = 0;
                    var last = new TaskCompletionSource();
                    Func<CancellationToken, Task> work = async _ =>
                    {
                        post(() =>
                        {
                            for (var i = 0; i < 3000; i++)
                                post(() => written++);
                            post(last.SetResult);
                        });
                        await last.Task;
                    };
                    type.GetMethod("Run").Invoke(pump, new object[] { work });
                    return written;
                }
            }'
        [OwnThread]::Run((Get-Command Get-CraneTag).ImplementingType.Assembly.GetType('Crane.Running.PipelinePump')) | Should -Be 3000
    }
}
