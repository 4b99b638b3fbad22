#Requires -Version 7.4

<#
.SYNOPSIS
Writes the help of the built module as Markdown: a page for each cmdlet and each about topic, and their index.
#>
param(
    [Parameter(Mandatory)] [string] $Module,       # folder of the module with its help
    [Parameter(Mandatory)] [string] $Destination   # a folder, which is made anew
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$origin = '<!-- Made by `./build.sh docs` from the help. Change the comments of the cmdlet, or module/en-US, and run it again. -->'

function Format-Command($Command) {
    $name = $Command.details.name
    $parameters = @(Select-Child $Command.parameters parameter)
    @"
$origin

# $name

$(Format-Paragraph $Command.details.description)

## Syntax

``````powershell
$((Get-Command $name -Syntax) -split '\r?\n' -ne '' -join "`n")
``````

## Description

$(Format-Paragraph $Command.description)

## Parameters

$($parameters.ForEach{ "### -$($_.name)`n`n$(Format-Paragraph $_.description)`n`n$(Format-Fact $_)" } -join "`n`n")

This cmdlet supports the [common parameters](https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_commonparameters).

## Inputs

$(Format-Type $Command.inputTypes inputType)

## Outputs

$(Format-Type $Command.returnValues returnValue)

## Examples

$(@(Select-Child $Command.examples example).ForEach{ Format-Example $_ } -join "`n`n")

## Related links

$((Select-Child $Command.relatedLinks navigationLink).Where{ -not $_['maml:uri'] }.ForEach{ "- $(Format-Link $_.linkText)" } -join "`n")
"@
}

function Format-Fact($Parameter) {
    @(
        "Type: ``$($Parameter.type.name)``"
        $Parameter.required -eq 'True' ? 'required' : 'optional'
        if ($Parameter.position -ne 'named') { "position: $($Parameter.position)" }
        if ($Parameter.pipelineInput -match '\((.*)\)') { "from the pipeline: $($Matches[1])" }
        if ($Parameter.globbing -eq 'True') { 'wildcards' }
        if ($Parameter.aliases -ne 'None') { "alias: ``$($Parameter.aliases)``" }
        if ($Parameter.defaultValue -notin 'None', 'False', '') { "default: ``$($Parameter.defaultValue)``" }
    ) -join '; '
}

function Format-Type($Parent, [string] $Name) {
    (Select-Child $Parent $Name).ForEach{ "### $($_.type.name)`n`n$(Format-Paragraph $_.description)" } -join "`n`n"
}

function Format-Example($Example) {
    "### $(Format-Prose ($Example.title.Trim('- ') -replace '^Example \d+: '))"
    "``````powershell`n$($Example.code)`n``````"
    Format-Paragraph $Example.remarks
}

# Paragraphs of the help; an empty one makes an empty line there.
function Format-Paragraph($Parent) {
    (Select-Child $Parent para).InnerText.Where{ $_ }.ForEach{ Format-Prose $_ } -join "`n`n"
}

function Select-Child($Parent, [string] $Name) { $Parent.ChildNodes.Where{ $_.LocalName -eq $Name } }

# Topics are plain text: what is not prose there is aligned, or is commands.
function Format-Topic([string] $Text) {
    $sections = $Text -split '(?m)^(?=[A-Z])' -ne ''
    $origin
    foreach ($section in $sections) {
        $title, $body = ($section -split '\n', 2).Trim("`n")
        switch ($title) {
            TOPIC { "`n# $($body.Trim())" }
            { $_ -in 'SHORT DESCRIPTION', 'LONG DESCRIPTION' } { Format-Body $body }
            'SEE ALSO' { "`n## $title`n"; $body -split '\n' -ne '' | ForEach-Object { "- $(Format-Link $_.Trim())" } }
            default { "`n## $title"; Format-Body $body }
        }
    }
}

function Format-Body([string] $Text) {
    $aligned = @()
    foreach ($block in ($Text.TrimEnd() -split '\n\s*\n') + '') {
        $isProse = $block -notmatch '(?m)^ {5}|\S {2}' -or $block -match '\A {4}(\d\.|-) '
        if (-not $isProse) { $aligned += $block -replace '(?m)^ {4}'; continue }
        if ($aligned) { Format-Aligned ($aligned -join "`n`n") }
        $aligned = @()
        if ($block) { "`n$(Format-Prose ($block -replace '(?m)^ {4}'))" }
    }
}

function Format-Aligned([string] $Text) {
    $text = $Text -replace "(?m)^ {$(($Text -split '\n' -ne '').ForEach{ $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum | ForEach-Object Minimum)}"
    $isCommand = -not ($text -split '\n' -ne '' -notmatch '^(PS> |  )')
    "`n``````$($isCommand ? 'powershell' : 'text')`n$($isCommand ? ($text -replace '(?m)^PS> ') : $text)`n``````"
}

# As Markdown that shows the same characters, with links to other pages.
function Format-Prose([string] $Text) {
    $Text -replace '[\\`*<>\[\]$|]|(?<!\w)_|_(?!\w)', '\$0' -replace $pages, { Format-Link $_ }
}

function Format-Link([string] $Page) { "[$Page]($Page.md)" }

function Read-Topic([string] $Name) { (Get-Content $Module/en-US/$Name.help.txt -Raw) -replace '\r' }

function Write-Page([string] $Name, [string[]] $Line) {
    [IO.File]::WriteAllText("$Destination/$Name.md", ($Line -join "`n" -replace '\r').Trim() + "`n")
}

$Module = Convert-Path $Module
Import-Module $Module
$commands = @(([xml](Get-Content $Module/en-US/Crane.dll-Help.xml -Raw)).DocumentElement.ChildNodes)
$topics = @(Get-ChildItem $Module/en-US/about_*.help.txt | ForEach-Object { $_.Name -replace '\.help\.txt$' } | Sort-Object -Culture '')
$pages = "(?<![\w-])($((@($commands.details.name) + $topics) -join '|'))(?![\w-])"
Remove-Item $Destination -Recurse -Force -ErrorAction Ignore
$Destination = New-Item $Destination -ItemType Directory -Force
foreach ($command in $commands) { Write-Page $command.details.name (Format-Command $command) }
foreach ($topic in $topics) { Write-Page $topic (Format-Topic (Read-Topic $topic)) }
Write-Page README @(
    $origin
    "`n# The help of Crane"
    "`n## Cmdlets`n"
    $commands | ForEach-Object { "- $(Format-Link $_.details.name): $(Format-Paragraph $_.details.description)" }
    "`n## Topics`n"
    $topics | ForEach-Object { "- $(Format-Link $_): $(Format-Prose ((Read-Topic $_) -match 'SHORT DESCRIPTION\n +(.*)' ? $Matches[1] : ''))" }
)
