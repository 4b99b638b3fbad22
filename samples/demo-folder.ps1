# The workflow without an engine: a folder holds the local images, and small registries replace real ones. demo.ps1 runs it, and
# has Show-Step, $Module and $width.

Write-Host "No engine is available ($reason), so this demo uses a folder instead."
Write-Host 'Starting two small registries, and publishing three images to the official one ...'
$bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cr:t' -AsPlainText))
$official = Start-TestRegistry
$personal = Start-TestRegistry -Credential $bob
$base = @{ 'etc/motd' = 'Company OS' }
$null = New-TestRegistryImage "$($official.Address)/coreos/etcd:2" -Layer @{ 'etc/etcd' = 'a store of keys and values' }
$null = New-TestRegistryImage "$($official.Address)/company/os:latest" -Layer $base
$null = New-TestRegistryImage "$($official.Address)/company/service:latest" -Layer $base, @{ 'etc/service' = 'The service runs on it.' }

Show-Step 'A crane file lists the images of a stack, and where each is pulled from and pushed to.' `
    'Get-Content crane.yaml' (Get-Content crane.yaml)

Show-Step 'Its variables come from the environment. Both registries are on this machine; images go into a folder.' `
    "`$env:DOCKER_REGISTRY = '$($official.Address)'; `$env:PERSONAL_REGISTRY = '$($personal.Address)'; `$env:USER = 'bob'; `$env:CRANE_ENGINE = 'oci:images'"

Show-Step 'Each container has an image with a plain name and its remote names.' `
    'Get-CraneContainer' os, etcd, service Name

Show-Step 'A plan changes nothing: it can be filtered, exported, reviewed, and run later.' `
    'Get-CraneRetagPlan Pull, Push' Planned, Planned, Planned, Planned, Skipped, Planned Status

Show-Step 'Pull from the official registry to the folder, with the plain names.' `
    'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

Show-Step 'Pull again: the registry has nothing new, so nothing moves.' `
    'Invoke-CranePull' UpToDate, UpToDate, UpToDate Status

Show-Step 'The folder has the image with its plain name.' `
    'Get-CraneImage company/service -Engine oci:images' company/service Name

Show-Step 'Push to the personal registry, as its user. $bob is a credential, as from Get-Credential.' `
    'Invoke-CranePush -Credential $bob' Succeeded, Skipped, Succeeded Status

Show-Step 'The personal registry has the images now.' `
    'Invoke-RestMethod "http://$env:PERSONAL_REGISTRY/v2/_catalog" -Authentication Basic -Credential $bob -AllowUnencryptedAuthentication' `
    bob/os, bob/service repositories

Show-Step 'A copy between registries needs no folder either. The images are already there, so nothing moves.' `
    'Copy-CraneImage core -RegistryCredential @{ $env:PERSONAL_REGISTRY = $bob }' UpToDate, UpToDate Status
