Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    $commands = Get-Command -Module Crane | ForEach-Object { @{ Name = $_.Name } }
}

BeforeAll {
    $root = Convert-Path $PSScriptRoot/../..
}

Describe 'docs/help' {
    BeforeAll {
        & $root/tools/help/Build-Page.ps1 $env:CRANE_TEST_MODULE $TestDrive/help
        $pages = Get-ChildItem $TestDrive/help
    }

    It 'is what ./build.sh docs writes' {
        (Get-ChildItem $root/docs/help).Name | Should -Be $pages.Name -Because 'it has a page for each cmdlet and topic'
        $pages.Where{ (Get-FileHash $_).Hash -ne (Get-FileHash "$root/docs/help/$($_.Name)").Hash }.Name |
            Should -BeNullOrEmpty -Because './build.sh docs writes them again'
    }

    It 'has no broken link' {
        foreach ($page in $pages) {
            foreach ($link in [regex]::Matches((Get-Content $page -Raw), '\]\(([^)]+)\)').ForEach{ $_.Groups[1].Value } -notlike 'https://*') {
                "$TestDrive/help/$link" | Should -Exist -Because $page.Name
            }
        }
    }

    It 'shows each topic without losing a word' {
        foreach ($topic in Get-ChildItem $env:CRANE_TEST_MODULE/en-US/about_*.help.txt) {
            $page = Get-Content "$TestDrive/help/$($topic.Name -replace '\.help\.txt$').md" -Raw
            $shown = $page -replace '\A<!--.*-->' -replace '\[(\w[\w-]+)\]\(\1\.md\)', '$1' -replace '(?m)^(```\w*|#+) ?|^- (?=about_|\w+-Crane)' -replace '\\(?=[\\`*<>\[\]$|_])'
            $written = (Get-Content $topic -Raw) -replace '(?m)^TOPIC$|^(SHORT|LONG) DESCRIPTION$' -replace '(?m)^\s+PS>'
            -split $shown -join "`n" | Should -BeExactly (-split $written -join "`n")
        }
    }
}

# Get-Help opens addresses with the program xdg-open there.
Describe 'Get-Help -Online' -Skip:(-not $IsLinux) {
    It 'opens the page of <name>' -ForEach $commands {
        $bin = New-Item "$TestDrive/$(New-Name)" -ItemType Directory
        Set-Content $bin/xdg-open "#!/bin/sh`necho `"`$1`" > '$bin/new' && mv '$bin/new' '$bin/opened'"
        chmod +x $bin/xdg-open
        $path = $env:PATH
        $env:PATH = "${bin}:$path"
        try { Get-Help $name -Online } finally { $env:PATH = $path }
        Wait-Until { Test-Path $bin/opened }
        $address = Get-Content $bin/opened
        $repository = (Select-Xml -Path $root/Directory.Build.props -XPath '//RepositoryUrl').Node.InnerText
        $address | Should -Be "$repository/blob/main/docs/help/$name.md"
        "$root/docs/help/$name.md" | Should -Exist
    }
}
