<#
.SYNOPSIS
Writes a crane file with what a lock can have: etcd is pulled; service is built on node, which the file does not declare, and on etcd,
which it does, and is pushed.
#>
function New-LockableFile {
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Address, [Parameter(Mandatory)] [string] $Name)
    $file = Write-CraneFile $Folder @"
containers:
  etcd: { image: "core/$Name-etcd:2", pull: { registry: $Address } }
  service:
    image: company/$Name-service
    build: service
    push: { registry: $Address, override_user: bob }
groups: { all: [etcd, service] }
"@
    $null = New-Item (Join-Path (Split-Path $file) service/Dockerfile) -Force -Value @"
FROM $Address/library/$Name-node:20
COPY --from=core/$Name-etcd:2 / /
"@
    $file
}

<#
.SYNOPSIS
Returns the path of a crane file's lock.
#>
function Get-LockPath([string] $File) { Join-Path (Split-Path $File) crane.lock }

<#
.SYNOPSIS
Returns the text of a crane file's lock.
#>
function Get-Lock([string] $File) { Get-Content (Get-LockPath $File) -Raw }
