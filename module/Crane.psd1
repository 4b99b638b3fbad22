@{
    RootModule           = 'Crane.dll'
    # The build writes the version of Directory.Build.props here.
    ModuleVersion        = '0.1.0'
    GUID                 = '50f805bb-cd92-4381-9ac7-ba7f58cbb048'
    Author               = 'Crane contributors'
    CompanyName          = 'Crane contributors'
    Copyright            = 'Copyright (c) Crane contributors. MIT License.'
    Description          = 'A GitHub-like cycle for container images: pull from the official registry and tag under plain names, build under the same names, push to a personal registry. Plans first, runs in parallel, refuses to guess.'

    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # Makes [Crane.ImageName] known from the import on; everything else loads with the first use.
    RequiredAssemblies   = @('Crane.Core.dll')
    FormatsToProcess     = @('Crane.Format.ps1xml')

    CmdletsToExport      = @(
        'Connect-CraneRegistry'
        'Copy-CraneImage'
        'Disconnect-CraneRegistry'
        'Export-CraneBakeFile'
        'Get-CraneContainer'
        'Get-CraneImage'
        'Get-CraneRetagPlan'
        'Get-CraneTag'
        'Invoke-CraneBuild'
        'Invoke-CraneProvision'
        'Invoke-CranePull'
        'Invoke-CranePush'
        'Test-CraneFile'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('Container', 'Docker', 'OCI', 'Registry', 'Image', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
