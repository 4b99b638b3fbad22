# Invalid input of every kind, in every form, is never planned: it is an error with an id, or the plan is skipped with a reason.

Import-Module $PSScriptRoot/Setup.psm1

BeforeDiscovery {
    # A container, and the expected result for it in a crane file and as an object. In a file, ${EMPTY} is a variable that is set
    # but empty; an object has the empty value.
    $wrongs = @(
        @{ Wrong = 'an empty variable for the registry'; Body = @{ image = 'company/app'; push = @{ registry = '${EMPTY}' } }; File = 'EmptyVariable'; Object = 'no push directive' }
        @{ Wrong = 'an empty variable for the user'; Body = @{ image = 'company/app'; push = @{ override_user = '${EMPTY}' } }; File = 'EmptyVariable'; Object = 'no push directive' }
        @{ Wrong = 'an empty variable for the official registry'; Operation = 'Copy'; Body = @{ image = 'company/app'; pull = @{ registry = '${EMPTY}' }; push = @{ skip = $false } }; File = 'EmptyVariable'; Object = 'no push directive' }
        @{ Wrong = 'no push section'; Body = @{ image = 'company/app' }; Both = 'no push directive' }
        @{ Wrong = 'a push section without a directive'; Body = @{ image = 'company/app'; push = @{ tag = 'a' } }; Both = 'no push directive' }
        @{ Wrong = 'a registry beside the push section'; Body = @{ image = 'company/app'; registry = 'r.co' }; Both = 'UnknownKey' }
        @{ Wrong = 'a user beside the push section'; Body = @{ image = 'company/app'; override_user = 'bob' }; Both = 'UnknownKey' }
        @{ Wrong = 'skip beside the push section'; Body = @{ image = 'company/app'; push = @{ registry = 'r.co' }; skip = $true }; Both = 'UnknownKey' }
        @{ Wrong = 'a tag beside the push section'; Body = @{ image = 'company/app'; push = @{ registry = 'r.co' }; tag = 'a' }; Both = 'UnknownKey' }
        @{ Wrong = 'a misspelled section'; Body = @{ image = 'company/app'; puhs = @{ registry = 'r.co' } }; Lacks = 'Push'; Both = 'UnknownKey' }
        @{ Wrong = 'a misspelled registry'; Body = @{ image = 'company/app'; push = @{ registy = 'r.co' } }; Both = 'UnknownKey' }
        @{ Wrong = 'a misspelled skip'; Body = @{ image = 'company/app'; push = @{ registry = 'r.co'; skpi = $true } }; Both = 'UnknownKey' }
        @{ Wrong = 'a skip that is neither true nor false'; Body = @{ image = 'company/app'; push = @{ registry = 'r.co'; skip = 'maybe' } }; Both = 'InvalidValue' }
        @{ Wrong = 'a user that reads as a host'; Body = @{ image = 'TheHolm/app'; push = @{ registry = 'r.co' } }; Both = 'InvalidImageName' }
        @{ Wrong = 'a pulled user that reads as a host'; Operation = 'Pull'; Body = @{ image = 'TheHolm/app'; pull = @{ registry = 'r.co' } }; Both = 'InvalidImageName' }
        @{ Wrong = 'a misspelled pull section'; Operation = 'Pull'; Body = @{ image = 'company/app'; pul = @{ registry = 'r.co' } }; Lacks = 'Pull'; Both = 'UnknownKey' }
        @{ Wrong = 'a misspelled official registry'; Operation = 'Pull'; Body = @{ image = 'company/app'; pull = @{ regisrty = 'r.co' } }; Both = 'UnknownKey' }
        @{ Wrong = 'no image'; Body = @{ push = @{ registry = 'r.co' } }; Both = 'MissingImage' }
        @{ Wrong = 'no push property'; Body = @{ image = 'company/app' }; Lacks = 'Push'; File = 'no push directive'; Object = 'InvalidValue' }
        @{ Wrong = 'no pull property'; Operation = 'Pull'; Body = @{ image = 'company/app' }; Lacks = 'Pull'; Object = 'InvalidValue' }
        @{ Wrong = 'neither a build property nor a pull directive'; Operation = 'Pull'; Body = @{ image = 'company/app' }; Lacks = 'Build'; Object = 'InvalidValue' }
        @{ Wrong = 'no build property for a build'; Operation = 'Build'; Body = @{ image = 'company/app' }; Lacks = 'Build'; File = 'no build context'; Object = 'InvalidValue' }
        @{ Wrong = 'no push property for a copy'; Operation = 'Copy'; Body = @{ image = 'company/app'; pull = @{ registry = 'r.co' } }; Lacks = 'Push'; File = 'no push directive'; Object = 'InvalidValue' }
    )
    $ways = @(
        @{ Way = 'a YAML file'; Kind = 'File'; In = { Write-CraneFile $TestDrive "containers:`n  app: $($args[0] | ConvertTo-Json -Compress)" } }
        @{ Way = 'a JSON file'; Kind = 'File'; In = { Write-CraneFile $TestDrive (@{ containers = @{ app = $args[0] } } | ConvertTo-Json -Depth 5) -Name crane.json } }
        @{ Way = 'a compose file'; Kind = 'File'; In = { Write-CraneFile $TestDrive "name: stack`nservices:`n  app: $($args[0] | ConvertTo-Json -Compress)" -Name compose.yaml } }
        @{ Way = 'an object'; Kind = 'Object'; In = { New-Container $args[0] $args[1] } }
        @{ Way = 'JSON'; Kind = 'Object'; In = { New-Container $args[0] $args[1] | ConvertTo-Json | ConvertFrom-Json } }
        @{ Way = 'CSV'; Kind = 'Object'; In = { New-Container $args[0] $args[1] -AsText | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Way = 'CliXml'; Kind = 'Object'; In = { New-Container $args[0] $args[1] | Export-Clixml $TestDrive/c.xml; Import-Clixml $TestDrive/c.xml } }
    )
    $cells = foreach ($wrong in $wrongs) {
        foreach ($one in $ways) {
            $expected = $wrong['Both'] ?? $wrong[$one.Kind]
            if ($expected) {
                @{ Wrong = $wrong.Wrong; Way = $one.Way; In = $one.In; Kind = $one.Kind; Body = $wrong.Body; Lacks = "$($wrong['Lacks'])"; Expected = $expected; Operation = $wrong['Operation'] ?? 'Push' }
            }
        }
    }
}

BeforeAll {
    # A container as emitted by Get-CraneContainer, with the properties of the file, except one that is missing.
    function New-Container([hashtable] $Body, [string] $Lacks, [switch] $AsText) {
        $container = [ordered]@{ Name = 'app'; Image = $null; Build = $null; BuiltBy = $null; Pull = $null; Push = $null }
        foreach ($key in $Body.Keys) {
            $container[$key] = $Body[$key] -isnot [hashtable] ? $Body[$key]
                : $AsText ? ($Body[$key].GetEnumerator().ForEach{ "$($_.Key)=$($_.Value)" } -join '; ').Replace('${EMPTY}', '')
                : $(
                    $section = [ordered]@{}
                    foreach ($inner in $Body[$key].Keys) { $section[$inner] = $Body[$key][$inner] -is [string] ? $Body[$key][$inner].Replace('${EMPTY}', '') : $Body[$key][$inner] }
                    [pscustomobject]$section
                )
        }
        $container.Remove($Lacks)
        [pscustomobject]$container
    }
}

Describe 'Invalid input is never planned' {
    It 'by <way>: <wrong> is <expected>' -ForEach $cells {
        $given = & $in $body $lacks
        Use-Environment @{ EMPTY = '' } {
            $plans = $(
                if ($kind -eq 'File') { Get-CraneRetagPlan $operation -Path $given -ErrorVariable errors -ErrorAction SilentlyContinue }
                else { $given | Get-CraneRetagPlan $operation -ErrorVariable errors -ErrorAction SilentlyContinue }
            )
            $plans.Status | Should -Not -Contain 'Planned'
            @($errors.ForEach{ "$($_.Exception.Id)" }) + @($plans.ForEach{ $_.Reason }) | Select-Object -Unique | Should -Be $expected
        }
    }
}

Describe 'Invalid input is never planned by -Source and -Target' {
    It '<wrong> is <expected>' -ForEach @(
        @{ Wrong = 'an empty variable'; Run = { $none = ''; Invoke-CranePush -Source company/app -Target "$none/company/app" -WhatIf }; Expected = 'InvalidImageName' }
        @{ Wrong = 'a target that reads as a host by its capitals'; Run = { Invoke-CranePush -Source company/app -Target TheHolm/app -WhatIf }; Expected = 'InvalidImageName' }
        @{ Wrong = 'a source that reads as a host by its capitals'; Run = { Invoke-CranePush -Source TheHolm/app -Target r.co/app -WhatIf }; Expected = 'InvalidImageName' }
        @{ Wrong = 'a misspelled column'; Run = { [pscustomobject]@{ Soruce = 'company/app'; Target = 'r.co/app' } | Invoke-CranePush -WhatIf }; Expected = 'UnknownKey' }
        @{ Wrong = 'a missing column'; Run = { [pscustomobject]@{ Target = 'r.co/app' } | Invoke-CranePush -WhatIf }; Expected = 'UnknownObject' }
        @{ Wrong = 'an operation of another cmdlet'; Run = { Invoke-CranePush -Source company/app -Target r.co/app -Operation Pull -WhatIf }; Expected = 'OperationMismatch' }
    ) {
        $ErrorActionPreference = 'Continue'
        $said = & $run 2>&1
        $said | Should -BeOfType System.Management.Automation.ErrorRecord
        $said.Exception.Id | Should -Be $expected
    }
}
