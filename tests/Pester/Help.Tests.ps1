BeforeDiscovery {
    $common = [Management.Automation.Cmdlet]::CommonParameters
    $commands = Get-Command -Module Crane | ForEach-Object {
        $help = Get-Help $_.Name -Full
        @{
            Name       = $_.Name
            Command    = $_
            Help       = $help
            Parameters = @($_.Parameters.Keys | Where-Object { $_ -notin $common } | ForEach-Object { @{ Parameter = $_ } })
            Examples   = @($help.examples.example | ForEach-Object { @{ Title = $_.title.Trim(' -'); Example = $_ } })
        }
    }
    $topics = foreach ($topic in 'about_Crane', 'about_Crane_File', 'about_Crane_Git') {
        $page = (Get-Help $topic) -replace '\r'
        @{
            Topic = $topic
            Page  = $page
            Links = @($commands | ForEach-Object { @{ Link = $_.Name } })
            Lines = @($page -split '\n' -match '^\s+PS> ' -replace '^\s+PS> ' | ForEach-Object { @{ Line = $_ } })
        }
    }
    $errorIds = [enum]::GetNames([Crane.CraneErrorId]) | ForEach-Object { @{ Id = $_ } }
    $types = $commands.Command.OutputType.Type | Where-Object FullName -like Crane.* | Sort-Object Name -Unique | ForEach-Object { @{ Type = $_ } }
}

BeforeAll {
    function Get-Text($Paragraphs) { ($Paragraphs | ForEach-Object Text) -join "`n" }

    # Errors in the commands of a script, which is parsed but not run.
    function Get-CommandError([string] $Script) {
        $errors = $null
        $tree = [Management.Automation.Language.Parser]::ParseInput($Script, [ref] $null, [ref] $errors)
        $errors | ForEach-Object Message
        foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            if ($call.GetCommandName() -in 'docker', 'dot') { continue }   # the programs used in the help
            $command = Get-Command $call.GetCommandName() -CommandType Cmdlet -ErrorAction Ignore
            if (-not $command) { "${call}: no such cmdlet"; continue }
            foreach ($given in $call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                if ($given.ParameterName -notin $command.Parameters.Keys) { "${call}: no parameter $given" }
            }
            $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
            $bound.BindingExceptions.Values | ForEach-Object { "${call}: $($_.BindingException.Message)" }
        }
    }
}

Describe 'Get-Help <name>' -ForEach $commands {
    It 'has a synopsis' {
        $help.Synopsis | Should -Match '^[A-Z][^\[\]]+\.$'
    }

    It 'has a description' {
        Get-Text $help.description | Should -Match '\.$'
    }

    It 'shows each parameter set as Get-Command does' {
        $shown = ($help.syntax | Out-String -Width 4096) -split '\r?\n' | Where-Object { $_.Trim() } | ForEach-Object Trim
        $known = (Get-Command $name -Syntax) -split '\r?\n' | Where-Object { $_.Trim() } | ForEach-Object Trim
        $shown -replace 'Int32', 'int' | Should -Be $known
    }

    It 'describes <parameter>' -ForEach $parameters {
        $description = $help.parameters.parameter | Where-Object name -EQ $parameter
        Get-Text $description.description | Should -Match '\.$'
        $description.globbing | Should -Be "$($command.Parameters[$parameter].Attributes.TypeId -contains [SupportsWildcards])"
    }

    It 'describes its input and output types' {
        foreach ($type in @($help.inputTypes.inputType) + @($help.returnValues.returnValue)) {
            $type.type.name -as [type] | Should -Not -BeNullOrEmpty
            Get-Text $type.description | Should -Match '\.$'
        }
        $help.returnValues.returnValue.type.name | Should -Be $command.OutputType.Name
    }

    It 'has at least two examples' {
        $examples.Count | Should -BeGreaterOrEqual 2
    }

    It 'has a valid example: <title>' -ForEach $examples {
        Get-CommandError $example.code | Should -BeNullOrEmpty
        $example.code | Should -Match $name
        Get-Text $example.remarks | Should -Match '\.$'
    }

    It 'has links to existing pages' {
        $online, $links = $help.relatedLinks.navigationLink
        $online.uri | Should -Match "/docs/help/$name\.md$"
        $links = $links.linkText
        $links.Count | Should -BeGreaterThan 2
        foreach ($link in $links) { (Get-Help $link).Name | Should -Be $link }
    }

    It 'is what -? shows' {
        & $name -? | Out-String | Should -Match ([regex]::Escape($help.Synopsis))
    }
}

Describe 'The default values in the help' {
    It 'are those of the parameters' {
        (Get-Help Invoke-CranePull -Parameter ThrottleLimit).defaultValue | Should -Be 8
        (Get-Help Get-CraneRetagPlan -Parameter Operation).defaultValue | Should -Be 'Pull, Build, Push'
        (Get-Help Invoke-CranePush -Parameter Force).defaultValue | Should -Be 'False'
        (Get-Help Invoke-CranePush -Parameter Engine).defaultValue | Should -Be 'None'
    }
}

Describe '<topic>' -ForEach $topics {
    It 'is found by name' {
        (Get-Help about_Crane* | Where-Object Name -EQ $topic).Synopsis | Should -Match '\.$'
    }

    It 'has a link to <link>' -ForEach $links {
        $page | Should -Match "(?m)^    $link$"
    }

    It 'has a valid command: <line>' -ForEach $lines {
        Get-CommandError $line | Should -BeNullOrEmpty
    }

    It 'fits in 80 columns, except for commands' {
        $page -split '\n' -notmatch '^\s+PS> ' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}

Describe 'about_Crane' {
    BeforeAll { $page = Get-Help about_Crane }

    It 'says what to do about <id>' -ForEach $errorIds {
        $page | Should -Match "(?m)^    $id +[A-Z]"
    }

    It 'has a category for <id>' -ForEach $errorIds {
        $records = (Get-Command Get-CraneTag).ImplementingType.Assembly.GetType('Crane.Commands.Base.ErrorRecords')
        $category = $records.GetMethod('CategoryOf', [Reflection.BindingFlags]'NonPublic, Static').Invoke($null, @([Crane.CraneErrorId]$id))
        $category -eq 'NotSpecified' | Should -Be ($id -eq 'Unexpected')
    }

    It 'shows the properties of <type>' -ForEach $types {
        $page | Should -Match ([regex]::Escape($type.FullName))
        foreach ($property in $type.GetProperties().Name) { $page | Should -Match "\b$property\b" }
    }
}

Describe 'about_Crane_File' {
    It 'shows the crane file of the sample' {
        $sample = (Get-Content $PSScriptRoot/../../samples/stack/crane.yaml) -replace '^', '        ' -join "`n"
        (Get-Help about_Crane_File) -replace '\r' | Should -Match ([regex]::Escape($sample))
    }

    It 'shows the remote name of <image>: <remote>' -ForEach $(
        (Get-Help about_Crane_File) -split '\r?\n' | Where-Object { $_ -match '^ {8}(.{20}) (.{12}) (.{13}) (\S+/\S+)$' } |
            ForEach-Object { @{ Image = $Matches[1].Trim(); Registry = $Matches[2].Trim(); User = $Matches[3].Trim(); Remote = $Matches[4] } }
    ) {
        $push = [pscustomobject]@{ Registry = $registry; OverrideUser = $user }
        $plan = [pscustomobject]@{ Name = 'one'; Image = $image; Push = $push } | Get-CraneRetagPlan Push
        $plan.Target | Should -Be $remote
    }
}
