# Reads the compiler's documentation files, which contain the texts of the help.

$comments = @{}          # by the compiler's ids, such as T:Crane.RetagPlan
$namesOfCommands = @{}   # by the ids of their classes
$missing = [Collections.Generic.List[string]]::new()

function Import-Comment([string] $Folder, $Commands) {
    foreach ($file in Convert-Path $Folder/*.xml) {
        $document = [xml]::new()
        $document.PreserveWhitespace = $true   # may be all that separates two words
        $document.Load($file)
        foreach ($member in $document.SelectNodes('//member')) { $comments[$member.GetAttribute('name')] = $member }
    }
    foreach ($command in $Commands) { $namesOfCommands["T:$($command.ImplementingType)"] = $command.Name }
}

# The parts of a comment with a name. Missing ones are collected, so that one run reports all of them.
function Select-Comment([string] $Id, [string] $Part, [int] $AtLeast = 1) {
    $comment = $comments[$Id]
    if ($comment -and ($other = $comment.SelectSingleNode('inheritdoc/@cref'))) { $comment = $comments[$other.Value] }
    $parts = @(if ($comment) { $comment.SelectNodes($Part).Where{ $_.InnerText.Trim() -or $_.HasAttribute('cref') } })
    if ($parts.Count -lt $AtLeast) { $missing.Add("$($Id): <$Part>$($AtLeast -gt 1 ? ", $AtLeast of them" : '')") }
    $parts
}

# A string for each <para>, or for the whole part if there is none.
function Get-Paragraph($Part) {
    foreach ($one in $Part) {
        $paragraphs = @($one.SelectNodes('para'))
        foreach ($paragraph in $paragraphs ? $paragraphs : $one) { ConvertTo-Text $paragraph.ChildNodes }
    }
}

# The text of nodes; a reference becomes what a user types.
function ConvertTo-Text($Node) {
    $words = foreach ($one in $Node) {
        switch -Regex ($one.Name -eq 'see' ? $one.GetAttribute('cref') : $one.NodeType) {
            '^T:' { $namesOfCommands[$_] ?? ($_ -replace '.*\.') }
            '^P:' { "-$($_ -replace '.*\.')" }
            '^Element$' { $one.InnerText }
            'Text|Whitespace' { $one.Value }
        }
    }
    (-join $words -replace '\s+', ' ').Trim()
}

function Get-CommandReference($Part) {
    foreach ($one in $Part) { $namesOfCommands[$one.GetAttribute('cref')] }
}

# The lines of an example, without their indentation in the source file.
function Get-Code($Example) {
    $lines = $Example.SelectSingleNode('code').InnerText -split '\r?\n' | Where-Object { $_.Trim() }
    $indent = ($lines | ForEach-Object { $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum).Minimum
    $lines -replace "^ {$indent}" -join "`n"
}
