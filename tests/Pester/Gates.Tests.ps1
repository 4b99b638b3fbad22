# A pre-tag hook decides whether an image that has arrived gets its name.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $registry = Start-TestRegistry
    $mine = Start-TestRegistry

    # A container with a gate; the gate's command runs in the folder of the file, without a shell.
    function New-GatedFile([string] $Name, [string] $Gate) {
        Write-CraneFile $TestDrive @"
containers:
  one:
    image: company/${Name}:1
    pull: { registry: $($registry.Address) }
    push: { registry: $($mine.Address) }
hooks:
  one: { pre-tag: "$Gate" }
"@
    }

    function Publish-Version([string] $Name) { (New-TestRegistryImage $Name -Layer @{ 'etc/mark' = New-Name }).Digest }
}

AfterAll { Stop-TestRegistry }

Describe 'A gate with <kind>' -ForEach @(
    @{ Kind = 'the overlay2 store' }
    @{ Kind = 'the containerd store' }
    @{ Kind = 'a layout' }
) {
    BeforeAll {
        $isLayout = $kind -eq 'a layout'
        $skipped = -not $isLayout -and -not $testbed
    }

    BeforeEach {
        if ($skipped) { Set-ItResult -Skipped -Because 'there is no engine' }
        $name = New-Name
        $engine = $isLayout ? "oci:$TestDrive/$name" : $testbed.Engines[($kind -split ' ')[1]]
        $official, $personal = "$($registry.Address)/company/${name}:1", "$($mine.Address)/company/${name}:1"
        $digest = Publish-Version $official
    }

    It 'is asked about the image by its digest, before it has its name' {
        $file = New-GatedFile $name "sh -c 'echo `$CRANE_OPERATION `$CRANE_IMAGE `$CRANE_PLATFORM `$CRANE_HOOKED_CONTAINER > asked'"
        (Invoke-CranePull -Path $file -Engine $engine).Status | Should -Be 'Succeeded'
        $asked = (Get-Content "$(Split-Path $file)/asked") -split ' '
        $asked[0] | Should -Be 'Pull'
        $asked[1] | Should -Be "$($registry.Address)/company/$name@$digest"
        $asked[-1] | Should -Be 'one'

        Remove-Item "$(Split-Path $file)/asked"
        (Invoke-CranePull -Path $file -Engine $engine).Status | Should -Be 'UpToDate'
        "$(Split-Path $file)/asked" | Should -Not -Exist -Because 'nothing gets a name'
    }

    It 'keeps the name of a pull, and of a push, when it fails' {
        $file = New-GatedFile $name 'true'
        $null = Invoke-CranePull -Path $file -Engine $engine
        $null = Invoke-CranePush -Path $file -Engine $engine
        $null = Publish-Version $official
        Set-Content $file ((Get-Content $file -Raw) -replace 'pre-tag: "true"', "pre-tag: `"sh -c 'echo 12 vulnerabilities; exit 1'`"")

        $results = Invoke-CranePull -Path $file -Engine $engine -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'GateFailed,Crane.Commands.InvokeCranePullCommand'
        $errors[0].Exception.Message | Should -Match 'exit code 1(.|\n)*12 vulnerabilities'
        (Get-CraneStatus -Path $file -Engine $engine).Pull | Should -Be 'Behind'

        $null = Invoke-CranePull -Source $official -Target "company/${name}:1" -Engine $engine
        $there = (Get-CraneImage $personal).Digest
        Invoke-CranePush -Path $file -Engine $engine -ErrorVariable errors -ErrorAction SilentlyContinue | ForEach-Object Status |
            Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -Be 'GateFailed,Crane.Commands.InvokeCranePushCommand'
        (Get-CraneImage $personal).Digest | Should -Be $there
    }
}

Describe 'A gate of a copy' {
    BeforeAll {
        # Two containers, of which only the second has a gate.
        function New-PairFile([string] $Name, [string] $Gate) {
            $directives = "pull: { registry: $($registry.Address) }, push: { registry: $($mine.Address) }"
            Write-CraneFile $TestDrive @"
containers:
  good: { image: 'company/${Name}-good:1', $directives }
  bad: { image: 'company/${Name}-bad:1', $directives }
hooks:
  bad: { pre-tag: "$Gate" }
"@
        }
    }

    It 'keeps the target when it fails, and all targets of an atomic run' {
        $name = New-Name
        $file = New-PairFile $name 'false'
        $null = Publish-Version "$($registry.Address)/company/${name}-good:1"
        $null = Publish-Version "$($registry.Address)/company/${name}-bad:1"
        $results = Copy-CraneImage -Path $file -Atomic -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Canceled', 'Failed'
        $results[0].Reason | Should -Be "stack kept as it was: 'bad' failed"
        $errors.FullyQualifiedErrorId | Should -Be 'GateFailed,Crane.Commands.CopyCraneImageCommand'
        Get-CraneTag "$($mine.Address)/company/${name}-good" | Should -BeNullOrEmpty

        (Copy-CraneImage -Path $file -ErrorAction SilentlyContinue).Status | Should -Be 'Succeeded', 'Failed'
    }

    It 'that cannot be run is one error of a plan that is resolved; the others go on' {
        $name = New-Name
        $file = New-PairFile $name "sh -c 'open"
        $digest = Publish-Version "$($registry.Address)/company/${name}-good:1"
        $plan = Get-CraneRetagPlan Copy -Path $file -Resolve -ErrorVariable errors -ErrorAction SilentlyContinue
        $plan.Container, $plan.Digest | Should -Be 'good', $digest
        $errors.FullyQualifiedErrorId | Should -Be 'InvalidValue,Crane.Commands.GetCraneRetagPlanCommand'
        $errors[0].TargetObject.Container | Should -Be 'bad'
    }
}
