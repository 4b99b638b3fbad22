# Commands before and after a build, from the hooks section of a crane file.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.InvokeCraneBuildCommand'

    # Two images with hooks, the second FROM the first; next to the crane file, because hooks run there.
    function New-HookedStack([string] $Name, [string] $Hooks) {
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$Name-os, build: . }
  service: { image: company/$Name-service, build: { context: ., file: Dockerfile.service } }
hooks:
$($Hooks -replace '(?m)^', '  ')
"@
        $folder = Split-Path $file
        Set-Content $folder/mark 'as it was'
        Set-Content $folder/Dockerfile "FROM scratch`nCOPY mark /mark"
        Set-Content $folder/Dockerfile.service "FROM company/$Name-os`nCOPY crane.yaml /"
        $file
    }

    function Get-Mark([string] $Path) { Get-Content (Join-Path (Split-Path $Path) mark) }
}

Describe 'Hooks of a build' -Skip:$missing {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines.overlay2 }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach { $name = New-Name }

    It 'run before and after it, with their output in the verbose stream' {
        $file = New-HookedStack $name @'
os:
  pre-build: sh -c 'echo made for $CRANE_HOOKED_CONTAINER > mark; cat mark'
  post-build: sh -c 'echo said >&2; mv mark done'
'@
        $all = Invoke-CraneBuild os -Path $file -Verbose 4>&1
        $all[-1].Status | Should -Be 'Succeeded'
        $verbose = $all.Where{ $_ -is [Management.Automation.VerboseRecord] }.Message
        $order = 'os: made for os', 'os: Step 2/3 : COPY mark /mark', 'os: said' | ForEach-Object { $verbose.IndexOf($_) }
        $order | Should -Be ($order | Sort-Object)
        $order | Should -Not -Contain (-1)
        Join-Path (Split-Path $file) done | Should -FileContentMatch 'made for os'
    }

    It 'prevent the build of the image, and of images based on it, if pre-build fails' {
        $file = New-HookedStack $name "os: { pre-build: sh -c 'echo no licence; exit 3' }"
        $results = Invoke-CraneBuild -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed', 'Failed'
        $results[1].Error | Should -Match "Not built, since company/$name-os"
        $errors.FullyQualifiedErrorId | Should -Be "HookFailed,$id"
        $errors[0].TargetObject.Container | Should -Be 'os'
        $errors[0].Exception.Message | Should -Match 'exit code 3(.|\n)*no licence'
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-LocalId overlay2 "company/$name-os" | Should -BeNullOrEmpty
    }

    It 'fail the build if post-build fails, although the image exists' {
        $file = New-HookedStack $name 'os: { post-build: "false" }'
        $results = Invoke-CraneBuild os -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Failed'
        $errors[0].Exception.Message | Should -Match "'company/$name-os' is built all the same"
        Get-LocalId overlay2 "company/$name-os" | Should -Not -BeNullOrEmpty
    }

    It 'may generate the Dockerfile' {
        $file = New-HookedStack $name "os: { pre-build: sh -c 'mv Dockerfile.os Dockerfile' }"
        $folder = Split-Path $file
        Rename-Item $folder/Dockerfile Dockerfile.os
        (Invoke-CraneBuild os -Path $file).Status | Should -Be 'Succeeded'
    }

    It 'of a group are those of its containers, unless a container has its own' {
        $file = New-HookedStack $name @'
all: { pre-build: sh -c 'echo $CRANE_HOOKED_CONTAINER >> mark' }
service: { pre-build: sh -c 'echo own >> mark' }
'@
        Add-Content $file 'groups: { all: [os, service] }'
        (Invoke-CraneBuild -Path $file).Status | Should -Be 'Succeeded', 'Succeeded'
        Get-Mark $file | Should -Be 'as it was', 'os', 'own'
    }

    It 'are an error if two groups have different ones, and the rest is built' {
        $file = New-HookedStack $name "one: { pre-build: make }`ntwo: { pre-build: make all }"
        Add-Content $file "groups: { one: [os, service], two: [service] }"
        $results = Invoke-CraneBuild -Path $file -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'os'
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].Exception.Message | Should -Match 'hooks\.two\.pre-build.*hooks\.one\.pre-build'
    }

    It 'with shell syntax are errors before anything is built' {
        $file = New-HookedStack $name 'service: { pre-build: make > mark }'
        $results = Invoke-CraneBuild -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Container | Should -Be 'os'
        $errors.FullyQualifiedErrorId | Should -Be "InvalidValue,$id"
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'sh -c'
        Get-Mark $file | Should -Be 'as it was'
    }

    It 'do not run with -WhatIf, or if -Changed finds nothing to do' {
        $file = New-HookedStack $name "os: { post-build: sh -c 'echo run >> ran' }"
        $ran = Join-Path (Split-Path $file) ran
        Set-Content (Join-Path (Split-Path $file) .dockerignore) 'ran'
        $null = Invoke-CraneBuild os -Path $file -WhatIf
        $ran | Should -Not -Exist
        (Invoke-CraneBuild os -Path $file -Changed).Status | Should -Be 'Succeeded'
        (Invoke-CraneBuild os -Path $file -Changed -WarningAction SilentlyContinue).Status | Should -Be 'Skipped'
        Get-Content $ran | Should -Be 'run'
    }

    It 'of pre-build run with -Changed, because their output may have changed' {
        $file = New-HookedStack $name "os: { pre-build: sh -c 'cp mark made' }"
        $null = Invoke-CraneBuild os -Path $file
        $result = Invoke-CraneBuild os -Path $file -Changed
        $result.Status | Should -Be 'Succeeded'
        $result.Reason | Should -Match 'pre-build hook'
    }

    It 'are part of a plan after <how>' -ForEach @(
        @{ How = 'nothing at all'; Way = { $input } }
        @{ How = 'JSON'; Way = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ How = 'CSV'; Way = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'CliXml'; Way = { $input | Export-Clixml $TestDrive/plan.xml; Import-Clixml $TestDrive/plan.xml } }
    ) {
        $file = New-HookedStack $name "os: { pre-build: sh -c 'echo run; echo twice' }"
        $plans = Get-CraneRetagPlan Build os -Path $file | & $way
        $verbose = $plans | Invoke-CraneBuild -Verbose 4>&1
        $verbose.Where{ $_ -is [Management.Automation.VerboseRecord] }.Message | Should -Contain 'os: twice'
    }

    It 'end with the run, including the processes that they started' {
        $file = New-HookedStack $name "os: { pre-build: sh -c '(sleep 600 & echo `$! > pid); echo begun > mark; sleep 600' }"
        $session = Start-Session { param($file) Invoke-CraneBuild os -Path $file } @{ file = $file }
        Wait-Until { (Get-Mark $file) -eq 'begun' }
        $left = Get-Process -Id (Get-Content (Join-Path (Split-Path $file) pid))
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed | Should -BeLessThan ([timespan]'0:0:2')   # a second, and the rest for a busy machine
        Wait-Until { $left.HasExited }
        Get-LocalId overlay2 "company/$name-os" | Should -BeNullOrEmpty
    }
}
