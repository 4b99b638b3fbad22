# Runs the contenders (name → script block that gets the name and returns seconds) in turn, and emits one object for each.
function Measure-Contender([Collections.Specialized.OrderedDictionary] $Contender, [scriptblock] $Reset = { }) {
    $names = @($Contender.Keys)
    $seconds = @{}
    foreach ($name in $names) { $seconds[$name] = [Collections.Generic.List[double]]::new() }
    foreach ($round in 0..$Rounds) {
        foreach ($turn in 0..($names.Count - 1)) {
            $name = $names[($round + $turn) % $names.Count]
            & $Reset
            [GC]::Collect()   # so that this contender does not clean up after others
            $second = & $Contender[$name] $name
            if ($round -gt 0) { $seconds[$name].Add($second) }
        }
    }
    foreach ($name in $names) {
        $sorted = @($seconds[$name] | Sort-Object)
        $middle = ($sorted.Count - 1) / 2
        [pscustomobject]@{
            Name   = $name
            Median = ($sorted[[Math]::Floor($middle)] + $sorted[[Math]::Ceiling($middle)]) / 2
            Min    = $sorted[0]
            Max    = $sorted[-1]
        }
    }
}

function Measure-Second([scriptblock] $Work) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $null = & $Work
    $watch.Elapsed.TotalSeconds
}

function Write-Table([string] $Title, $Row, [switch] $Millisecond) {
    $factor, $unit, $format = $Millisecond ? (1000, 'ms', '0') : (1, 's', '0.00')
    "`n{0,-64} {1,10}   {2}" -f $Title, 'median', 'range'
    foreach ($one in $Row) {
        $median, $min, $max = $one.Median, $one.Min, $one.Max | ForEach-Object { ($_ * $factor).ToString($format) }
        '  {0,-62} {1,10}   {2}' -f $one.Name, "$median $unit", "$min - $max $unit"
    }
}

# A goal is an upper bound for a number of seconds, or for the ratio of two medians.
function Write-Goal([string] $Text, [double] $Found, [double] $Bound, [string] $Unit) {
    '  goal: {0,-56} {1,10}   {2}' -f $Text, "$($Found.ToString('0.00'))$Unit", ($Found -le $Bound ? 'met' : 'missed')
}
