# The cycle on a private engine and two private registries. demo.ps1 runs it, and has Show-Step, $Module and $width.

# docker is the testbed's own: its engine is the private one, whatever the user has.
function docker { Invoke-TestbedDocker @args }

# What a company has published: a service, the system whose layers it shares, and an image of somebody else.
function Publish-Stack {
    $null = New-TestbedImage "$($testbed.Official)/coreos/etcd:2" -Layer @{ 'etc/etcd' = 'a store of keys and values' } -Push
    $null = New-TestbedImage busybox:stable
    foreach ($name in 'os', 'service') {
        $null = docker build --quiet --network none --tag company/$name $PSScriptRoot/stack/$name
        $null = docker tag company/$name "$($testbed.Official)/company/$name"
        $null = docker push --quiet "$($testbed.Official)/company/$name"
    }
    # The engine is to know nothing of them, so that the pull is one.
    $null = docker image rm --force @(docker image ls --quiet | Sort-Object -Unique)
    $null = docker builder prune --all --force
    $null = New-TestbedImage busybox:stable   # what os is built on
}

Write-Host 'Starting a private engine and two registries, and publishing three images to the official one ...'
$testbed = Start-Testbed -Store overlay2
$env:DOCKER_HOST = $testbed.Engines.overlay2
$env:DOCKER_CONFIG = $testbed.Environment.DOCKER_CONFIG
$bob = $testbed.PersonalCredential
Publish-Stack

Show-Step 'A crane file says which images make a stack, and where each is pulled from and pushed to.' `
    'Get-Content crane.yaml' (Get-Content crane.yaml)

Show-Step 'Its variables come from the environment. Both registries are on this machine.' `
    "`$env:DOCKER_REGISTRY = '$($testbed.Official)'; `$env:PERSONAL_REGISTRY = '$($testbed.Personal)'; `$env:USER = 'bob'"

Show-Step 'Each container has an image with a plain name, and its names on either side.' `
    'Get-CraneContainer' os, etcd, service Name

Show-Step 'A plan touches nothing: it can be filtered, exported, reviewed, and run later.' `
    'Get-CraneRetagPlan Pull, Push' Planned, Planned, Planned, Planned, Skipped, Planned Status

Show-Step 'Pull from the official registry, and tag under the plain names.' `
    'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

Show-Step 'Pull again: the registry has nothing new, so nothing moves.' `
    'Invoke-CranePull' UpToDate, UpToDate, UpToDate Status

Show-Step 'Push to the personal registry, as its user. $bob is what Get-Credential would give.' `
    'Invoke-CranePush -Credential $bob' Succeeded, Skipped, Succeeded Status

Show-Step 'What that registry itself says it has now.' `
    'Invoke-RestMethod "http://$env:PERSONAL_REGISTRY/v2/_catalog" -Authentication Basic -Credential $bob -AllowUnencryptedAuthentication' `
    bob/os, bob/service repositories

Show-Step 'And the plain name runs what was pulled.' `
    'docker run --rm --network none company/service' 'Company OS', 'The service runs on it.'

Show-Step 'Change os: its Dockerfile gets a line more.' `
    "Add-Content ../stack/os/Dockerfile 'RUN echo Changed by bob >> /etc/motd'"

Show-Step 'Build os, and what stands on it: service is FROM company/os.' `
    'Invoke-CraneBuild os -WithDependent' Succeeded, Succeeded Status

Show-Step 'Push both.' `
    'Invoke-CranePush core -Credential $bob' Succeeded, Succeeded Status

Show-Step 'And the plain name runs what was built.' `
    'docker run --rm --network none company/service' 'Company OS', 'Changed by bob', 'The service runs on it.'
