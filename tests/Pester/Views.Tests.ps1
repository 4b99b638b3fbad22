# Which tables objects have, and what these show at the widths that terminals have.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    # The rows of a table as objects, with wrapped cells joined again. A row begins where its first column is not empty.
    function Read-Table([Parameter(ValueFromPipeline)] $Row, [int] $Width, [switch] $Formatted) {
        end {
            $text = $Formatted ? ($input | Format-Table | Out-String -Width $Width) : ($input | Out-String -Width $Width)
            $lines = @($text -split '\r?\n')
            $lines | Where-Object Length -gt $Width | Should -BeNullOrEmpty
            $ruler = $lines -match '^-[- ]+$' | Select-Object -First 1
            $header = $lines[$lines.IndexOf($ruler) - 1]
            $starts = @([regex]::Matches($ruler, '-+').Index)
            $rows = [Collections.Generic.List[Collections.Specialized.OrderedDictionary]]::new()
            foreach ($line in $lines[($lines.IndexOf($ruler) + 1)..($lines.Count - 1)].Where{ $_.Trim() }) {
                if ($line[0] -ne ' ') { $rows.Add([ordered]@{}) }
                for ($i = 0; $i -lt $starts.Count; $i++) {
                    $end = $i + 1 -lt $starts.Count ? $starts[$i + 1] - 1 : $Width
                    $name = ($header.PadRight($Width)[$starts[$i]..($end - 1)] -join '').Trim()
                    # A line is broken in the middle of a word, and its spaces are kept.
                    $rows[-1][$name] += ($line.PadRight($Width)[$starts[$i]..($end - 1)] -join '') -replace ' +$', ' '
                }
            }
            foreach ($row in $rows) {
                foreach ($name in @($row.Keys)) { $row[$name] = $row[$name].Trim() -replace ' +', ' ' }
                [pscustomobject]$row
            }
        }
    }

    $registry = (Start-TestRegistry).Address
}

Describe 'The table of a run' {
    BeforeAll {
        $name = New-Name
        $null = New-TestRegistryImage "$registry/platform/$name-moved:2026.11-rc1" -Layer @{ "data/$name" = 2MB }
        $file = Write-CraneFile $TestDrive @"
containers:
  moved: { image: "platform/$name-moved:2026.11-rc1", pull: { registry: "$registry" } }
  gone: { image: "platform/$name-gone", pull: { registry: "$registry" } }
  built: { image: "platform/$name-built", build: web/ }
"@
        $results = Invoke-CranePull -Path $file -Engine "oci:$TestDrive/images" -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Failed', 'Skipped'
    }

    It 'says what was moved, what failed and what was skipped, and why, in <_> columns' -ForEach 80, 100, 120, 200 {
        foreach ($formatted in $false, $true) {
            $rows = $results | Read-Table -Width $_ -Formatted:$formatted
            $rows[0].psobject.Properties.Name | Should -Be 'Operation', 'Status', 'Container', 'Source', 'Target', 'Detail'
            $rows.Operation | Should -Be 'Pull', 'Pull', 'Pull'
            $rows.Status | Should -Be 'Succeeded', 'Failed', 'Skipped'
            $rows.Container | Should -Be 'moved', 'gone', 'built'
            $rows.Source | Should -Be "platform/$name-moved:2026.11-rc1", "platform/$name-gone", ''
            $rows.Target | Should -Be "platform/$name-moved:2026.11-rc1", "platform/$name-gone", "platform/$name-built"
            $rows[0].Detail | Should -Match '^2[.,]\d MB, \d+([.,]\d+)? s$'
            $rows[1].Detail -replace ' ' | Should -Be (($results[1].Error -split '\n')[0] -replace ' ')
            $rows[2].Detail | Should -Be 'built here'
        }
    }

    It 'has the registry that all rows share above them' {
        $text = $results | Out-String -Width 120
        $text | Should -Not -Match ([regex]::Escape("$registry/platform/$name-moved"))
        $text | Should -Match "(?m)^ +Registry: $([regex]::Escape($registry))\r?$"
        ($results | Where-Object Container -eq moved | Format-List | Out-String -Width 120) | Should -Match "Source +: $([regex]::Escape($registry))"
        foreach ($again in ($results | ConvertTo-Csv | ConvertFrom-Csv), ($results | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json)) {
            $again.Source | Should -Be $results.Source
        }
        $xml = "$TestDrive/$(New-Name).xml"
        $results | Export-Clixml $xml
        Import-Clixml $xml | Out-String -Width 120 | Should -Be $text
    }

    It 'keeps registries in the rows where they differ, and where there is one row' {
        $other = (Start-TestRegistry).Address
        $null = New-TestRegistryImage "${other}/${name}:1" -Layer @{ 'etc/mark' = $name }
        $both = [pscustomobject]@{ Source = "$registry/platform/$name-moved:2026.11-rc1"; Target = 'a' },
            [pscustomobject]@{ Source = "${other}/${name}:1"; Target = 'b' } | Invoke-CranePull -Engine "oci:$TestDrive/images"
        $text = $both | Out-String -Width 200
        $text | Should -Not -Match 'Registry:'
        $text | Should -Match ([regex]::Escape("$registry/platform"))
        $text | Should -Match ([regex]::Escape("${other}/${name}:1"))
        $one = Invoke-CranePull -Source "${other}/${name}:1" -Target c -Engine "oci:$TestDrive/images"
        $one | Out-String -Width 200 | Should -Match ([regex]::Escape("${other}/${name}:1"))
    }

    It 'colours the status where the host does' {
        $before = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $text = $results | Out-String -Width 120
            $text | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Green)Succeeded"))
            $text | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Red)Failed"))
            $text | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Yellow)Skipped"))
            $PSStyle.OutputRendering = 'PlainText'
            $results | Out-String -Width 120 | Should -Not -Match '\e'
        }
        finally { $PSStyle.OutputRendering = $before }
        $results | Out-File "$TestDrive/table.txt"
        Get-Content "$TestDrive/table.txt" -Raw | Should -Not -Match '\e'
    }

    It 'says on which of several engines' {
        $source = "$registry/platform/$name-moved:2026.11-rc1"
        $rows = Invoke-CranePull -Source $source -Target x -Engine "oci:$TestDrive/1", "oci:$TestDrive/2" | Read-Table -Width 200
        $rows[0].Detail -replace ' ' | Should -Match "oci:.*/1:2[.,]\dMB,"
        $rows[1].Detail -replace ' ' | Should -Match "oci:.*/2:2[.,]\dMB,"
    }
}

