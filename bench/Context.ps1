# Contexts of many files: the cost of sending one, and that ignored files cost nothing.
function Measure-Context {
    New-Context large 20000 25KB
    New-Context ignored 10000 1MB -Sparse
    Set-Content $folder/ignored/.dockerignore files
    "`nBuild with a context of many files ($Store)"
    Write-Goal 'of 20000 files, 500 MB: memory grows by less than 64 MB' ((Measure-Sending large).GrownBytes / 1MB) 64 ' MB'
    Write-Goal 'of 10000 ignored files, 10 GB, less than 1 MB is read' ((Measure-Sending ignored).ReadBytes / 1MB) 1 ' MB'

    $same = Measure-Contender ([ordered]@{ 'Invoke-CraneBuild -Changed' = { Measure-Unchanged } })
    Write-Table "Nothing changed among 20000 files ($Store)" $same
    Write-Goal 'at most 0.2 s' $same.Median 0.2 ' s'
}

function Measure-Unchanged {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $result = Invoke-CraneBuild -Path $folder/large/crane.yaml -Engine $testbed.Engines[$Store] -Changed -WarningAction Ignore
    $seconds = $watch.Elapsed.TotalSeconds
    if ($result.Reason -ne 'up to date') { throw "Invoke-CraneBuild -Changed was to find nothing due, and did: $($result.Reason)" }
    $seconds
}

function New-Context([string] $Name, [int] $Count, [long] $Size, [switch] $Sparse) {
    $null = New-Item $folder/$Name/files -ItemType Directory
    Set-Content $folder/$Name/Dockerfile 'FROM scratch', 'COPY Dockerfile /'
    Set-Content $folder/$Name/crane.yaml "containers: { context: { image: bench/$Name, build: . } }"
    $content = [byte[]]::new($Size)
    foreach ($number in 1..$Count) {
        $file = [IO.File]::Create("$folder/$Name/files/$number")
        if ($Sparse) { $file.SetLength($Size) } else { $file.Write($content) }
        $file.Dispose()
    }
}

# In a separate pwsh that has built something before, so that only this context is measured.
function Measure-Sending([string] $Context) {
    pwsh -NoProfile -NonInteractive -Command "
        `$ErrorActionPreference = 'Stop'
        Import-Module '$Module'
        `$null = Invoke-CraneBuild -Path '$folder/graph/crane.json' -Engine '$($testbed.Engines[$Store])' -Name image-0
        [GC]::Collect()
        [IO.File]::WriteAllText('/proc/self/clear_refs', '5')   # resets the peak, see proc_pid_clear_refs(5)
        function Get-Kernel([string] `$File, [string] `$Key) {
            [long]""`$((Get-Content /proc/self/`$File) -match ""^`${Key}:"" -replace '\D')""
        }
        `$before, `$read = (Get-Kernel status VmHWM), (Get-Kernel io rchar)
        `$result = Invoke-CraneBuild -Path '$folder/$Context/crane.yaml' -Engine '$($testbed.Engines[$Store])' -NoCache
        if (`$result.Status -ne 'Succeeded') { throw `$result.Error }
        @{
            ReadBytes  = (Get-Kernel io rchar) - `$read
            GrownBytes = 1KB * ((Get-Kernel status VmHWM) - `$before)
        } | ConvertTo-Json" | ConvertFrom-Json
}
