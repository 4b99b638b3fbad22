# One run on several engines.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'A run on several engines' -Skip:$missing {
    BeforeAll {
        $overlay2, $containerd = $testbed.Engines.overlay2, $testbed.Engines.containerd
        $absent = 'unix:///absent/docker.sock'
    }

    BeforeEach {
        $first, $second = (New-Name), (New-Name)
        $digests = $first, $second | ForEach-Object { Publish-Image "$official/$_" }
        $plans = $first, $second | ForEach-Object { [pscustomobject]@{ Source = "$official/$_"; Target = $_ } }
        $layout = "oci:$TestDrive/$(New-Name)"
    }

    It 'pulls on each, and the results of a plan come together' {
        $results = $plans | Invoke-CranePull -Engine $overlay2, $containerd, $layout
        $results.Target | Should -Be $first, $first, $first, $second, $second, $second
        $results.Engine | Should -Be $overlay2, $containerd, $layout, $overlay2, $containerd, $layout
        $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
        $results.Digest | Should -Be (@($digests[0]) * 3 + @($digests[1]) * 3)
        Get-LocalId overlay2 $second | Should -Not -BeNullOrEmpty
        Get-LocalId containerd $second | Should -Not -BeNullOrEmpty
        (Get-CraneImage $second -Engine $layout).Digest | Should -Be $digests[1]
    }

    It 'takes an engine once that is given twice' {
        ($plans | Invoke-CranePull -Engine $overlay2, $overlay2).Target | Should -Be $first, $second
    }

    It 'takes the engines in CRANE_ENGINE' {
        Use-Environment @{ CRANE_ENGINE = "$overlay2; $layout" } {
            ($plans[0] | Invoke-CranePull).Engine | Should -Be $overlay2, $layout
        }
        Use-Environment @{ CRANE_ENGINE = "$absent;$layout" } {
            $null = $plans[0] | Invoke-CranePull -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors[0].Exception.Message | Should -Match 'from CRANE_ENGINE'
            Get-CraneImage $first -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $errors[0].FullyQualifiedErrorId | Should -Match '^InvalidValue,'
            $errors[0].ErrorDetails.RecommendedAction | Should -Match '-Engine'
        }
    }

    It 'fails only on the one that is down, with one error' {
        $results = $plans | Invoke-CranePull -Engine $absent, $containerd -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Engine | Should -Be $absent, $containerd, $absent, $containerd
        $results.Status | Should -Be 'Failed', 'Succeeded', 'Failed', 'Succeeded'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -Be 'EngineUnreachable,Crane.Commands.InvokeCranePullCommand'
    }

    It 'asks once for each plan, names the engines, and says what would happen on each' {
        $script = "'$first', '$second' | ForEach-Object { [pscustomobject]@{ Source = `"$official/`$_`"; Target = `$_ } } | " +
            "Invoke-CranePull -Engine $overlay2, $containerd -WhatIf | ForEach-Object { `$_.Status }"
        $lines = (Invoke-Shell $script).Output.Trim() -split '\r?\n'
        @($lines -match '^What if:') | Should -HaveCount 2
        @($lines -match 'Planned') | Should -HaveCount 4
        $lines[0] | Should -BeLike "*from $official/$first (*B) on $overlay2, $containerd*"
        Get-LocalId overlay2 $first | Should -BeNullOrEmpty
    }

    It 'pushes from one after the other' {
        $null = $plans | Invoke-CranePull -Engine $overlay2, $layout
        $results = $first, $second | ForEach-Object { [pscustomobject]@{ Source = $_; Target = "$official/$_-copy" } } |
            Invoke-CranePush -Engine $overlay2, $layout
        $results.Engine | Should -Be $overlay2, $overlay2, $layout, $layout
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'UpToDate', 'UpToDate'
        Get-RemoteDigest "$official/$second-copy" | Should -Be $digests[1]
    }

    It 'builds on one after the other' {
        $null = 'overlay2', 'containerd' | ForEach-Object { New-TestbedImage busybox:stable -Store $_ }
        $name = New-Name
        $file = Write-CraneFile $TestDrive "containers: { c: { image: company/$name, build: . } }"
        Set-Content (Join-Path (Split-Path $file) Dockerfile) 'FROM busybox:stable', 'COPY crane.yaml /'
        $engines = $overlay2, $absent, $containerd
        $results = Invoke-CraneBuild -Path $file -Changed -Engine $engines -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Engine | Should -Be $engines
        $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
        $errors | Should -HaveCount 1
        (Invoke-CraneProvision -Path $file -Engine $overlay2, $containerd).Status | Should -Be 'Succeeded', 'Succeeded'
        (Invoke-CraneBuild -Path $file -Engine $overlay2, $containerd -WhatIf).Status | Should -Be 'Planned'
        Get-LocalId containerd "company/$name" | Should -Not -BeNullOrEmpty
    }
}
