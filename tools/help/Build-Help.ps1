#Requires -Version 7.4

<#
.SYNOPSIS
Writes the help of the built module from the documentation comments of its cmdlets; fails if any are missing.
.DESCRIPTION
The texts are documentation comments. Of a cmdlet's class: <summary> (synopsis), <remarks> (description), <input cref=""> for each
pipeline input type, <output cref=""> for each output type of another module, two or more <example> (a title, <code>, then <para>)
and <seealso> (related cmdlets). Of its properties, including inherited ones: <summary> (parameters), unless the class describes an
inherited one itself, with <parameter name="">. Of output types and enum values: <summary>. <inheritdoc cref=""> takes another
member's comment. The rest comes from PowerShell's command metadata. The first link is the page of the cmdlet in docs/help, which
Get-Help -Online opens.
#>
param(
    [Parameter(Mandatory)] [string] $Module,          # folder of the module; the help is written to its en-US
    [Parameter(Mandatory)] [string] $Documentation    # folder of the compiler's documentation files
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Comments.ps1

$switches = @{ WhatIf = 'Shows what would be done, without doing it.'; Confirm = 'Prompts before each operation.' }
$inAll = [Management.Automation.Cmdlet]::CommonParameters

function Format-Command($Command) {
    $id = "T:$($Command.ImplementingType)"
    @"
<command:command>
<command:details>
  <command:name>$($Command.Name)</command:name>
  <command:verb>$($Command.Verb)</command:verb><command:noun>$($Command.Noun)</command:noun>
  <maml:description>$(Format-Paragraph (Get-Paragraph (Select-Comment $id summary)))</maml:description>
</command:details>
<maml:description>$(Format-Paragraph (Get-Paragraph (Select-Comment $id remarks)))</maml:description>
<command:syntax>$(foreach ($set in $Command.ParameterSets) {
    "<command:syntaxItem><maml:name>$($Command.Name)</maml:name>$(
        $set.Parameters | Where-Object Name -NotIn $inAll |
            Sort-Object -Stable { $_.Position -lt 0 }, Position, { -not $_.IsMandatory } | ForEach-Object { Format-Parameter $_ }
    )</command:syntaxItem>"
})</command:syntax>
<command:parameters>$(foreach ($group in $Command.ParameterSets.Parameters | Where-Object Name -NotIn $inAll | Group-Object Name) {
    Format-Parameter $group.Group (Get-ParameterText $Command $group.Group[0]) (Get-Default $Command $group.Group[0])
})</command:parameters>
<command:inputTypes>$(foreach ($part in Select-Comment $id input) {
    Format-Type inputType ($part.GetAttribute('cref') -replace '^T:') (Get-Paragraph $part)
})</command:inputTypes>
<command:returnValues>$(foreach ($type in $Command.OutputType.Type) {
    Format-Type returnValue $type.FullName (Get-Paragraph (Select-OutputComment $id $type))
})</command:returnValues>
<command:examples>$(Select-Comment $id example -AtLeast 2 | ForEach-Object { $number = 0 } { Format-Example $id (++$number) $_ })</command:examples>
<maml:relatedLinks>
<maml:navigationLink><maml:linkText>Online:</maml:linkText><maml:uri>$pages/$($Command.Name).md</maml:uri></maml:navigationLink>
$(foreach ($name in @(Get-CommandReference (Select-Comment $id seealso)) + $topics) {
    "<maml:navigationLink><maml:linkText>$name</maml:linkText></maml:navigationLink>"
})</maml:relatedLinks>
</command:command>
"@
}

# Types of other modules have no comments here; the cmdlet's comment describes them.
function Select-OutputComment([string] $Id, [type] $Type) {
    if ($Type.FullName -like 'Crane.*') { return Select-Comment "T:$Type" summary }
    (Select-Comment $Id output).Where{ $_.GetAttribute('cref') -eq "T:$($Type.FullName)" }
}