Describe 'The table of plans' {
    It 'has a line for each of 100 containers, whatever the registry is called, in <_> columns' -ForEach 100, 120, 200 {
        $long = 'registry.eu-west-1.production.company.example.com:5000'
        $containers = (1..100).ForEach{ "  service-${_}: { image: team/service-$_, pull: { registry: '$long' } }" } -join "`n"
        $plans = Get-CraneRetagPlan Pull -Path (Write-CraneFile $TestDrive "containers:`n$containers")
        $lines = ($plans | Out-String -Width $_) -split '\r?\n' -ne ''
        $lines | Should -HaveCount 103
        $lines[0].Trim() | Should -Be "Registry: $long"
        $lines[102] | Should -Match '^Pull +Planned +service-100 +team/service-100 +team/service-100'
    }

    It 'does not break names in 200 columns' {
        $name = 'payments/' + 'x' * 35
        $file = Write-CraneFile $TestDrive "containers: { $('c' * 44): { image: $name, push: { registry: r.example } } }"
        $text = Get-CraneRetagPlan Push -Path $file | Out-String -Width 200
        $text | Should -Match "$('c' * 44) +$name +"
    }

    It 'says why a plan is skipped in <_> columns' -ForEach 80, 200 {
        $file = Write-CraneFile $TestDrive 'containers: { web: { image: company/web }, os: { image: company/os, push: { skip: true } } }'
        (Get-CraneRetagPlan Push -Path $file | Read-Table -Width $_).Detail -replace ' ' | Should -Be 'nopushdirective', 'push.skip'
    }
}

Describe 'Other tables' {
    It 'show whole names in 80 columns' {
        $name = New-Name
        $null = New-TestRegistryImage "$registry/platform/$name-with-a-long-name:2026.11-rc1" -Layer @{ 'etc/mark' = $name }
        $image = Get-CraneImage "$registry/platform/$name-with-a-long-name:2026.11-rc1" | Read-Table -Width 80
        $image.Digest | Should -Match '^[0-9a-f]{12}\b'
        $image.Created | Should -Be '1970-01-01 00:00'
        $image.Platform | Should -Be 'linux/amd64'
        $image.Name -replace ' ' | Should -Be "$registry/platform/$name-with-a-long-name:2026.11-rc1"
        $tags = Get-CraneTag "$registry/platform/$name-with-a-long-name" | Read-Table -Width 80
        $tags.Tag | Should -Be '2026.11-rc1'
        $tags.Reference -replace ' ' | Should -Be "$registry/platform/$name-with-a-long-name:2026.11-rc1"
        $file = Write-CraneFile $TestDrive "containers: { a-container-with-a-name: { image: $name, push: { registry: registry.company.example } } }"
        $container = Get-CraneContainer -Path $file | Read-Table -Width 80
        $container.Name | Should -Be 'a-container-with-a-name'
        $container.Push -replace ' ' | Should -Be "registry.company.example/$name"
        $status = Get-CraneStatus -Path $file -Engine "oci:$TestDrive/none" -Offline | Read-Table -Width 80
        $status.Container | Should -Be 'a-container-with-a-name'
        $status.Status -replace ' ' | Should -Match 'nothere'
    }

    It 'show the same date under the calendar of <_>' -ForEach 'th-TH', 'fa-IR', 'ar-SA' {
        $name = New-Name
        $null = New-TestRegistryImage "$registry/platform/${name}:1" -Layer @{ 'etc/mark' = $name }
        $image = Get-CraneImage "$registry/platform/${name}:1"
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $image | Out-String -Width 120 | Should -Match '1970-01-01 00:00'
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'show the whole message of an issue in <_> columns' -ForEach 80, 200 {
        $file = Write-CraneFile $TestDrive 'containers: { os: { image: company/os, puhs: { registry: r.example } } }'
        $issue = Test-CraneFile -Path $file
        $shown = $issue | Read-Table -Width $_
        $shown.Message -replace ' ' | Should -Be ($issue.Message -replace ' ')
    }
}

Describe 'The view of an object' {
    It 'is a table of 2 to 6 columns: <_>' -ForEach 'CraneContainer', 'RetagPlan', 'RetagResult', 'CraneFileIssue', 'RegistryLogin', 'CraneImage', 'CraneTag' {
        $view = Get-FormatData -TypeName "Crane.$_" -PowerShellVersion $PSVersionTable.PSVersion
        $view.FormatViewDefinition | Should -HaveCount 1
        $view.FormatViewDefinition[0].Control.Headers.Count | Should -BeIn (2..6)
        (Get-FormatData -TypeName "Deserialized.Crane.$_" -PowerShellVersion $PSVersionTable.PSVersion) | Should -Not -BeNullOrEmpty
    }
}
