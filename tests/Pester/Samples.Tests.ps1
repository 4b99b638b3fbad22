BeforeDiscovery {
    Import-Module $PSScriptRoot/../Testbed/Testbed.psm1
    $available = (Test-Testbed).Available
    $running = [bool](Get-Testbed)

    # The fenced examples below one heading of README.md, each with its sentence.
    $readme = "$PSScriptRoot/../../README.md"
    $section = (Test-Path $readme) -and (Get-Content $readme -Raw) -match '(?ms)^## Ten ways to compose\s*$(.*?)(^## |\z)' ? $Matches[1] : ''
    $examples = @(
        foreach ($block in [regex]::Matches($section, '(?ms)^([^\n]+):\r?\n\r?\n```powershell\r?\n(.*?)^```')) {
            @{ Sentence = $block.Groups[1].Value; Code = $block.Groups[2].Value.Trim() }
        })
}

BeforeAll {
    Import-Module $PSScriptRoot/../Testbed/Testbed.psm1
    $samples = "$PSScriptRoot/../../samples"
    $testbed = Get-Testbed
    $environment = @(Get-ChildItem Env:)

    function Get-ImageTag { Invoke-TestbedDocker image ls --format '{{.Repository}}:{{.Tag}}' | Where-Object { $_ -notlike '*<none>*' } }

    if ($testbed) {
        $before = @(Get-ImageTag)
        $env:DOCKER_HOST = @($testbed.Engines.Values)[0]
        $env:DOCKER_REGISTRY = $testbed.Official
        $env:PERSONAL_REGISTRY = $testbed.Personal
        $env:USER = $testbed.PersonalCredential.UserName
    }
}

AfterAll {
    if ($testbed) {
        $added = @(Get-ImageTag | Where-Object { $_ -notin $before })
        if ($added) { $null = Invoke-TestbedDocker image rm --force @added }
        $null = Invoke-TestbedDocker image prune --force
    }
    Get-ChildItem Env: | Where-Object Name -NotIn $environment.Name | Remove-Item
    foreach ($one in $environment) { Set-Item "Env:$($one.Name)" $one.Value }
}

