Import-Module $PSScriptRoot/Setup.psm1

# What Renovate does with the preset, by its documentation: an alias replaces the first part of a name in a Dockerfile, and a custom
# manager finds names with its pattern. Crane says where they really are.
Describe 'samples/renovate' {
    BeforeAll {
        $preset = Get-Content $PSScriptRoot/../../samples/renovate/default.json -Raw | ConvertFrom-Json -AsHashtable
        $manager = $preset.customManagers[0]
        $file = Write-CraneFile $TestDrive @'
containers:
  os:
    image: 'company/os:1.4'
    pull: { registry: registry.company.co }
  etcd: { image: coreos/etcd:2, pull: { registry: registry.company.co } }
  pinned:
    image: "company/pinned:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    pull: { registry: registry.company.co }
  # image: company/comment:1
  tool:
    image: ghcr.io/company/tool:1
  service:
    image: company/service:${VERSION}
    build: service
    pull: { registry: registry.company.co }
'@
        $folder = New-Item (Join-Path (Split-Path $file) service) -ItemType Directory
        Set-Content $folder/Dockerfile 'FROM company/os:1.4', 'COPY --from=coreos/etcd:2 /etcd /etcd'
        $containers = Get-CraneContainer -Path $file -Variable @{ VERSION = '3' }
    }

    It 'finds the images of a crane file where Crane pulls them from' {
        $found = [regex]::Matches((Get-Content $file -Raw), $manager.matchStrings[0])
        $found.ForEach{ $_.Groups['currentValue'].Value } | Should -Be 1.4, 2, 1
        $found[2].Groups['currentDigest'].Value | Should -Match '^sha256:a{64}$'
        $found.ForEach{
            "$($manager.packageNameTemplate.Replace('{{{depName}}}', $_.Groups['depName'].Value)):$($_.Groups['currentValue'].Value)"
        } | Should -Be (($containers | Where-Object Name -In os, etcd, pinned).PullReference -replace '@.*')
    }

    It 'reads crane files only: <name>' -ForEach @(
        @{ Name = 'crane.yaml'; Reads = $true }, @{ Name = 'stack/crane.yml'; Reads = $true }, @{ Name = 'crane.ci.yaml'; Reads = $true }
        @{ Name = 'docker-crane.yaml'; Reads = $false }, @{ Name = 'compose.yaml'; Reads = $false }
    ) {
        $name -cmatch $manager.managerFilePatterns[0].Trim('/') | Should -Be $reads
    }

    It 'finds the bases of a Dockerfile where Crane pulls them from' {
        $bases = ($containers | Where-Object Name -EQ service).DeclaredBase
        $bases.Name | Should -Be 'company/os:1.4', 'coreos/etcd:2'
        $bases.Name.ForEach{ $first, $rest = $_ -split '/', 2; "$($preset.registryAliases[$first])/$rest" } | Should -Be $bases.PullReference
    }
}
