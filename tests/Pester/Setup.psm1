# Shared setup for the tests in this folder.
#   Setup/CraneFile.ps1   crane files, and environment variables
#   Setup/LockFile.ps1    crane files to lock, and their locks
#   Setup/Image.ps1       unique names, images in registries, and what an engine or registry has under a name
#   Setup/HelpWorld.ps1   the environment for the help's examples, with a user who knows a password
#   Setup/Shell.ps1       another PowerShell: a separate process, or a session that can be stopped
#   Setup/GatedRegistry.* a registry whose responses pause half way until the test opens a gate
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Import-Module $PSScriptRoot/../Testbed/Testbed.psm1

. $PSScriptRoot/Setup/CraneFile.ps1
. $PSScriptRoot/Setup/LockFile.ps1
. $PSScriptRoot/Setup/Image.ps1
. $PSScriptRoot/Setup/Shell.ps1
. $PSScriptRoot/Setup/GatedRegistry.ps1

# The testbed of this run and its parts; $null if there is none.
$testbed = Get-Testbed
$missing = -not $testbed
$official = ${testbed}?.Official
$personal = ${testbed}?.Personal
$credential = ${testbed}?.PersonalCredential
Export-ModuleMember -Function * -Variable testbed, missing, official, personal, credential
