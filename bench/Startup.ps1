function Measure-Plan {
    $contender = [ordered]@{}
    foreach ($count in 1000, 10000, 20000) {
        "containers:", $(foreach ($number in 1..$count) {
                "  service-${number}:"
                "    image: company/service-${number}:1.$number"
                '    pull: { registry: "registry.${TEAM}.company.co" }'
                '    push: { registry: "registry.${TEAM}.company.co", override_user: "${TEAM}" }'
            }) | Write-Output | Set-Content "$folder/$count containers.yaml"
        $contender["$count containers"] = { param($name) Measure-Second { Get-CraneRetagPlan Pull -Path "$folder/$name.yaml" -Variable @{ TEAM = 'core' } } }
    }
    $row = Measure-Contender $contender
    Write-Table 'Get-CraneRetagPlan Pull, in a running session' $row -Millisecond
    Write-Goal '10000 containers in 0.5 s' $row[1].Median 0.5 ' s'
    Write-Goal 'linear: 20000 take at most 2.5 times as long' ($row[2].Median / $row[1].Median) 2.5 x
}

# PowerShell's own cost of the first import in a session varies by more than the goal, so each session first imports an empty
# module.
function Measure-Module {
    $empty = "Import-Module '$folder/Empty.psd1'"
    $crane = "Import-Module '$Module'"
    "@{ ModuleVersion = '1.0' }" | Set-Content $folder/Empty.psd1
    Copy-Item $folder/Empty.psd1 $folder/Other.psd1
    "containers: { os: { image: company/os } }" | Set-Content $folder/one.yaml
    $contender = [ordered]@{
        'Import-Module of an empty manifest' = { Measure-Start $empty "Import-Module '$folder/Other.psd1'" }
        'Import-Module Crane'                = { Measure-Start $empty $crane }
        'the first Get-CraneContainer'       = { Measure-Start "$empty; $crane" "Get-CraneContainer -Path '$folder/one.yaml'" }
    }
    $row = Measure-Contender $contender
    Write-Table 'Each in a separate pwsh' $row -Millisecond
    Write-Goal 'Import-Module under 50 ms more than an empty one' (1000 * ($row[1].Median - $row[0].Median)) 50 ' ms'
    Write-Goal 'the first Get-CraneContainer under 150 ms' (1000 * $row[2].Median) 150 ' ms'
}

# The seconds that a command takes in a separate pwsh, without its start.
function Measure-Start([string] $Before, [string] $Command) {
    [double](pwsh -NoProfile -NonInteractive -Command "$Before
        `$watch = [Diagnostics.Stopwatch]::StartNew()
        `$null = $Command
        `$watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)")
}
