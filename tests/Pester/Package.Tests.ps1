Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $module = $env:CRANE_TEST_MODULE
    $root = Convert-Path $PSScriptRoot/../..
    $manifest = Import-PowerShellDataFile $module/Crane.psd1
    $version = [version]$manifest.ModuleVersion
    $newer = [version]::new($version.Major, $version.Minor, $version.Build + 1)

    # The module as it would be in the next version.
    $next = "$TestDrive/next/Crane"
    Copy-Item $module $next -Recurse
    (Get-Content $next/Crane.psd1 -Raw).Replace("= '$version'", "= '$newer'") | Set-Content $next/Crane.psd1

    & $root/tools/package/New-Package.ps1 $module $TestDrive/packages
    & $root/tools/package/New-Package.ps1 $next $TestDrive/newer
    $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os } }'

    # A user who has installed nothing yet.
    function New-User {
        $user = New-Item "$TestDrive/$(New-Name)" -ItemType Directory
        # PSResourceGet writes to the current location where they are missing.
        $null = New-Item "$user/.local/share", "$user/.config" -ItemType Directory
        [pscustomobject]@{
            Home        = "$user"
            Modules     = "$user/.local/share/powershell/Modules"
            Environment = @{
                HOME = "$user"
                XDG_DATA_HOME = "$user/.local/share"; XDG_CONFIG_HOME = "$user/.config"; XDG_CACHE_HOME = "$user/.cache"
                PSModulePath = "$user/.local/share/powershell/Modules"
            }
        }
    }

    # Its output, in which any error and warning would be.
    function Invoke-User($User, [string] $Script) {
        $shell = Invoke-Shell "Set-Location '$($User.Home)'`n$Script" -Environment $User.Environment -NoModule
        $shell.Output.Trim() -split '\r?\n'
    }

    $run = "Import-Module Crane; (Get-CraneContainer -Path '$file').Image; `"`$((Get-Module Crane).Version)`""
}

# On Windows modules of a user are in Documents, wherever the environment says that the user is at home.
Describe 'The package for the Gallery' -Skip:$IsWindows {
    It 'can be published, installed, imported and run, and then updated' {
        $user = New-User
        $repository = New-Item "$TestDrive/repository" -ItemType Directory
        Invoke-User $user @"
            Register-PSResourceRepository folder -Uri '$repository' -Trusted
            Publish-PSResource -NupkgPath '$TestDrive/packages/Crane.$version.nupkg' -Repository folder
            Install-PSResource Crane -Repository folder
            $run
            (Get-Module Crane).ModuleBase
"@ | Should -Be 'company/os', $version, "$($user.Modules)/Crane/$version"
        Invoke-User $user @"
            Publish-PSResource -NupkgPath '$TestDrive/newer/Crane.$newer.nupkg' -Repository folder
            Update-PSResource Crane -Repository folder
            $run
"@ | Should -Be 'company/os', $newer
    }

    It 'says in a repository what it is, where it comes from, and what is new' {
        Invoke-User (New-User) @"
            Register-PSResourceRepository folder -Uri '$TestDrive/packages' -Trusted
            `$found = Find-PSResource Crane -Repository folder
            `$found.Description, "`$(`$found.ProjectUri)", "`$(`$found.LicenseUri)", (`$found.ReleaseNotes -split '\r?\n')[0]
"@ | Should -Be @(
            $manifest.Description, $manifest.PrivateData.PSData.ProjectUri, $manifest.PrivateData.PSData.LicenseUri
            ($manifest.PrivateData.PSData.ReleaseNotes -split '\r?\n')[0])
    }

    It 'is installed by the lines of the README, once, again, and in a newer version' {
        $user = New-User
        $lines = [regex]::Match((Get-Content $root/README.md -Raw), '(?s)\n## Install\n.*?```powershell\n(.*?)\n```').Groups[1].Value
        $lines | Should -Match 'Import-Module Crane$'
        $out = New-Item "$($user.Home)/out" -ItemType Directory
        Copy-Item $TestDrive/packages $out/package -Recurse
        Invoke-User $user "$lines; $run" | Should -Be 'company/os', $version
        Invoke-User $user "$lines; $run" | Should -Be 'company/os', $version
        Remove-Item $out/package -Recurse
        Copy-Item $TestDrive/newer $out/package -Recurse
        Invoke-User $user "$lines; $run" | Should -Be 'company/os', $newer
    }
}

Describe 'The zip' {
    It 'is installed by expanding it, once, again, and in a newer version, whose folder is another one' {
        $user = New-User
        $expand = "Expand-Archive '{0}' '$($user.Modules)' -Force; $run"
        Invoke-User $user ($expand -f "$TestDrive/packages/Crane.$version.zip") | Should -Be 'company/os', $version
        Invoke-User $user ($expand -f "$TestDrive/packages/Crane.$version.zip") | Should -Be 'company/os', $version
        Invoke-User $user ($expand -f "$TestDrive/newer/Crane.$newer.zip") | Should -Be 'company/os', $newer
        (Get-ChildItem "$($user.Modules)/Crane").Name | Should -Be $version, $newer
    }
}

Describe 'The help for Update-Help' {
    It 'is installed where the help of this version is missing' {
        $user = New-User
        Copy-Item $module "$($user.Modules)/Crane/$version" -Recurse
        Remove-Item "$($user.Modules)/Crane/$version/en-US" -Recurse
        Invoke-User $user @"
            (Get-Help Invoke-CranePull).Synopsis.Trim() -like 'Pulls*'
            Update-Help Crane -SourcePath '$TestDrive/packages/help' -UICulture en-US -Scope AllUsers -ErrorAction Stop
            (Get-Help Invoke-CranePull).Synopsis
            (Get-Help about_Crane_Git).Length -gt 1000
"@ | Should -Be 'False', (Get-Help Invoke-CranePull).Synopsis, 'True'
    }
}

Describe 'Two builds of a commit' {
    It 'make packages of equal bytes, in any folder, from any copy, with CI=true or without' {
        $hashes = foreach ($build in @(
            @{ Folder = "$TestDrive/one"; Origin = 'https://github.com/somebody/fork'; Environment = @{ CI = ''; TZ = 'Asia/Tokyo' } }
            @{ Folder = "$TestDrive/deeper/two"; Origin = $root; Environment = @{ CI = 'true'; TZ = 'America/Lima' } }
        )) {
            git clone --quiet $root $build.Folder
            git -C $build.Folder remote set-url origin $build.Origin
            $environment = $build.Environment + @{ RunAnalyzers = 'false' }   # they do not change what is compiled
            $shell = Invoke-Shell "& '$($build.Folder)/build.ps1' package; exit `$LASTEXITCODE" -Environment $environment -NoModule
            $shell.ExitCode | Should -Be 0 -Because $shell.Output
            , (Get-ChildItem "$($build.Folder)/out/package" -Recurse -File | ForEach-Object { "$($_.Name) $((Get-FileHash $_).Hash)" })
        }
        $hashes[0] | Should -HaveCount 5
        $hashes[1] | Should -Be $hashes[0]
    }
}
