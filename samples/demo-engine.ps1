# The workflow with a private engine and two private registries. demo.ps1 runs it, and has Show-Step, $Module and $width.

# docker of the testbed, which uses the private engine.
function docker { Invoke-TestbedDocker @args }

# A company's published images: a service, the system that it is based on, and a third-party image.
function Publish-Stack {
    $null = New-TestbedImage "$($testbed.Official)/coreos/etcd:2" -Layer @{ 'etc/etcd' = 'a store of keys and values' } -Push
    $null = New-TestbedImage busybox:stable
    foreach ($name in 'os', 'service') {
        $null = docker build --quiet --network none --tag company/$name $PSScriptRoot/stack/$name
        $null = docker tag company/$name "$($testbed.Official)/company/$name"
        $null = docker push --quiet "$($testbed.Official)/company/$name"
    }
    # Remove them from the engine, so that the pull moves something.
    $null = docker image rm --force @(docker image ls --quiet | Sort-Object -Unique)
    $null = docker builder prune --all --force
    $null = New-TestbedImage busybox:stable   # the base of os
}

Write-Host 'Starting a private engine and two registries, and publishing three images to the official one ...'
$testbed = Start-Testbed -Store overlay2
$env:DOCKER_HOST = $testbed.Engines.overlay2
$env:DOCKER_CONFIG = $testbed.Environment.DOCKER_CONFIG
$bob = $testbed.PersonalCredential
Publish-Stack

Show-Step 'A crane file lists the images of a stack, and where each is pulled from and pushed to.' `
    'Get-Content crane.yaml' (Get-Content crane.yaml)

Show-Step 'Its variables come from the environment. Both registries are on this machine.' `
    "`$env:DOCKER_REGISTRY = '$($testbed.Official)'; `$env:PERSONAL_REGISTRY = '$($testbed.Personal)'; `$env:USER = 'bob'"

Show-Step 'Each container has an image with a plain name and its remote names.' `
    'Get-CraneContainer' os, etcd, service Name

Show-Step 'A plan changes nothing: it can be filtered, exported, reviewed, and run later.' `
    'Get-CraneRetagPlan Pull, Push' Planned, Planned, Planned, Planned, Skipped, Planned Status

Show-Step 'Pull from the official registry, and tag with the plain names.' `
    'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

Show-Step 'Pull again: the registry has nothing new, so nothing moves.' `
    'Invoke-CranePull' UpToDate, UpToDate, UpToDate Status

Show-Step 'Push to the personal registry, as its user. $bob is a credential, as from Get-Credential.' `
    'Invoke-CranePush -Credential $bob' Succeeded, Skipped, Succeeded Status

Show-Step 'The personal registry has the images now.' `
    'Invoke-RestMethod "http://$env:PERSONAL_REGISTRY/v2/_catalog" -Authentication Basic -Credential $bob -AllowUnencryptedAuthentication' `
    bob/os, bob/service repositories

Show-Step 'The plain name runs what was pulled.' `
    'docker run --rm --network none company/service' 'Company OS', 'The service runs on it.'

Show-Step 'Change os: add a line to its Dockerfile.' `
    "Add-Content ../stack/os/Dockerfile 'RUN echo Changed by bob >> /etc/motd'"

Show-Step 'Build os and the images based on it: service is FROM company/os.' `
    'Invoke-CraneBuild os -WithDependent' Succeeded, Succeeded Status

Show-Step 'Push both.' `
    'Invoke-CranePush core -Credential $bob' Succeeded, Succeeded Status

Show-Step 'The plain name runs what was built.' `
    'docker run --rm --network none company/service' 'Company OS', 'Changed by bob', 'The service runs on it.'