Describe 'samples/runbooks/promote.ps1' -Skip:(-not $running) {
    BeforeAll {
        $env:PSModulePath = "$(Split-Path $env:CRANE_TEST_MODULE)$([IO.Path]::PathSeparator)$env:PSModulePath"
        $env:REGISTRY_USER = $testbed.PersonalCredential.UserName
        $plan = "$TestDrive/plan.json"

        function Invoke-Runbook { pwsh -NoProfile -NonInteractive -File $samples/runbooks/promote.ps1 -PlanFile $plan @args 2>&1 }
    }

    BeforeEach {
        Remove-Item $TestDrive/* -Recurse
        $env:REGISTRY_PASSWORD = $testbed.PersonalCredential.GetNetworkCredential().Password
        # A new image for each test, so that the registry has nothing of it yet.
        $null = New-TestbedImage company/os, company/service -Layer @{ 'etc/id' = "$(New-Guid)" }
    }

    It 'writes the plan, and pushes what it says once it is approved' {
        Invoke-Runbook -Path $samples/demo
        $LASTEXITCODE | Should -Be 0
        (Get-Content $plan -Raw | ConvertFrom-Json).Status | Should -Be Planned, Skipped, Planned

        Invoke-Runbook -Approved
        $LASTEXITCODE | Should -Be 0
        $results = Get-Content $TestDrive/plan.results.json -Raw | ConvertFrom-Json
        $results.Status | Should -Be Succeeded, Skipped, Succeeded
        $request = @{
            Uri            = "http://$($testbed.Personal)/v2/bob/service/manifests/latest"
            Headers        = @{ Accept = 'application/vnd.docker.distribution.manifest.v2+json' }
            Credential     = $testbed.PersonalCredential
            Authentication = 'Basic'
        }
        (Invoke-WebRequest @request -AllowUnencryptedAuthentication).Headers['Docker-Content-Digest'] | Should -Be $results[2].Digest
    }

    It 'pushes nothing that the review has removed' {
        Invoke-Runbook -Path $samples/demo
        ConvertTo-Json @(Get-Content $plan -Raw | ConvertFrom-Json | Where-Object Container -EQ os) | Set-Content $plan

        Invoke-Runbook -Approved
        $LASTEXITCODE | Should -Be 0
        (Get-Content $TestDrive/plan.results.json -Raw | ConvertFrom-Json).Container | Should -Be os
    }

    It 'exits with 2 if an image fails, and pushes the others' {
        Invoke-Runbook -Path $samples/demo
        $null = Invoke-TestbedDocker image rm company/service

        "$(Invoke-Runbook -Approved)" | Should -BeLike '*LocalImageNotFound*'
        $LASTEXITCODE | Should -Be 2
        (Get-Content $TestDrive/plan.results.json -Raw | ConvertFrom-Json).Status | Should -Be Succeeded, Skipped, Failed
    }

    It 'exits with 2 if the password is wrong, and does not show it' {
        Invoke-Runbook -Path $samples/demo
        $env:REGISTRY_PASSWORD = 'not the one'

        $said = "$(Invoke-Runbook -Approved)"
        $LASTEXITCODE | Should -Be 2
        $said | Should -BeLike '*RegistryUnauthorized*'
        $said | Should -Not -BeLike '*not the one*'
    }

    It 'exits with 1 and writes no plan if the crane file has an error' {
        $env:PERSONAL_REGISTRY = $null
        try { "$(Invoke-Runbook -Path $samples/demo)" | Should -BeLike '*PERSONAL_REGISTRY*' }
        finally { $env:PERSONAL_REGISTRY = $testbed.Personal }
        $LASTEXITCODE | Should -Be 1
        $plan | Should -Not -Exist
    }
}

Describe 'Get-Help <_>' -ForEach 'build.ps1', 'bench/bench.ps1', 'samples/demo.ps1' {
    It 'shows the help of the script' { (Get-Help $PSScriptRoot/../../$_).Synopsis | Should -Match '\.$' }
}

Describe 'samples/demo.ps1' -Skip:(-not $available) {
    It 'runs to its end' {
        $said = @(pwsh -NoProfile -NonInteractive -File $samples/demo.ps1 -Module $env:CRANE_TEST_MODULE 2>&1)
        $LASTEXITCODE | Should -Be 0
        $said | Should -Contain 'The service runs on it.'
        $said | Should -Contain 'TargetMoved'
        $said[-3..-1] -match 'service' | Should -Not -BeNullOrEmpty
    }

    It 'exits with 1 if a step fails' {
        $null = pwsh -NoProfile -NonInteractive -File $samples/demo.ps1 -Module $TestDrive/absent 2>&1
        $LASTEXITCODE | Should -Be 1
    }
}

Describe 'samples/remotes' {
    It 'says where images go once, and containers say only what differs' {
        $said = @{ LiteralPath = "$samples/remotes"; Variable = @{ USER = 'bob'; VERSION = '1.4' } }
        Test-CraneFile @said | Should -BeNullOrEmpty
        (Get-CraneRetagPlan Pull @said).Source | Should -Be @(
            'registry.company.co/company/os', 'docker.io/coreos/etcd:2', 'registry.company.co/company/service', 'registry.company.co/company/portal')
        $push = Get-CraneRetagPlan Push @said | Where-Object Status -EQ Planned
        $push.Target | Should -Be @(
            'registry.bob.company.co/bob/os', 'registry.bob.company.co/bob/service:latest', 'registry.bob.company.co/bob/service:1.4'
            'prod.company.co/company/portal')
        $push[3].Overwrite | Should -Be 'Never'
        (Get-CraneRetagPlan Pull core @said).AtomicGroup | Should -Be 'core', 'core'
        $upstream = Get-CraneRetagPlan Copy core -From mine -To official -Tag 1.4 @said
        $upstream.Target | Should -Be 'registry.company.co/company/os:1.4', 'registry.company.co/company/service:1.4'
        $upstream.Overwrite | Should -Be 'Never', 'Never'
    }
}

Describe 'samples/stack' {
    It 'is a crane file without errors' {
        Test-CraneFile -Path $samples/stack -Variable @{ DOCKER_REGISTRY = 'official.company.co'; USER = 'bob' } | Should -BeNullOrEmpty
    }
}

Describe 'README.md, Quick start' -Skip:(-not $running) {
    It 'works as it is typed, with a registry in place of Docker Hub' {
        $hub = Start-TestRegistry
        try {
            $null = New-TestRegistryImage "$($hub.Address)/library/debian:13" -Layer @{ 'etc/mark' = 'x' }
            $lines = [regex]::Match((Get-Content $PSScriptRoot/../../README.md -Raw), '(?s)\n## Quick start\n.*?```powershell\n(.*?)\n```').Groups[1].Value
            $lines = $lines.Replace(' debian:13', " $($hub.Address)/library/debian:13")
            Push-Location (New-Item "$TestDrive/quick" -ItemType Directory)
            try { $said = Invoke-Expression $lines } finally { Pop-Location }
            $said[0] | Should -BeOfType System.IO.FileInfo
            $said[1].Status | Should -Be 'Succeeded'
            $said[2].Image | Should -Be 'debian:13'
            $said[2].Summary | Should -Be 'up to date'
        }
        finally { $hub | Stop-TestRegistry }
    }
}

Describe 'README.md, Ten ways to compose' {
    It 'has ten examples' -TestCases @{ Count = $examples.Count } { $count | Should -Be 10 }

    Context 'each in a session of its own, beside a crane file' -Skip:(-not $running) {
        BeforeAll {
            # Checks each example's output ($said) against its sentence. $additions are added to the demo's crane file.
            $official = $testbed.Official
            $promises = @{
                'Preview a push of some containers'                             = {
                    $said.Container | Should -Be 'os', 'service'
                    $said.Status | Should -Be 'Planned', 'Planned'
                }
                'Review a plan, approve it, then run exactly that'              = {
                    $said.ForEach{ "$_" -replace ': \w+$' } | Should -Be (Get-CraneRetagPlan Push -Path $folder).ForEach{ "$_" }
                }
                'Pull, and retry what failed'                                   = {
                    $said.Container | Should -Be 'late'
                    $said.Status | Should -Be 'Failed'
                }
                'Keep an audit log of what was pulled, by digest'               = {
                    foreach ($row in Import-Csv $folder/pulled.csv) { (Get-CraneImage $row.Source).Digest | Should -Be $row.Digest }
                }
                'Write docker commands for a machine without PowerShell; the script ends at the first one that fails' = {
                    $lines = Get-Content $folder/pull.sh
                    $lines[0] | Should -Be 'set -e'
                    $lines | Should -Contain "docker pull $official/company/os"
                    $lines | Should -Contain "docker tag $official/company/os company/os"
                }
                'Pull for a release, regardless of the user in the environment' = {
                    $said.Container | Should -Be 'os', 'service'
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                }
                'Pull images without a crane file'                              = {
                    "$said" | Should -Match "^Pull $official/company/os -> company/os: (Succeeded|UpToDate)$"
                }
                'Take the list from another source; two columns are enough'     = {
                    $said.Target | Should -Be 'company/os', 'coreos/etcd:2'
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                }
                'Fail a pipeline on a broken crane file, with an annotation for each error' = {
                    $said | Should -HaveCount 1
                    $said[0] | Should -Match '^::error file=crane\.yaml,line=\d+,col=\d+,[^:]*::.*puhs'
                }
                'Find the largest images'                                       = {
                    $said | Should -HaveCount 3
                    $said.SizeBytes | Should -Be @($said.SizeBytes | Sort-Object -Descending)
                    $said[-1].SizeBytes | Should -BeGreaterThan 0
                }
            }
            $additions = @{
                'Pull, and retry what failed'     = "  late: { image: company/late, pull: { registry: '$official' } }"
                'Fail a pipeline on a broken crane file, with an annotation for each error' = '  wrong: { image: company/wrong, puhs: { registry: r.co } }'
            }
            foreach ($image in 'company/os', 'coreos/etcd:2', 'company/service') {
                # Crane would rightly refuse to pull over an image that another test has built.
                $null = Invoke-TestbedDocker overlay2 image rm --force $image
                $null = New-TestbedImage "$($testbed.Official)/$image" -Layer @{ 'etc/image' = $image } -Push
            }
            $null = Invoke-CranePull -Path $samples/demo
        }

        It '<Sentence>' -ForEach $examples -AllowNullOrEmptyForEach {
            $folder = New-Item "$TestDrive/readme-$(New-Guid)" -ItemType Directory
            $file = @(Get-Content $samples/demo/crane.yaml)
            $at = [array]::IndexOf($file, 'containers:')
            $file[0..$at] + @($additions[$sentence] ?? @()) + $file[($at + 1)..$file.Count] | Set-Content $folder/crane.yaml
            $state = [initialsessionstate]::CreateDefault2()
            $state.ImportPSModule($env:CRANE_TEST_MODULE)
            $session = [powershell]::Create($state)
            try {
                $session.Runspace.SessionStateProxy.Path.SetLocation($folder)
                $session.Runspace.SessionStateProxy.SetVariable('credential', $testbed.PersonalCredential)
                $said = @($session.AddScript($code).Invoke())
                if ($sentence -notlike '*failed') { $session.Streams.Error | Should -BeNullOrEmpty }
                $promises[$sentence] | Should -Not -BeNullOrEmpty -Because 'each example is checked against its sentence'
                . $promises[$sentence]
            }
            finally { $session.Dispose() }
        }
    }
}
