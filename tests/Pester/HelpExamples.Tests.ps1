Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    $missing = $missing -or -not $env:CRANE_TEST_BUILDX
    $examples = @(foreach ($command in Get-Command -Module Crane) {
        foreach ($example in (Get-Help $command.Name -Examples).examples.example) {
            @{
                Title = "$($command.Name): $($example.title -replace '^[- ]*Example \d+: |[- ]*$')"
                Code  = $example.code
            }
        }
    }) | Where-Object { $_.Title -match $env:ONLY }
}

# Runs each example of the help, in the folder of the crane file below, as a user who knows the password, and then checks what
# its description says: in the example's output ($said) and in what it leaves behind.
Describe 'The examples of the help' -Skip:$missing {
    BeforeAll {
        . $PSScriptRoot/Setup/HelpWorld.ps1

        # The images hold no program that docker compose could run.
        $listen = '$Global:docker = (Get-Alias docker).Definition; function Global:Listen { $Global:heard = "$args" }; Set-Alias docker Listen -Scope Global'
        $stopListening = 'Set-Alias docker $docker -Scope Global; $heard'

        $checks = @{
            'Connect-CraneRegistry: Log in to a registry'                          = @{
                Given = { Exit-Registry }
                Then  = {
                    $asked | Should -Be 'bob'
                    $said.UserName | Should -Be 'bob'
                    Get-LoginName | Should -Be $personal
                }
            }
            'Connect-CraneRegistry: Log in without a prompt'                       = @{
                Given = { $env:REGISTRY_TOKEN = $password }
                Then  = {
                    $asked | Should -BeNullOrEmpty
                    $said.Registry | Should -Be $github.Address
                    $env:REGISTRY_TOKEN = 'another'
                    { Invoke-Line "$code; Set-Content reached yes" } | Should -Throw '*bob*'
                    "$folder/reached" | Should -Not -Exist
                }
            }
            'Connect-CraneRegistry: Log in to a registry with a private certificate authority' = @{
                Given = { Copy-Item $TestDrive/corporate.crt $folder }
                Then  = {
                    $said.Registry | Should -Be $corporate.Address
                    $copy = "Copy-CraneImage -Variable @{ DOCKER_REGISTRY = '$official' }"
                    $yaml = "containers: { os: { image: company/os, pull: { registry: '$official' }, push: { registry: '$($corporate.Address)' } } }`n"
                    Write-File @{ 'crane.yaml' = $yaml }
                    (Invoke-Line $copy).Status | Should -Be 'Failed'
                    Add-Content $folder/crane.yaml "registries: { '$($corporate.Address)': { ca: corporate.crt } }"
                    (Invoke-Line $copy).Status | Should -Be 'Succeeded'
                }
            }
            'ConvertTo-CraneAnnotation: Fail a pipeline on a broken crane file'    = @{
                Given = { Write-File @{ 'crane.yaml' = "containers:`n  os: { image: company/os, puhs: {} }" } }
                Then  = { $said | Should -Match '^::error file=crane\.yaml,line=2,.*puhs' }
            }
            'ConvertTo-CraneAnnotation: Show what a run could not move'            = @{
                Given = {
                    $yaml = $stack -replace 'image: coreos/etcd:2', 'image: company/absent'
                    Write-File @{ 'crane.yaml' = $yaml }
                }
                Then  = { $said | Should -Match '^##vso\[task\.logissue type=error;.*code=PullFailed\].*company/absent' }
            }
            'Copy-CraneImage: Copy a stack to a personal registry'                 = @{
                Given = { $env:USER = 'nobody' }
                Then  = {
                    $said.Where{ $_.Target }.Target | Should -Be "$personal/bob/service", "$personal/bob/os"
                    (Get-CraneImage "$personal/bob/os").Digest | Should -Be (Get-CraneImage "$official/company/os").Digest
                    Assert-Choice "$code -WhatIf | ForEach-Object Container"
                }
            }
            'Copy-CraneImage: Copy one image with its signatures'                  = @{
                Given = {
                    $image = "$personal/company/service"
                    $hash = (Get-CraneImage "${image}:1.4").Digest -replace '^sha256:'
                    $null = New-TestbedImage "${image}:sha256-$hash.sig" -Layer @{ 'etc/mark' = New-Name } -Push
                    $null = Invoke-TestbedProgram sh -ec @"
                        exec 2>&1
                        echo bill > $TestDrive/bill.txt
                        oras attach --plain-http --disable-path-validation --artifact-type example/bill ${image}:1.4 $TestDrive/bill.txt
"@
                }
                Then  = {
                    $there = (Get-CraneTag "$backup/company/service").Tag
                    $there | Should -Contain "sha256-$hash.sig"
                    $there | Should -Contain "sha256-$hash"   # the list of referrers, in a registry that has no other for them
                }
            }
            'Copy-CraneImage: Copy two platforms'                                  = @{
                Then = {
                    (Get-CraneImage "$personal/base/alpine:3").Platform.ForEach{ "$_" } | Should -Be 'linux/amd64', 'linux/arm64'
                    $null = Invoke-Line ($code -replace ', linux/arm64')
                    (Get-CraneImage "$personal/base/alpine:3").Digest |
                        Should -Be (Get-CraneImage "$($hub.Address)/library/alpine:3-amd64").Digest
                }
            }
            'Copy-CraneImage: Send images back upstream'                           = @{
                Then = {
                    $said.Target | Should -Be "$backup/company/service:1.4"
                    (Get-CraneImage $said.Target).Digest | Should -Be (Get-CraneImage "$personal/company/service:1.4").Digest
                    Invoke-Line ($code -replace 'Copy-CraneImage', 'Get-CraneRetagPlan Copy') | ForEach-Object Target | Should -Be $said.Target
                }
            }
            'Copy-CraneImage: Plan, review, copy'                                  = @{
                Then = {
                    $said.Where{ $_.Target }.Target | Should -Be "$personal/bob/service", "$personal/bob/os"
                    Write-File @{ 'copies.csv' = "Source,Target`n$official/company/os,$backup/any/os" }
                    (Invoke-Line 'Import-Csv copies.csv | Copy-CraneImage').Target | Should -Be "$backup/any/os"
                }
            }
            'Disconnect-CraneRegistry: Log out of a registry'                      = @{
                Then = {
                    $said.Registry | Should -Be $personal
                    $said.Store | Should -Be (Join-Path $env:DOCKER_CONFIG config.json)
                    ConvertTo-Json $said | Should -Not -Match ([regex]::Escape($password))
                    Get-LoginName | Should -BeNullOrEmpty
                }
            }
            'Disconnect-CraneRegistry: Log in for one push only'                   = @{
                Given = { Exit-Registry }
                Then  = {
                    $said.Where{ $_ -is [Crane.RetagResult] -and $_.Status -ne 'Skipped' }.Status | Should -BeIn 'Succeeded', 'UpToDate'
                    Get-LoginName | Should -BeNullOrEmpty
                    (Invoke-Line 'Invoke-CranePush os').Status | Should -Be 'Failed'
                    (Invoke-Line 'Invoke-CranePush os -Credential bob').Status | Should -Be 'UpToDate'
                }
            }
            'Export-CraneBakeFile: Build with bake by hand'                        = @{
                Given = { $service = (Get-Here company/service).Digest }
                Then  = {
                    (Get-Here company/service).Digest | Should -Not -Be $service
                    Get-ChildItem $folder -Name | Sort-Object | Should -Be 'crane.yaml', 'os', 'service'
                }
            }
            'Export-CraneBakeFile: Write a file for another machine or a CI pipeline'    = @{
                Then = {
                    "$((Get-Here company/service).Platform)" | Should -Be 'linux/arm64'
                    $first = @($code -split '\n')[0]
                    $null = Invoke-Line $first
                    "$(Get-LineError)" | Should -Match 'already exists'
                    $null = Invoke-Line ($first -replace ' -NoClobber')
                    Get-LineError | Should -BeNullOrEmpty
                }
            }
            'Export-CraneBakeFile: Look at one target'                             = @{
                Then = { $said.context | Should -Be (Join-Path $folder os) }
            }
            'Export-CraneComposeFile: Pull and run a stack'                        = @{
                Given = { Invoke-Line $listen }
                Then  = {
                    Invoke-Line $stopListening | Should -Be 'compose up'
                    (Invoke-Line 'Get-CraneContainer -Path compose.yaml').Image | Sort-Object |
                        Should -Be 'company/os', 'company/service', 'coreos/etcd:2'
                }
            }
            'Export-CraneComposeFile: Run exactly the images of the lock'          = @{
                Given = { $null = Invoke-Line "Update-CraneLock; $listen" }
                Then  = {
                    Invoke-Line $stopListening | Should -Be 'compose --file compose.yaml --file compose.lock.yaml up'
                    $digest = (Get-CraneImage "$official/coreos/etcd:2").Digest
                    Get-Content $folder/compose.lock.yaml -Raw | Should -Match ([regex]::Escape("$official/coreos/etcd@$digest"))
                }
            }
            'Export-CraneGraph: See where a stack stands, in a browser'            = @{
                # The file is there, and nobody is there to look at it.
                Given = { $null = Invoke-Line 'function Global:Invoke-Item { process { Get-Content $_ -Raw } }' }
                Then  = {
                    $said | Should -BeLike '<!DOCTYPE html>*'
                    foreach ($row in Invoke-Line 'Get-CraneStatus') { $said | Should -Match ([regex]::Escape([Net.WebUtility]::HtmlEncode($row.Summary))) }
                    $null = Invoke-Line 'Remove-Item function:Invoke-Item'
                }
            }
            'Export-CraneGraph: Show the stack in a README'                        = @{
                Then = {
                    $lines = Get-Content $folder/stack.md
                    $lines[0], $lines[1], $lines[-1] | Should -Be '```mermaid', 'flowchart LR', '```'
                    "$lines" | Should -Match 'company/service'
                }
            }
            'Export-CraneGraph: Draw an image and everything that is built on it'  = @{
                Then = {
                    ([xml](Get-Content $folder/os.svg -Raw)).svg.desc.InnerText | Should -Match '^2 images'
                    Get-Content $folder/os.svg -Raw | Should -Match 'prefers-color-scheme: dark'
                }
            }
            'Export-CraneGraph: Draw with Graphviz'                                = @{
                Given = {
                    $pictures = Test-PictureProgram
                    if (-not $pictures.Available -and $env:CI -ne 'true') { Set-ItResult -Skipped -Because $pictures.Reason }
                    $null = Install-PictureProgram
                    $null = Invoke-Line "Import-Module '$(Resolve-Path $PSScriptRoot/../Testbed/Testbed.psm1)'; Set-Alias dot Invoke-PictureProgramFromPipe -Scope Global; function Global:Invoke-PictureProgramFromPipe { `$input | Set-Content in.dot; Invoke-PictureProgram dot in.dot @args }"
                }
                Then  = { [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes("$folder/stack.pdf"), 0, 4) | Should -Be '%PDF' }
            }
            'Get-CraneContainer: Show the containers of a stack'                   = @{
                Then = {
                    $said.Name | Should -Be 'service', 'os', 'etcd'
                    Assert-Choice 'Get-CraneContainer | ForEach-Object Name'
                }
            }
            'Get-CraneContainer: Select containers'                                = @{
                Given = {
                    $yaml = $stack -replace '(?m)^  os:', "  webshop: { image: company/webshop, requires: [etcd] }`n  other: { image: company/other }`n`$0"
                    Write-File @{ 'crane.yaml' = $yaml }
                }
                Then  = { $said.Name | Sort-Object | Should -Be 'os', 'service', 'webshop' }
            }
            'Get-CraneContainer: Export the remote names of a user''s images'      = @{
                Given = {
                    $env:USER = 'nobody'
                    Write-File @{ 'crane.ci.yaml' = 'containers: { os: { image: company/os:ci } }' }
                }
                Then  = {
                    $rows = Import-Csv $folder/references.csv
                    $rows.Name | Should -Be 'service', 'os', 'etcd'
                    $rows.Image[1] | Should -Be 'company/os:ci'
                    $rows.PullReference[1] | Should -Be "$official/company/os:ci"
                    $rows.PushReference | Should -Be "$personal/bob/service", "$personal/bob/os:ci", ''
                }
            }
            'Get-CraneContainer: Find images that several stacks use'              = @{
                Given = {
                    Add-Content $folder/crane.yaml '  default: [os]'
                    Write-File @{ 'other/crane.yaml' = 'containers: { etcd: { image: coreos/etcd:2 }, alone: { image: company/alone } }' }
                }
                Then  = {
                    $said.Name | Should -Be 'coreos/etcd:2'
                    $said[0].Count | Should -Be 2
                }
            }
            'Get-CraneImage: Look at an image before pulling it'                   = @{
                Then = {
                    $said[0].Digest | Should -Be $index
                    $said[0].Platform.ForEach{ "$_" } | Should -Be 'linux/amd64', 'linux/arm64', 'linux/s390x'
                    $copy = Invoke-Line (Resolve-Name "Copy-CraneImage -Source docker.io/library/alpine:3 -Destination $backup/alpine -Platform linux/arm64")
                    $said[1] | Should -Be $copy.SizeBytes
                }
            }
            'Get-CraneImage: Compare local images with the registry'                   = @{
                Given = {
                    $null = Invoke-TestbedDocker image tag coreos/etcd:2 company/os
                }
                Then  = {
                    $said.Container | Should -Be 'service', 'os', 'etcd'
                    $said.Where{ $_.Registry -ne $_.Local }.Container | Should -Be 'os'
                    (Invoke-Line 'Invoke-CranePull').Where{ $_.Status -eq 'Succeeded' }.Container | Should -Be 'os'
                    $null = Invoke-Line 'Invoke-CraneBuild os'
                    (Invoke-Line 'Invoke-CranePull os').Status | Should -Be 'Failed'
                    (Invoke-Line 'Invoke-CranePull os -Force').Status | Should -Be 'Succeeded'
                }
            }
            'Get-CraneImage: Find the largest layers that were pushed'             = @{
                Then = {
                    $said.Count | Should -BeIn 1, 2, 3, 4, 5
                    $said.SizeBytes | Should -Be @($said.SizeBytes | Sort-Object -Descending)
                    $known = ("$personal/bob/os", "$personal/bob/service" | Get-CraneImage).Layer
                    foreach ($layer in $said) { ($known | Where-Object Digest -EQ $layer.Digest).SizeBytes | Should -Contain $layer.SizeBytes }
                    (Invoke-Line 'Invoke-CranePush').Where{ $_.Status -eq 'Skipped' }.Target | Should -BeNullOrEmpty
                }
            }
            'Get-CraneRegistryLogin: See which registries have a credential'       = @{
                Then = {
                    "$($said.Registry) $($said.UserName) $($said.Store)" | Should -Be "$personal bob $(Join-Path $env:DOCKER_CONFIG config.json)"
                    ConvertTo-Json $said | Should -Not -Match ([regex]::Escape($password))
                }
            }
            'Get-CraneRegistryLogin: Find credentials that are stored unencrypted' = @{
                Then = {
                    $said.Registry | Should -Be $personal
                    Exit-Registry
                    Invoke-Line $code | Should -BeNullOrEmpty
                }
            }
            'Get-CraneRegistryLogin: Log out of all registries of a company'       = @{
                # The registries of the tests have addresses in place of names.
                Given = {
                    $entry = @{ auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("bob:$password")) }
                    $auths = @{ 'a.company.co' = $entry; 'b.company.co:5000' = $entry; 'company.net' = $entry }
                    Set-Content $env:DOCKER_CONFIG/config.json (ConvertTo-Json @{ auths = $auths } -Depth 3)
                    Invoke-Line "$code -WhatIf" | Should -BeNullOrEmpty
                    Get-LoginName | Should -HaveCount 3
                }
                Then  = {
                    $said.Registry | Should -Be 'a.company.co'
                    Get-LoginName | Sort-Object | Should -Be 'b.company.co:5000', 'company.net'
                }
            }
            'Get-CraneRetagPlan: See what a push would do'                         = @{
                Then = {
                    $said.Status | Should -Be 'Planned', 'Planned', 'Skipped'
                    (Invoke-Line 'Get-CraneRetagPlan').Operation | Should -Be (@('Pull') * 3 + @('Build') * 3 + @('Push') * 3)
                }
            }
            'Get-CraneRetagPlan: Push part of a stack'                             = @{
                Given = { Write-File @{ 'crane.yaml' = $stack -replace '(?s)(  os:.*?push: {) registry: \S+', "`$1 registry: '$official'," } }
                Then  = { $said.Target | Should -Be "$personal/bob/service" }
            }
            'Get-CraneRetagPlan: Have a plan approved'                             = @{
                Then = {
                    $said.Container | Should -Be 'service', 'os', 'etcd'
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate', 'Skipped'
                    (Get-Content $folder/plan.json -Raw).Replace('bob/os', 'BOB/os') | Set-Content $folder/plan.json
                    $said = Invoke-Line @($code -split '\n')[1]
                    "$($session.Streams.Error)" | Should -Match 'BOB/os'
                }
            }
            'Get-CraneRetagPlan: Have exactly what was reviewed pushed'            = @{
                Given = {
                    $env:USER = New-Name
                    $null = Invoke-Line 'Invoke-CraneBuild'
                }
                Then  = {
                    $said.ForEach{ "$($_.Container) $($_.Status)" } | Should -Be 'service Succeeded', 'os Succeeded'
                    $plan, $run = $code -split '\n'
                    Write-File @{ 'os/motd' = New-Name; 'service/greeting' = New-Name }
                    $null = Invoke-Line "Invoke-CraneBuild; $plan"
                    Write-File @{ 'os/motd' = New-Name }
                    $null = Invoke-Line 'Invoke-CraneBuild os'
                    $theirs = Publish-Image "$personal/$env:USER/service"
                    (Invoke-Line $run).Status | Should -Be 'Failed', 'Failed'
                    (Get-LineError).ForEach{ "$($_.TargetObject.Container) $($_.FullyQualifiedErrorId)" -replace ',.*' } | Sort-Object |
                        Should -Be 'os DigestMismatch', 'service TargetMoved'
                    (Get-CraneImage "$personal/$env:USER/os").Digest | Should -Be ($said | Where-Object Container -EQ os).Digest
                    (Get-CraneImage "$personal/$env:USER/service").Digest | Should -Be $theirs
                }
            }
            'Get-CraneRetagPlan: Review a plan as a table'                         = @{
                Then = {
                    $said.Container | Should -Be 'service', 'os'
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                    $rows = Import-Csv $folder/plan.csv | Select-Object -Last 1 Source, Target
                    $rows | Export-Csv $folder/plan.csv
                    (Invoke-Line 'Import-Csv plan.csv | Invoke-CranePull').Target | Should -Be 'company/os'
                }
            }
            'Get-CraneRetagPlan: Make a script for a machine without PowerShell'   = @{
                Then = {
                    $null = Invoke-TestbedDocker image rm --force company/os
                    $null = Invoke-TestbedProgram sh $folder/pull.sh 2>&1
                    (Get-Here company/os).Digest | Should -Not -BeNullOrEmpty
                }
            }
            'Get-CraneStatus: See where a stack stands'                           = @{
                Then = {
                    $said.Container | Sort-Object | Should -Be 'etcd', 'os', 'service'
                    ($said | Where-Object Container -EQ etcd).Summary | Should -Be 'up to date'
                    Assert-Choice "$code | ForEach-Object Container"
                }
            }
            'Get-CraneStatus: See what to do'                                      = @{
                Given = {
                    $null = Invoke-Line 'Invoke-CraneBuild; Invoke-CranePush -Overwrite Always'
                    Write-File @{ 'os/motd' = New-Name }
                    $null = Invoke-Line 'Invoke-CraneBuild os'
                }
                Then  = {
                    $said.ForEach{ "$($_.Container): $($_.Next)" } | Sort-Object |
                        Should -Be 'os: Invoke-CranePush os', 'service: Invoke-CraneBuild service'
                    $null = Invoke-Line ($said.Next -join '; ')
                    (Invoke-Line $code).ForEach{ "$($_.Container): $($_.Next)" } | Should -Be 'service: Invoke-CranePush service'
                    $null = Invoke-Line 'Invoke-CranePush service'
                    Invoke-Line $code | Should -BeNullOrEmpty
                }
            }
            'Get-CraneStatus: Pull what is behind'                                 = @{
                Given = { $null = Invoke-TestbedDocker image rm --force coreos/etcd:2 }
                Then  = {
                    $said.ForEach{ "$($_.Container) $($_.Status)" } | Should -Be 'etcd Succeeded'
                    Invoke-Line $code | Should -BeNullOrEmpty
                }
            }
            'Get-CraneStatus: Compare without a network'                           = @{
                Given = {
                    $null = Invoke-Line 'Invoke-CraneBuild; Invoke-CranePush -Overwrite Always'
                    Write-File @{ 'os/motd' = New-Name }
                    $null = Invoke-Line 'Invoke-CraneBuild os'
                    Exit-Registry
                    $null = Publish-Image "$personal/bob/service"
                }
                Then  = {
                    $said.ForEach{ "$($_.Container) $($_.Push)" } | Should -Be 'os Ahead'
                    $env:USER = New-Name   # has pushed nothing from here
                    (Invoke-Line $code).ForEach{ "$($_.Container) $($_.Push)" } | Should -Be 'service Unknown', 'os Unknown'
                }
            }
            'Get-CraneStatus: Compare several engines'                             = @{
                Given = {
                    $env:DOCKER_REGISTRY = $hub.Address
                    $null = New-TestRegistryImage "$($hub.Address)/coreos/etcd:2" -Layer @{ 'etc/mark' = New-Name }
                    $null = Invoke-Line 'Invoke-CranePull etcd'
                    $requests = (Invoke-RestMethod $hub.Log).Count
                }
                Then  = {
                    $said | Out-String | Should -Match '(?s)Engine: oci:.*etcd +not here.*Engine: .*etcd +up to date'
                    (Invoke-RestMethod $hub.Log) | Select-Object -Skip $requests |
                        Where-Object { $_.method -eq 'HEAD' -and $_.path -like '*/coreos/etcd/manifests/2' } | Should -HaveCount 1
                }
            }
            'Get-CraneTag: List versions'                                          = @{
                Then = { $said.Tag | Should -Be '1.3', '1.4' }
            }
            'Get-CraneTag: Copy every release to another registry'                 = @{
                Then = {
                    $said.Target | Should -Be "$backup/company/service:v1", "$backup/company/service:v2"
                    $said.Status | Should -Be 'Succeeded', 'Succeeded'
                    $bytes = ($said | Measure-Object SizeBytes -Sum).Sum
                    $bytes | Should -BeGreaterThan 200KB
                    $bytes | Should -BeLessThan 400KB
                }
            }
            'Get-CraneTag: Count the tags of a crane file''s images'               = @{
                Then = {
                    ($said | Where-Object Name -EQ "$personal/company/service").Count | Should -BeGreaterOrEqual $releases.Count
                    ($said | Where-Object Name -EQ "$official/coreos/etcd").Count | Should -Be 1
                }
            }
            'Invoke-CraneBuild: Build a stack'                                     = @{
                Then = {
                    $said.Where{ $_.Status -ne 'Skipped' }.Container | Should -Be 'os', 'service'
                    $said.Status | Should -BeIn 'Succeeded', 'Skipped'
                    Assert-Choice 'Invoke-CraneBuild -WhatIf | ForEach-Object Container'
                }
            }
            'Invoke-CraneBuild: Build what a change affects, and push it'          = @{
                Given = {
                    $null = Invoke-Line 'Invoke-CraneBuild'
                    Write-File @{ 'os/motd' = New-Name }
                }
                Then  = {
                    $said.Where{ $_.Status -eq 'Succeeded' }.Target | Should -Be "$personal/bob/os", "$personal/bob/service"
                    Write-File @{ 'service/Dockerfile' = "FROM company/os`nCOPY absent /absent" }
                    $said = Invoke-Line $code
                    ($said | Where-Object Container -EQ service).Status | Should -Be 'Skipped'
                }
            }
            'Invoke-CraneBuild: See what would be built, and in which order'       = @{
                Given = {
                    $null = Invoke-Line 'Invoke-CraneBuild'
                    Write-File @{ 'os/motd' = New-Name }
                    $service = (Get-Here company/service).Digest
                }
                Then  = {
                    $said.Target | Should -Be 'company/os', 'company/service'
                    $said[0].Reason | Should -Be 'os/motd changed'
                    (Get-Here company/service).Digest | Should -Be $service
                }
            }
            'Invoke-CraneBuild: Build for a test'                                  = @{
                Given = {
                    $env:HTTP_PROXY = 'http://proxy.example:1'
                    $env:NO_PROXY = '127.0.0.1'
                }
                Then  = {
                    $said.Status | Should -Be 'Succeeded'
                    $label = Get-Label company/service
                    $label.version | Should -Be '1.2'
                    $label.proxy | Should -Be $env:HTTP_PROXY
                    $session.Streams.Verbose.Count | Should -BeGreaterThan 0
                }
            }
            'Invoke-CraneBuild: Build on another machine, for its platform'        = @{
                Then = {
                    $said.Status | Should -BeIn 'Succeeded', 'Skipped'
                    "$((Get-Here company/service).Platform)" | Should -Be 'linux/arm64'
                }
            }
            'Invoke-CraneProvision: Get a stack ready to run'                      = @{
                Then = {
                    $said.Where{ $_.Status -eq 'Succeeded' }.Container | Should -Be 'os', 'service'
                    ($said | Where-Object Container -EQ etcd).Operation | Should -Be 'Pull'
                    Assert-Choice 'Invoke-CraneProvision -WhatIf | ForEach-Object Container'
                }
            }
            'Invoke-CraneProvision: Avoid builds'                                  = @{
                Given = { Write-File @{ 'crane.yaml' = $stack -replace '(?s)(  os:.*?pull: {) registry: \S+', "`$1 registry: '$backup'" } }
                Then  = { $said.Target | Should -Be 'company/os' }
            }
            'Invoke-CraneProvision: Work on one image of a stack'                  = @{
                Then = {
                    $said.Where{ $_.Status -ne 'Skipped' }.ForEach{ "$($_.Operation) $($_.Container)" } |
                        Should -Be 'Pull os', 'Pull etcd', 'Build service'
                    $said[-1].Status | Should -Be 'Succeeded'
                }
            }
            'Invoke-CranePull: Pull a stack'                                       = @{
                Then = {
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                    Assert-Choice 'Invoke-CranePull -WhatIf | ForEach-Object Container'
                }
            }
            'Invoke-CranePull: See what would be pulled'                           = @{
                Given = {
                    $env:DOCKER_REGISTRY = 'another.example'
                    $os = (Get-Here company/os).Digest
                    $newer = Publish-Image "$official/company/os"
                }
                Then  = {
                    $said.Source | Should -Be "$personal/company/service", "$official/company/os"
                    $said.Status | Should -Be 'UpToDate', 'Planned'
                    $said[1].Digest | Should -Be $newer
                    $said[1].SizeBytes | Should -BeGreaterThan 0
                    (Get-Here company/os).Digest | Should -Be $os
                    $blind = Invoke-Line $code.Replace($official, '127.0.0.1:1')
                    $blind.Status | Should -Be 'UpToDate', 'Planned'
                    $blind[1].Reason | Should -Match '^not looked up: .*127\.0\.0\.1:1'
                }
            }
            'Invoke-CranePull: Retry what failed'                                  = @{
                Fails = $true
                Given = { Write-File @{ 'crane.yaml' = $stack.Replace('company/os', 'company/late') } }
                Then  = {
                    $said.Container | Should -Be 'os'
                    $said.Error | Should -Match 'company/late'
                }
            }
            'Invoke-CranePull: Log in to two registries, and select the engine'    = @{
                Given = {
                    Exit-Registry
                    $tool = Resolve-Name "  tool: { image: 'company/tool:1', pull: { registry: ghcr.io } }"
                    Write-File @{ 'crane.yaml' = $stack -replace '(?m)^  os:', "$tool`n`$0" }
                }
                Then  = {
                    $asked | Should -Be 'bob', 'bob'
                    $said.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded', 'Succeeded'
                    $store = @($testbed.Engines.Keys)[1]
                    Get-LocalId $store company/tool:1 | Should -Not -BeNullOrEmpty
                    Enter-Registry
                    (Invoke-Line (Resolve-Name "Invoke-CranePull -RegistryCredential @{ 'ghcr.io' = Get-Credential alice } -Engine build-server")).Status |
                        Should -Be 'UpToDate', 'UpToDate', 'UpToDate', 'UpToDate'
                }
            }
            'Invoke-CranePull: Pull without a crane file'                          = @{
                Given = { Write-File @{ 'images.csv' = "Source,Target`n$official/company/os,company/os" } }
                Then  = {
                    $said.Target | Should -Be 'company/service:1.4', 'company/os'
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                }
            }
            'Invoke-CranePush: Look first, then push'                              = @{
                Given = { $env:USER = 'nobody' }
                Then  = {
                    $planned, $pushed = $said.Where({ $_.Status -eq 'Planned' }, 'Split')
                    $planned.Target | Should -Be "$personal/bob/service", "$personal/bob/os"
                    $pushed.Where{ $_.Target }.Target | Should -Be $planned.Target
                    $null = Invoke-Line 'Invoke-CranePush -Confirm'
                    $asked | Should -HaveCount 2
                }
            }
            'Invoke-CranePush: Push what has been built'                           = @{
                Fails = $true
                Given = {
                    $null = Invoke-Line 'Invoke-CraneBuild'
                    Write-File @{ 'os/motd' = New-Name; 'service/Dockerfile' = "FROM company/os`nCOPY absent /absent" }
                }
                Then  = {
                    $said.ForEach{ "$($_.Container) $($_.Status)" } | Sort-Object | Should -Be 'etcd Skipped', 'os Succeeded', 'service Skipped'
                    ($said | Where-Object Container -EQ service).Reason | Should -Match 'fail'
                }
            }
            'Invoke-CranePush: Push a version with a credential'                   = @{
                Given = { Exit-Registry }
                Then  = {
                    $said.Target | Should -Be "$personal/bob/os:1.4.0", "$personal/bob/service:1.4.0"
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                    $more = @"
  pushed: { image: company/pushed, push: { registry: '$personal' } }
  both: { image: company/both, pull: { registry: '$official' }, push: { registry: '$personal' } }
"@
                    Write-File @{ 'crane.yaml' = $stack -replace '(?m)^remotes:', "$more`n`$0" }
                    foreach ($image in 'pushed', 'both:1.4.0') { $null = Invoke-TestbedDocker image tag company/os:1.4.0 company/$image }
                    (Invoke-Line 'Invoke-CranePush -Tag 1.4.0 -Credential bob').Where{ $_.Status -in 'Succeeded', 'UpToDate' }.Target |
                        Should -Be "$personal/bob/service:1.4.0", "$personal/bob/os:1.4.0", "$personal/company/pushed", "$personal/company/both:1.4.0"
                }
            }
            'Invoke-CranePush: Push what has been approved'                        = @{
                Given = { $null = Invoke-Line 'Get-CraneRetagPlan Push | ConvertTo-Json | Set-Content plan.json' }
                Then  = {
                    $rows = Import-Csv $folder/pushed.csv | Where-Object Target
                    foreach ($row in $rows) { (Get-CraneImage $row.Target).Digest | Should -Be $row.Digest }
                    $rows.SizeBytes | Should -Match '^\d+$'
                    $rows.Duration | Should -Match '^\d\d:\d\d:\d\d'
                }
            }
            'Invoke-CranePush: Stop a script when a push fails'                    = @{
                Then = {
                    Exit-Registry
                    { Invoke-Line $code } | Should -Throw
                    $id, $advice = "$($session.Streams.Warning[-1])" -split ': ', 2
                    (Get-Help about_Crane) -split '\n' -match "^    $id +" | Should -HaveCount 1
                    $advice | Should -Not -BeNullOrEmpty
                }
            }
            'Invoke-CranePush: Push without a crane file'                          = @{
                Given = {
                    $null = Invoke-Line (Resolve-Name 'Invoke-CranePull -Source registry.company.co/company/service:1.4 -Target company/service:1.4')
                    Exit-Registry
                    Remove-Item $folder/crane.yaml
                }
                Then  = {
                    $said.Target | Should -Be "$personal/bob/service:1.4"
                    $said.Status | Should -BeIn 'Succeeded', 'UpToDate'
                }
            }
            'Undo-CraneRetag: Undo a pull'                                         = @{
                Given = {
                    $os = (Get-Here company/os).Digest
                    $newer = Publish-Image "$official/company/os"
                }
                Then  = {
                    $said.Where{ $_.Status -ne 'Skipped' }.ForEach{ "$($_.Target) $($_.Status)" } | Should -Be 'company/os Succeeded'
                    (Get-Here company/os).Digest | Should -Be $os
                    (Invoke-Line 'Invoke-CranePull').Where{ $_.Status -eq 'Succeeded' }.Digest | Should -Be $newer
                }
            }
            'Undo-CraneRetag: Keep what is needed to undo a push later'            = @{
                Given = {
                    $env:USER = New-Name
                    $null = Invoke-Line 'Invoke-CraneBuild; Invoke-CranePush'
                    $before = "$personal/$env:USER/os", "$personal/$env:USER/service" | Get-CraneImage
                    Write-File @{ 'os/motd' = New-Name }
                    $null = Invoke-Line 'Invoke-CraneBuild'
                }
                Then  = {
                    $pushed = Import-Csv $folder/push.csv | Where-Object Status -EQ Succeeded
                    $pushed.PreviousDigest | Sort-Object | Should -Be ($before.Digest | Sort-Object)
                    $said.Where{ $_.Status -ne 'Skipped' }.ForEach{ "$($_.Status) $($_.Target)" } | Should -Be @(
                        'Planned', 'Succeeded' | ForEach-Object { "$_ $personal/$env:USER/os"; "$_ $personal/$env:USER/service" })
                    ("$personal/$env:USER/os", "$personal/$env:USER/service" | Get-CraneImage).Digest | Should -Be $before.Digest
                }
            }
            'Update-CraneLock: Lock a stack, and pull it anywhere'                 = @{
                Given = { Remove-Item $folder/crane.lock -ErrorAction Ignore }
                Then  = {
                    Get-Content $folder/crane.lock | Should -Contain "    reference: $official/company/os"
                    $pulled = $said | Where-Object { $_ -is [Crane.RetagResult] -and $_.Digest }
                    $pulled.Container | Should -Contain 'os'
                    foreach ($one in $pulled) { Get-Content $folder/crane.lock -Raw | Should -Match $one.Digest }
                }
            }
            'Update-CraneLock: Update once a day, but nothing younger than three days'= @{
                Given = { Remove-Item $folder/crane.lock -ErrorAction Ignore }
                Then  = {
                    $said | Should -BeNullOrEmpty
                    $newer = Publish-Image "$official/company/os"
                    Invoke-Line $code | Should -BeNullOrEmpty
                    $held = Invoke-Line 'Update-CraneLock -MinimumAge 3.00:00'
                    $held.Status | Should -Be 'Held'
                    $held.Reason | Should -Match '^held until '
                    $seen = [datetime]::UtcNow.AddDays(-4).ToString('yyyy-MM-ddTHH:mm:ssZ')
                    $lock = (Get-Content $folder/crane.lock -Raw) -replace '(?<=held:\s+digest: \S+\s+seen: )\S+', $seen
                    Set-Content $folder/crane.lock $lock -NoNewline
                    $changed = Invoke-Line $code
                    $changed.Reference, $changed.New | Should -Be "$official/company/os", $newer
                }
            }
            'Update-CraneLock: See what an update would change'                    = @{
                Given = { Remove-Item $folder/crane.lock -ErrorAction Ignore }
                Then  = {
                    $said.Status | Select-Object -Unique | Should -Be 'Added'
                    "$folder/crane.lock" | Should -Not -Exist
                }
            }
            'Update-CraneLock: Update one image at once'                           = @{
                Given = {
                    $null = Invoke-Line 'Update-CraneLock'
                    $others = (Get-Content $folder/crane.lock -Raw) -split '(?m)^  (?=\w)' -notlike 'etcd:*'
                    $null = Publish-Image "$official/company/os"
                    $newer = Publish-Image "$official/coreos/etcd:2"
                }
                Then  = {
                    $said.ForEach{ "$($_.Container) $($_.Status) $($_.New)" } | Should -Be "etcd Changed $newer"
                    (Get-Content $folder/crane.lock -Raw) -split '(?m)^  (?=\w)' -notlike 'etcd:*' | Should -Be $others
                }
            }
            'New-CraneFile: Begin with the Dockerfiles and the Compose file of a project' = @{
                Given = { Remove-Item $folder/crane.yaml }
                Then  = {
                    $said[0].FullName | Should -Be (Join-Path $folder crane.yaml)
                    $said[1..2].Name | Should -Be 'os', 'service'
                }
            }
            'New-CraneFile: Begin with images of a registry'                       = @{
                Then = {
                    $containers = Invoke-Line 'Get-CraneContainer -Path stack'
                    $containers.Image | Should -Be 'company/os', 'coreos/etcd:2'
                    $containers.PullReference | Should -Be "$personal/company/os", "$personal/coreos/etcd:2"
                }
            }
            'New-CraneFile: Begin with what the engine has'                        = @{
                Then = { (Invoke-Line 'Get-CraneContainer').Image | Should -Contain 'company/os:latest' }
            }
            'Test-CraneFile: See what is wrong with a crane file'                  = @{
                Given = { Write-File @{ 'crane.yaml' = $stack.Replace('push:', 'puhs:') } }
                Then  = {
                    $output = Invoke-Line "$code | Out-String" "$folder/os"
                    "$output" | Should -Match 'puhs'
                    "$output" | Should -Match 'RecommendedAction'
                }
            }
            'Test-CraneFile: Test all crane files of a repository'                 = @{
                Given = {
                    Write-File @{
                        'a/crane.yml' = 'containers: { os: { image: company/os, puhs: {} } }'
                        'b/crane.yml' = 'containers: { os: { iamge: company/os } }'
                    }
                }
                Then  = {
                    $said.Path | Split-Path | Split-Path -Leaf | Select-Object -Unique | Should -Be 'a', 'b'
                    Invoke-Line 'Test-CraneFile -Path crane.yaml, a/crane.yml' | Should -Not -BeNullOrEmpty
                    Write-File @{ 'a/crane.yml' = 'containers: { os: { push: { skip: true } } }' }
                    Invoke-Line 'Test-CraneFile -Path crane.yaml, a/crane.yml' | Should -BeNullOrEmpty
                    Invoke-Line 'Get-ChildItem a/crane.yml | Test-CraneFile' | Should -Not -BeNullOrEmpty
                }
            }
            'Test-CraneFile: Continue only if there are no errors'                 = @{
                Then = {
                    $said.Where{ $_.Status -ne 'Skipped' }.Target | Should -Be "$personal/bob/service", "$personal/bob/os"
                    Invoke-Line 'Test-CraneFile crane.yaml -Quiet' | Should -Be $true
                    Write-File @{ 'crane.yaml' = $stack.Replace('push:', 'puhs:') }
                    Invoke-Line 'Test-CraneFile crane.yaml -Quiet' | Should -Be $false
                    Invoke-Line $code | Should -BeNullOrEmpty
                }
            }
            'Test-CraneFile: Stop a build if a variable is missing'                = @{
                Given = { Write-File @{ 'crane.ci.yaml' = 'containers: { os: { image: "company/os:${GIT_SHA}" } }' } }
                Then  = {
                    $said | Should -BeNullOrEmpty
                    { Invoke-Line ($code -replace 'GIT_SHA', 'OTHER') } | Should -Throw "*crane.ci.yaml:1:*GIT_SHA*"
                }
            }
        }
    }

    AfterAll {
        $session.Runspace.Dispose()
        $session.Dispose()
        $corporate, $github, $hub | Stop-TestRegistry
        foreach ($store in $testbed.Engines.Keys) {
            $added = @(Get-ImageTag $store | Where-Object { $_ -notin $before[$store] })
            if ($added) { $null = Invoke-TestbedDocker $store image rm --force @added }
            $null = Invoke-TestbedDocker $store image prune --force
        }
    }

    BeforeEach {
        $folder = (New-Item "$TestDrive/$(New-Name)" -ItemType Directory).FullName
        Set-Location $folder
        $env:DOCKER_HOST = @($testbed.Engines.Values)[0]
        $env:DOCKER_REGISTRY = $official
        $env:USER = 'bob'
        New-DockerConfig
        New-Stack
        $null = Invoke-Line 'Invoke-CranePull -Force'   # what is here is what the registries have
    }

    AfterEach {
        Set-Location $location
        Get-ChildItem Env: | Where-Object Name -NotIn $environment.Name | Remove-Item
        foreach ($one in $environment) { Set-Item "Env:$($one.Name)" $one.Value }
    }

    It 'are all checked' -TestCases @{ Titles = $examples.Title } {
        $checks.Keys | Sort-Object | Should -Be ($titles | Sort-Object)
    }

    It '<Title>' -ForEach $examples {
        $check = $checks[$title]
        $check | Should -Not -BeNullOrEmpty -Because 'each example is compared with what its sentence says'
        $code = Resolve-Name $code
        if ($check.Given) { . $check.Given }
        $said = @(Invoke-Line $code)
        if (-not $check.Fails) { Get-LineError | Should -BeNullOrEmpty }
        . $check.Then
    }
}
