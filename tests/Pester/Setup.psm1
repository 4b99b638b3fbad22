# What the tests of this folder have in common. They use PowerShell as a user does; this is only what comes before.
#   Setup/CraneFile.ps1   crane files to work with, and the environment they see
#   Setup/Image.ps1       names nobody else uses, images in registries, and what engine and registry hold under a name
#   Setup/HelpWorld.ps1   what the examples of the help are run in, with a person at the session who knows a password
#   Setup/Shell.ps1       PowerShell beside this one: a process of its own, or a session that can be stopped
#   Setup/GatedRegistry.* a registry whose answers stop half way for as long as a test needs
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Import-Module $PSScriptRoot/../Testbed/Testbed.psm1

. $PSScriptRoot/Setup/CraneFile.ps1
. $PSScriptRoot/Setup/Image.ps1
. $PSScriptRoot/Setup/Shell.ps1
. $PSScriptRoot/Setup/GatedRegistry.ps1

# The testbed that the tests of this run share, and what of it they name; all of it is $null where there is none.
$testbed = Get-Testbed
$missing = -not $testbed
$official = ${testbed}?.Official
$personal = ${testbed}?.Personal
$credential = ${testbed}?.PersonalCredential
Export-ModuleMember -Function * -Variable testbed, missing, official, personal, credential
