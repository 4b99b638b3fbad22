@{
    RootModule           = 'Crane.dll'
    # The build puts in what is empty here, from Directory.Build.props and CHANGELOG.md.
    ModuleVersion        = ''
    GUID                 = '50f805bb-cd92-4381-9ac7-ba7f58cbb048'
    Author               = 'Crane contributors'
    CompanyName          = 'Crane contributors'
    Copyright            = 'Copyright (c) Crane contributors. MIT License.'
    Description          = 'A GitHub-like workflow for container images: pull from the official registry and tag with plain names, build with the same names, push to a personal registry. Plans first, runs in parallel, refuses to guess.'

    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    HelpInfoURI          = ''

    # Makes [Crane.ImageName] available after the import; everything else is loaded on first use.
    RequiredAssemblies   = @('Crane.Core.dll')
    FormatsToProcess     = @('Crane.Format.ps1xml')
    TypesToProcess       = @('Crane.Types.ps1xml')

    CmdletsToExport      = @(
        'Connect-CraneRegistry'
        'ConvertTo-CraneAnnotation'
        'Copy-CraneImage'
        'Disconnect-CraneRegistry'
        'Export-CraneBakeFile'
        'Export-CraneComposeFile'
        'Export-CraneGraph'
        'Get-CraneContainer'
        'Get-CraneImage'
        'Get-CraneRegistryLogin'
        'Get-CraneRetagPlan'
        'Get-CraneStatus'
        'Get-CraneTag'
        'Invoke-CraneBuild'
        'Invoke-CraneProvision'
        'Invoke-CranePull'
        'Invoke-CranePush'
        'New-CraneFile'
        'Test-CraneFile'
        'Undo-CraneRetag'
        'Update-CraneLock'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('Container', 'Docker', 'OCI', 'Registry', 'Image', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            ProjectUri   = ''
            LicenseUri   = ''
            ReleaseNotes = ''
        }
    }
}
