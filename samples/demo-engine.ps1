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

Write-Host 'Starting two private engines and two registries, and publishing three images to the official one ...'
$testbed = Start-Testbed
$env:DOCKER_HOST = $testbed.Engines.overlay2
$env:DOCKER_CONFIG = $testbed.Environment.DOCKER_CONFIG
$bob = $testbed.PersonalCredential
Publish-Stack

Show-Step 'A crane file lists the images of a stack, and where each is pulled from and pushed to.' `
    'Get-Content crane.yaml' (Get-Content crane.yaml)

Show-Step 'Its variables come from the environment. Both registries are on this machine.' `
    "`$env:DOCKER_REGISTRY = '$($testbed.Official)'; `$env:PERSONAL_REGISTRY = '$($testbed.Personal)'; `$env:USER = 'bob'"

Show-Step 'Log in to the personal registry. $bob is a credential, as from Get-Credential.' `
    'Connect-CraneRegistry $env:PERSONAL_REGISTRY -Credential $bob' bob UserName

Show-Step 'Pull from the official registry, and tag with the plain names.' `
    'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

Show-Step 'Where do the images stand? As in the official registry; the personal one does not have them yet.' `
    'Get-CraneStatus' UpToDate, UpToDate, UpToDate Pull

Show-Step 'Change os: add a line to its Dockerfile.' `
    "Add-Content ../stack/os/Dockerfile 'RUN echo Changed by bob >> /etc/motd'"

Show-Step 'Build what has changed, and what is based on it: service is FROM company/os.' `
    'Invoke-CraneBuild core -Changed' Succeeded, Succeeded Status

Show-Step 'Now both are ahead of the official ones.' `
    'Get-CraneStatus core' Ahead, Ahead Pull

Show-Step 'The plain name runs what was built.' `
    'docker run --rm --network none company/service' 'Company OS', 'Changed by bob', 'The service runs on it.'

Show-Step 'Push both to the personal registry.' `
    'Invoke-CranePush core' Succeeded, Succeeded Status

Show-Step 'A colleague pushes another image to the same place.' `
    'Copy-CraneImage -Source "$env:DOCKER_REGISTRY/company/service" -Destination "$env:PERSONAL_REGISTRY/bob/service"' Succeeded Status

Show-Step 'Status sees it.' `
    'Get-CraneStatus service' Behind Push

Show-Step 'A push does not overwrite what it has not seen.' `
    'try { $null = Invoke-CranePush service -ErrorAction Stop } catch { $_.Exception.Id }' TargetMoved

Show-Step 'Pull the official os again. The one that was built is not lost: it was pushed.' `
    'Invoke-CranePull os | Export-Csv pulled.csv' @()

Show-Step 'Go back to the one that was built.' `
    'Import-Csv pulled.csv | Undo-CraneRetag' Succeeded Status

Show-Step 'Agree on digests: crane.lock, beside the crane file, is for git. (os is FROM an image of Docker Hub, left out here.)' `
    'Update-CraneLock service, etcd' Added, Added, Added Status

Show-Step 'On another engine, with another image store: exactly the images of the lock, all or none.' `
    "Invoke-CranePull service, etcd -Locked -Atomic -Engine $($testbed.Engines.containerd)" Succeeded, Succeeded Status

Show-Step 'There they are.' `
    "Get-CraneStatus service, etcd -Offline -Engine $($testbed.Engines.containerd)" Match, Match Lock
