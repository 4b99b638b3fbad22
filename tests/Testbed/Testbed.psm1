# Private container engines and registries for tests, demo and bench. Start-Testbed starts them, Stop-Testbed ends them.
#   Programs.ps1   where the programs come from, and whether a testbed can run here
#   Lifecycle.ps1  starting, finding and stopping a testbed; what runs is in testbed.sh
#   Images.ps1     running docker and its peers inside a testbed, asking its engines; making images without any network
#   Archive.ps1    the bytes of such an image
#   Ssh.ps1        an ssh server in front of an engine; what runs is in sshd.sh
#   Pictures.ps1   a browser and Graphviz, for tests of pictures
#   Registry.ps1   a registry of our own, for machines where a testbed cannot run
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

. $PSScriptRoot/Programs.ps1
. $PSScriptRoot/Lifecycle.ps1
. $PSScriptRoot/Images.ps1
. $PSScriptRoot/Archive.ps1
. $PSScriptRoot/Ssh.ps1
. $PSScriptRoot/Pictures.ps1
. $PSScriptRoot/Registry.ps1

$ExecutionContext.SessionState.Module.OnRemove = { Stop-TestRegistry; Stop-Supervisor @($Supervisors.Keys) }

Export-ModuleMember -Function @(
    'Test-Testbed', 'Install-Testbed', 'Start-Testbed', 'Get-Testbed', 'Stop-Testbed'
    'Invoke-TestbedProgram', 'Invoke-TestbedDocker', 'Invoke-TestbedEngine', 'New-TestbedImage', 'Get-HubRequest', 'Start-TestbedSsh'
    'Test-PictureProgram', 'Install-PictureProgram', 'Invoke-PictureProgram'
    'Start-TestRegistry', 'Stop-TestRegistry', 'New-TestRegistryImage')