# A parameter in one or several parameter sets.
function Format-Parameter($InSet, [string[]] $Text, [string] $Default) {
    $one = @($InSet)[0]
    $type = (Get-ElementType $one).Name + ($one.ParameterType.IsArray ? '[]' : '')
    $pipeline = @(
        if ($InSet.ValueFromPipeline -contains $true) { 'ByValue' }
        if ($InSet.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' }
    ) -join ', '
    @"
<command:parameter required="$($InSet.IsMandatory -notcontains $false)" position="$($one.Position -lt 0 ? 'named' : $one.Position)"
    pipelineInput="$($pipeline ? "True ($pipeline)" : 'False')" aliases="$($one.Aliases ? $one.Aliases -join ', ' : 'None')"
    globbing="$($one.Attributes.Where{ $_ -is [SupportsWildcards] }.Count -gt 0)">
  <maml:name>$($one.Name)</maml:name><maml:description>$(Format-Paragraph $Text)</maml:description>
  $(if ($one.ParameterType -ne [switch]) { "<command:parameterValue required=`"true`">$type</command:parameterValue>" })
  <dev:type><maml:name>$type</maml:name></dev:type><dev:defaultValue>$(Format-Text $Default)</dev:defaultValue>
</command:parameter>
"@
}

function Format-Type([string] $Element, [string] $Name, [string[]] $Text) {
    "<command:$Element><dev:type><maml:name>$Name</maml:name></dev:type>"
    "<maml:description>$(Format-Paragraph $Text)</maml:description></command:$Element>"
}

# Get-Help adds no decoration to titles, and no empty line between examples.
function Format-Example([string] $Id, [int] $Number, $Example) {
    $absent = 'text()', 'code', 'para' | Where-Object { -not $Example.SelectSingleNode($_) }
    if ($absent) { return $missing.Add("${Id}: $($absent -join ' and ') in <example> $Number") }
    $title = ConvertTo-Text $Example.SelectNodes('code/preceding-sibling::node()')
    @"
<command:example><maml:title>$(Format-Text "--------- Example ${Number}: $title ---------")</maml:title>
<dev:code>$(Format-Text (Get-Code $Example))</dev:code>
<dev:remarks>$(Format-Paragraph (Get-Paragraph $Example))<maml:para/></dev:remarks></command:example>
"@
}

function Format-Paragraph([string[]] $Text) { $Text | ForEach-Object { "<maml:para>$(Format-Text $_)</maml:para>" } }
function Format-Text([string] $Text) { [Security.SecurityElement]::Escape($Text) }

function Get-ParameterText($Command, $Parameter) {
    if ($switches[$Parameter.Name]) { return $switches[$Parameter.Name] }
    $property = $Command.ImplementingType.GetProperty($Parameter.Name)
    $ofClass = (Select-Comment "T:$($Command.ImplementingType)" parameter -AtLeast 0).Where{ $_.GetAttribute('name') -eq $property.Name }
    Get-Paragraph ($ofClass ? $ofClass : (Select-Comment "P:$($property.DeclaringType).$($property.Name)" summary))
    $type = Get-ElementType $Parameter
    if (-not $type.IsEnum) { return }
    $set = $Parameter.Attributes.Where{ $_ -is [ValidateSet] }
    foreach ($value in $set ? $set.ValidValues : $type.GetEnumNames()) {
        "${value}: $(Get-Paragraph (Select-Comment "F:$type.$value" summary))"
    }
}

# The property's value in a new cmdlet.
function Get-Default($Command, $Parameter) {
    if ($Parameter.ParameterType -eq [switch]) { return 'False' }
    $values = @($Command.ImplementingType::new().($Parameter.Name)).Where{ "$_" }
    $values ? $values -join ', ' : 'None'
}

function Get-ElementType($Parameter) {
    $type = $Parameter.ParameterType
    $type.IsArray ? $type.GetElementType() : ([Nullable]::GetUnderlyingType($type) ?? $type)
}

$Module = Convert-Path $Module   # without a leading ./, Import-Module takes it for a name
$commands = Get-Command -Module (Import-Module $Module -PassThru).Name -CommandType Cmdlet
$topics = Get-ChildItem $Module/en-US/about_*.help.txt | ForEach-Object { $_.Name -replace '\.help\.txt$' } | Sort-Object
$pages = "$((Import-PowerShellDataFile $Module/Crane.psd1).PrivateData.PSData.ProjectUri)/blob/main/docs/help"
Import-Comment $Documentation $commands
$help = [xml]@"
<helpItems schema="maml" xmlns="http://msh" xmlns:maml="http://schemas.microsoft.com/maml/2004/10"
    xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10" xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10">
$($commands | ForEach-Object { Format-Command $_ })
</helpItems>
"@
if ($missing) { throw "The help is not complete. These documentation comments are missing:`n$(($missing | Sort-Object -Unique) -join "`n")" }
$help.Save("$Module/en-US/Crane.dll-Help.xml")
