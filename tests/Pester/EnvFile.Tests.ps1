Import-Module $PSScriptRoot/Setup.psm1

# Variables of .env beside the crane file, and of -EnvFile.

BeforeAll {
    function New-Stack([string]$Env, [string]$Image = '${REGISTRY_HOST}/os') {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        Set-Content $folder/crane.yaml "containers: { os: { image: '$Image' } }"
        if ($Env) { Set-Content $folder/.env $Env }
        "$folder/crane.yaml"
    }
}

Describe 'Files of variables' {
    BeforeEach { $env:REGISTRY_HOST = $null }
    AfterEach { $env:REGISTRY_HOST = $null }

    It 'reads .env beside the crane file' {
        (Get-CraneContainer -Path (New-Stack 'REGISTRY_HOST=file.example')).Image | Should -Be 'file.example/os'
    }

    It 'reads .env beside a crane file that is found in a parent folder' {
        $stack = New-Stack 'REGISTRY_HOST=file.example'
        $below = New-Item -ItemType Directory (Join-Path (Split-Path $stack) below)
        Set-Content $below/.env 'REGISTRY_HOST=other.example'
        Push-Location $below
        try { (Get-CraneContainer).Image | Should -Be 'file.example/os' } finally { Pop-Location }
    }

    It 'prefers -Variable to the environment, and both to the file' {
        $stack = New-Stack 'REGISTRY_HOST=file.example'
        $env:REGISTRY_HOST = 'environment.example'
        (Get-CraneContainer -Path $stack).Image | Should -Be 'environment.example/os'
        (Get-CraneContainer -Path $stack -Variable @{ REGISTRY_HOST = 'given.example' }).Image | Should -Be 'given.example/os'
    }

    It 'does not use the file for a variable that -Variable says is not set' {
        $stack = New-Stack 'REGISTRY_HOST=file.example'
        Get-CraneContainer -Path $stack -Variable @{ REGISTRY_HOST = $null } -ErrorAction SilentlyContinue -ErrorVariable failures |
            Should -BeNullOrEmpty
        $failures.FullyQualifiedErrorId | Should -BeLike 'UndefinedVariable,*'
    }

    It 'reads the files of -EnvFile instead, the later over the earlier' {
        $stack = New-Stack 'REGISTRY_HOST=file.example'
        Set-Content $TestDrive/a.env "REGISTRY_HOST=a.example`nPORT=5001"
        Set-Content $TestDrive/b.env 'REGISTRY_HOST=b.example:$PORT'
        (Get-CraneContainer -Path $stack -EnvFile $TestDrive/a.env, $TestDrive/b.env).Image | Should -Be 'b.example:5001/os'
    }

    It 'names the file that -EnvFile gives and that does not exist' {
        $stack = New-Stack
        { Get-CraneContainer -Path $stack -EnvFile $TestDrive/none.env -ErrorAction Stop } |
            Should -Throw '*none.env'', given by -EnvFile, does not exist*' -ErrorId 'CraneFileNotFound,*'
    }

    It 'reads no file with -NoEnvFile' {
        $stack = New-Stack 'REGISTRY_HOST=file.example'
        { Get-CraneContainer -Path $stack -NoEnvFile -ErrorAction Stop } | Should -Throw '*REGISTRY_HOST, which is not set*'
    }

    It 'says that a missing variable can be set in the file <where>' -ForEach @(
        @{ Where = 'that was read'; Env = 'OTHER=1' }
        @{ Where = 'that does not exist'; Env = '' }
    ) {
        $stack = New-Stack $Env
        $null = Get-CraneContainer -Path $stack -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.ErrorDetails.RecommendedAction | Should -BeLike "Set REGISTRY_HOST in the environment or in '$(Split-Path $stack)*.env', or pass it with -Variable*"
    }

    It 'uses other variables of a file with a value that cannot be expanded' {
        (Get-CraneContainer -Path (New-Stack "PASSWORD=pa`$word`nREGISTRY_HOST=file.example")).Image | Should -Be 'file.example/os'
    }

    It 'reports a value that cannot be expanded with its location, where it is used, and shows nothing of it' {
        $stack = New-Stack "REGISTRY_HOST=s3cret`${x"
        $issue = Test-CraneFile -Path $stack
        $issue.Path | Should -Be (Join-Path (Split-Path $stack) .env)
        $issue.Line | Should -Be 1
        $issue | Format-List | Out-String | Should -Not -Match 's3cret'
    }

    It 'has a build argument''s value from the file, as Compose has' {
        $folder = Split-Path (New-Stack 'VERSION=4')
        Set-Content $folder/crane.yaml 'containers: { os: { image: os, build: { context: ., build-arg: [VERSION, OTHER] } } }'
        (Get-CraneContainer -Path $folder).Build.Argument | Should -Be 'VERSION=4', 'OTHER'
    }

    It 'completes names of containers with them' {
        $stack = New-Stack 'NAME=web'
        Set-Content $stack 'containers: { "${NAME}-server": { image: company/web } }'
        (TabExpansion2 "Get-CraneContainer -Path '$stack' we").CompletionMatches.CompletionText | Should -Be 'web-server'
    }
}
