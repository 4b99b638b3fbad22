# The environment for the help's examples: registries in place of those in the help, a stack, and a session with a user.
Add-Type -Path $PSScriptRoot/AnsweringHost.cs

$environment = @(Get-ChildItem Env:)
$location = $PWD
$backup = $testbed.Backup
$password = $testbed.PersonalCredential.GetNetworkCredential().Password
$corporate = Start-TestRegistry -Credential $testbed.PersonalCredential -CertificateAuthority $TestDrive/corporate.crt
$github = Start-TestRegistry -Credential $testbed.PersonalCredential
$hub = Start-TestRegistry

# Names in the help → their replacements here; the first match is used.
$replacements = [ordered]@{
    'registry.company.co:5000' = $corporate.Address
    'registry.company.co'      = $personal
    'registry.bob.company.co'  = $personal
    'registry.bob.*'           = "$personal/*"
    'registry.official.co'     = $official
    'backup.company.co'        = $backup
    'ghcr.io'                  = $github.Address
    'docker.io'                = $hub.Address
    'farm'                     = 'default'   # another kind of builder needs an image from a public registry
    'alice-ci'                 = 'bob'
    'alice'                    = 'bob'
}
function Resolve-Name([string] $Example) {
    foreach ($name in $replacements.Keys) { $Example = $Example.Replace($name, $replacements[$name]) }
    $Example
}

$stack = Resolve-Name @'
containers:
  service:
    image: company/service
    build: service
    pull: { registry: registry.company.co }
    push: { registry: registry.bob.company.co, override_user: '${USER}' }
  os:
    image: company/os
    build: os
    pull: { registry: '${DOCKER_REGISTRY}' }
    push: { registry: registry.bob.company.co, override_user: '${USER}' }
  etcd:
    image: coreos/etcd:2
    pull: { registry: '${DOCKER_REGISTRY}' }
    push: { skip: true }
remotes:
  mine: { registry: registry.company.co }
  official: { registry: backup.company.co }
groups:
  core: [os, service]

'@

function Write-File([hashtable] $Content) {
    foreach ($name in $Content.Keys) { $null = New-Item (Join-Path $folder $name) -Value $Content[$name] -Force }
}

function New-Stack {
    Write-File @{
        'crane.yaml'         = $stack
        'os/Dockerfile'      = "FROM scratch`nCOPY motd /etc/motd"
        'os/motd'            = New-Name
        'service/greeting'   = New-Name
        'service/Dockerfile' = @'
FROM company/os AS test
ARG VERSION
ARG HTTP_PROXY
LABEL version=$VERSION proxy=$HTTP_PROXY
FROM company/os
COPY greeting /etc/greeting
'@
    }
}

# Docker's configuration with a context for another machine, logged in to the personal registry.
function New-DockerConfig {
    $env:DOCKER_CONFIG = New-Item "$TestDrive/$(New-Name)" -ItemType Directory
    $plugin = New-Item $env:DOCKER_CONFIG/cli-plugins -ItemType Directory
    $null = New-Item $plugin/docker-buildx -ItemType SymbolicLink -Value $env:CRANE_TEST_BUILDX
    Add-DockerContext $env:DOCKER_CONFIG build-server @($testbed.Engines.Values)[1]
    Enter-Registry
}

function Enter-Registry {
    $login = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("bob:$password"))
    Set-Content $env:DOCKER_CONFIG/config.json (ConvertTo-Json @{ auths = @{ $personal = @{ auth = $login } } })
}

function Exit-Registry { Set-Content $env:DOCKER_CONFIG/config.json '{}' }

function Get-LoginName { @((Get-Content $env:DOCKER_CONFIG/config.json -Raw | ConvertFrom-Json -AsHashtable).auths.Keys) }

# Runs lines as a user would, in the folder of the crane file; the caller checks for errors.
function Invoke-Line([string] $Line, [string] $In = $folder) {
    $session.Commands.Clear()
    $session.Streams.ClearStreams()
    $asked.Clear()
    $null = $session.Runspace.SessionStateProxy.Path.SetLocation($In)
    $session.AddScript($Line, $true).Invoke()
}

# The errors of the last lines, without a program's standard error.
function Get-LineError { $session.Streams.Error | Where-Object FullyQualifiedErrorId -NotLike NativeCommandError* }

# Checks what many descriptions say: the group default, or all containers, of the crane file in the current location or its
# nearest parent. The line emits names of containers.
function Assert-Choice([string] $Line) {
    Invoke-Line $Line "$folder/os" | Sort-Object -Unique | Should -Be 'etcd', 'os', 'service'
    Add-Content $folder/crane.yaml '  default: [os]'
    Invoke-Line $Line "$folder/os" | Sort-Object -Unique | Should -Be 'os'
}

function Get-Here([string] $Name) { Get-CraneImage $Name -Engine docker }

function Get-Label([string] $Name) { Invoke-TestbedDocker image inspect $Name --format '{{json .Config.Labels}}' | ConvertFrom-Json }

function Get-ImageTag([string] $Store) {
    Invoke-TestbedDocker $Store image ls --format '{{.Repository}}:{{.Tag}}' | Where-Object { $_ -notlike '*<none>*' }
}

$before = @{}
foreach ($store in $testbed.Engines.Keys) { $before[$store] = @(Get-ImageTag $store) }
$null = New-TestbedImage "$official/company/os" -Layer @{ 'etc/mark' = New-Name } -Push
$null = New-TestbedImage "$official/coreos/etcd:2" -Layer @{ 'etc/mark' = New-Name } -Push
$releases = 'latest', '1.3', '1.4', 'v1', 'v2'
foreach ($tag in $releases) {
    # Those with the same first letter, such as v1 and v2, share a large layer.
    $null = New-TestbedImage "$personal/company/service:$tag" -Layer @{ "large-$($tag[0])" = 200KB }, @{ 'etc/mark' = New-Name } -Push
}
$null = New-TestRegistryImage "$($github.Address)/company/tool:1" -Layer @{ 'etc/mark' = New-Name } -Credential $testbed.PersonalCredential
$index = Publish-Index "$($hub.Address)/library/alpine:3" amd64, arm64, s390x

$state = [initialsessionstate]::CreateDefault2()
$state.ImportPSModule($env:CRANE_TEST_MODULE)
$person = [Crane.Tests.AnsweringHost]::new($testbed.PersonalCredential.Password)
$asked = $person.Asked
$session = [powershell]::Create()
$session.Runspace = [runspacefactory]::CreateRunspace($person, $state)
$session.Runspace.Open()
$null = Invoke-Line "Set-Alias docker '$(@(Get-Command "$($testbed.Programs)/usr/bin/docker", docker -ErrorAction Ignore)[0].Source)' -Scope Global; `$Global:PSNativeCommandUseErrorActionPreference = `$true" $TestDrive
