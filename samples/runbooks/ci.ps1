#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
The job of a pipeline: checks the crane file, builds what has changed, pushes it, and shows errors at their lines.
.DESCRIPTION
GitHub Actions and Azure Pipelines show the errors beside the lines of the crane file that they are about. For GitLab, name the file
of the job's artifacts:reports:codequality with -Report.

Exit codes: 0: everything is pushed or up to date; 1: the crane file has errors, and nothing was built, or it could not start; 2: some
images failed, the others are pushed. The credential is in REGISTRY_USER and REGISTRY_PASSWORD, or else in docker's configuration.
.PARAMETER Path
The crane file, or its folder.
.PARAMETER Tag
The tag to build and push, such as the commit.
.PARAMETER As
The build server. By default the one that runs the job; without one, on a developer's machine, as for GitHub.
.PARAMETER Report
A file for the errors. By default they are in the output.
.EXAMPLE
pwsh -File ci.ps1 -Path stack/ -Tag $GITHUB_SHA
#>
[CmdletBinding()]
param(
    [string] $Path = '.',
    [string] $Tag,
    [ValidateSet('GitHub', 'GitLab', 'AzurePipelines')]
    [string] $As = ($env:GITLAB_CI ? 'GitLab' : $env:TF_BUILD ? 'AzurePipelines' : 'GitHub'),
    [string] $Report
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'   # other errors end the script, and pwsh -File with exit code 1
$ProgressPreference = 'SilentlyContinue'

$select = $Tag ? @{ Path = $Path; Tag = $Tag } : @{ Path = $Path }
$login = @{}
if ($env:REGISTRY_USER) {
    $login.Credential = [pscredential]::new($env:REGISTRY_USER, (ConvertTo-SecureString $env:REGISTRY_PASSWORD -AsPlainText))
}

function Write-Annotation($About) {
    $annotations = $About | ConvertTo-CraneAnnotation -As $As
    if ($Report) { Set-Content $Report $annotations } else { $annotations }
}

$issues = @(Test-CraneFile -Path $Path)
if ($issues) {
    Write-Annotation $issues
    exit 1
}

# A failed image must not prevent the others, so errors are collected. What could not be built is not pushed.
$failures = @()
$continue = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+failures' }
Invoke-CraneBuild @select -Changed @continue | Invoke-CranePush @login @continue
Write-Annotation $failures
exit ($failures ? 2 : 0)
