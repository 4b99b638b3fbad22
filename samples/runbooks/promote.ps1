#Requires -Version 7.4
#Requires -Modules Crane

<#
.SYNOPSIS
Promotes images with an approval: writes what a push would do, and after a review runs exactly that.
.DESCRIPTION
Without -Approved it writes the push plan as JSON, for people to review and perhaps edit: which images would be pushed, by
digest, and what they would replace. With -Approved it pushes exactly the plans in that file, and writes the results next to
it. What has changed in between is refused. Undo-CraneRetag can undo the results.

Exit codes: 0: everything is pushed or up to date (or planned); 1: it could not start; 2: some images failed, the others are
pushed. The credential is in REGISTRY_USER and REGISTRY_PASSWORD, or else in docker's configuration.
.PARAMETER PlanFile
The file for the plan. The results are in the file beside it with the extension results.json.
.PARAMETER Path
The crane file, or its folder.
.PARAMETER Approved
Pushes what the plan file says.
.EXAMPLE
pwsh -File promote.ps1 -PlanFile plan.json -Path stack/
pwsh -File promote.ps1 -PlanFile plan.json -Approved
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $PlanFile,
    [string] $Path = '.',
    [switch] $Approved
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'   # other errors end the script, and pwsh -File with exit code 1
$ProgressPreference = 'SilentlyContinue'

$login = @{}
if ($env:REGISTRY_USER) {
    $login.Credential = [pscredential]::new($env:REGISTRY_USER, (ConvertTo-SecureString $env:REGISTRY_PASSWORD -AsPlainText))
}

if (-not $Approved) {
    $plans = @(Get-CraneRetagPlan Push -Path $Path -Resolve @login)   # an error ends the script: no plan for half a stack
    ConvertTo-Json $plans | Set-Content $PlanFile
    $plans
    exit 0
}

# A failed image must not prevent the push of the others, so errors are collected instead of thrown.
$results = @(
    Get-Content $PlanFile -Raw | ConvertFrom-Json |
        Invoke-CranePush @login -ErrorAction SilentlyContinue -ErrorVariable failures)
ConvertTo-Json $results | Set-Content ([IO.Path]::ChangeExtension($PlanFile, 'results.json'))
$results
foreach ($failure in $failures) { Write-Warning "$($failure.FullyQualifiedErrorId): $failure" }
exit ($failures ? 2 : 0)
