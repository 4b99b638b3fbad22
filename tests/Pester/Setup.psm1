# What the tests of this folder have in common. They use PowerShell as a user does; this is only what comes before.
#   Setup/CraneFile.ps1   crane files to work with, and the environment they see
#   Setup/Image.ps1       names nobody else uses, images in registries, and what engine and registry hold under a name
#   Setup/AnsweringHost.* a person at a session, who knows a password
#   Setup/Shell.ps1       PowerShell beside this one: a process of its own, or a session that can be stopped
#   Setup/GatedRegistry.* a registry whose answers stop half way for as long as a test needs
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Import-Module $PSScriptRoot/../Testbed/Testbed.psm1

. $PSScriptRoot/Setup/CraneFile.ps1
. $PSScriptRoot/Setup/Image.ps1
. $PSScriptRoot/Setup/Shell.ps1
. $PSScriptRoot/Setup/GatedRegistry.ps1
