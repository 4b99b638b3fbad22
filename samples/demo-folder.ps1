# The cycle where no engine can be had: a folder holds the local images, small registries stand in for real ones.
# demo.ps1 runs it, and has Show-Step, $Module and $width.

Write-Host "No engine can be had here ($reason), so this demo goes without one: a folder takes its place."
Write-Host 'Starting two small registries, and publishing three images to the official one ...'
$bob = [pscredential]::new('bob', (ConvertTo-SecureString 's3cr:t' -AsPlainText))
$official = Start-TestRegistry
$personal = Start-TestRegistry -Credential $bob
$base = @{ 'etc/motd' = 'Company OS' }
$null = New-TestRegistryImage "$($official.Address)/coreos/etcd:2" -Layer @{ 'etc/etcd' = 'a store of keys and values' }
$null = New-TestRegistryImage "$($official.Address)/company/os:latest" -Layer $base
$null = New-TestRegistryImage "$($official.Address)/company/service:latest" -Layer $base, @{ 'etc/service' = 'The service runs on it.' }

Show-Step 'A crane file says which images make a stack, and where each is pulled from and pushed to.' `
    'Get-Content crane.yaml' (Get-Content crane.yaml)

Show-Step 'Its variables come from the environment. Both registries are on this machine; images go into a folder.' `
    "`$env:DOCKER_REGISTRY = '$($official.Address)'; `$env:PERSONAL_REGISTRY = '$($personal.Address)'; `$env:USER = 'bob'; `$env:CRANE_ENGINE = 'oci:images'"

Show-Step 'Each container has an image with a plain name, and its names on either side.' `
    'Get-CraneContainer' os, etcd, service Name

Show-Step 'A plan touches nothing: it can be filtered, exported, reviewed, and run later.' `
    'Get-CraneRetagPlan Pull, Push' Planned, Planned, Planned, Planned, Skipped, Planned Status

Show-Step 'Pull from the official registry, into the folder, under the plain names.' `
    'Invoke-CranePull' Succeeded, Succeeded, Succeeded Status

Show-Step 'Pull again: the registry has nothing new, so nothing moves.' `
    'Invoke-CranePull' UpToDate, UpToDate, UpToDate Status

Show-Step 'What the folder has under a plain name.' `
    'Get-CraneImage company/service -Engine oci:images' company/service Name

Show-Step 'Push to the personal registry, as its user. $bob is what Get-Credential would give.' `
    'Invoke-CranePush -Credential $bob' Succeeded, Skipped, Succeeded Status

Show-Step 'What that registry itself says it has now.' `
    'Invoke-RestMethod "http://$env:PERSONAL_REGISTRY/v2/_catalog" -Authentication Basic -Credential $bob -AllowUnencryptedAuthentication' `
    bob/os, bob/service repositories

Show-Step 'From registry to registry no folder is needed either: what is there already, stays.' `
    'Copy-CraneImage core -RegistryCredential @{ $env:PERSONAL_REGISTRY = $bob }' UpToDate, UpToDate Status
