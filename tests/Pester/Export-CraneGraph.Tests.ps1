Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.ExportCraneGraphCommand'

    function New-Stack([string] $Name = 't') {
        $file = Write-CraneFile $TestDrive @"
containers:
  service:
    image: company/$Name-service
    build: service
    pull: { registry: official.example }
    push: { registry: me.example, override_user: bob }
  os: { image: company/$Name-os, build: os, pull: { registry: official.example } }
  etcd: { image: coreos/etcd:2, pull: { registry: official.example } }
"@
        foreach ($part in 'os', 'service') {
            $folder = New-Item (Join-Path (Split-Path $file) $part) -ItemType Directory
            Set-Content $folder/mark (New-Name)
            Set-Content $folder/Dockerfile ($part -eq 'os' ? 'FROM scratch' : "FROM golang:1 AS build", "FROM company/$Name-os", 'COPY --from=build /a /a')
        }
        $file
    }

    # Rows as of Get-CraneStatus: $Count images in every state, on a few bases, as read from a file.
    function New-Row([int] $Count) {
        $states = [Enum]::GetNames([Crane.SyncState])
        foreach ($i in 0..($Count - 1)) {
            $base = $i -lt 6 ? 'debian:13' : "company/image-$($i % 6)"
            [pscustomobject]@{
                Container = "c$i"; Image = "company/image-$i"; State = $states[$i % $states.Count]; Summary = "about $($states[$i % $states.Count])"
                Official = "official.example/company/image-$i"; Personal = "me.example/bob/image-$i"; BaseName = $base; Uses = @($base)
            }
        }
    }

    # What text from outside may be like.
    $evil = [pscustomobject]@{
        Container = '</script><script>document.title="broken"</script>'; Image = 'x"y<b>]]></b>{{title}}&amp;'; State = 'Ahead'
        Summary = "a`nb `e[31m <img src=x onerror=document.title=1> \ % 日本語"; Official = 'end'; Personal = 'me'; BaseName = 'click "'; Uses = @('click "')
    }
}

Describe 'Export-CraneGraph' {
    BeforeAll { $stack = New-Stack }

    It 'emits a Mermaid flowchart: images, what they are built on, and registries' {
        $lines = Export-CraneGraph -Path $stack -As Mermaid
        $lines | Should -BeOfType string
        $lines = $lines -split '\n'
        $lines[0] | Should -Be 'flowchart LR'
        $names = @{}
        foreach ($line in $lines -match '^  n\d+\W*"') { $names[($line -split '\W+')[1]] = $line -replace '^[^"]*"|(<|")[^"]*"?.*$' }
        $lines -match '^  n\d+ \S+.*> n\d+$' | ForEach-Object { [regex]::Replace($_.Trim(), 'n\d+', { $names["$args"] }) } | Sort-Object |
            Should -Be @(
                'company/t-os --> company/t-service', 'company/t-service -. push .-> me.example', 'golang:1 -. uses .-> company/t-service'
                'official.example -. pull .-> company/t-os', 'official.example -. pull .-> company/t-service', 'official.example -. pull .-> coreos/etcd:2')
    }

    It 'returns the same for <what>' -ForEach @(
        @{ What = 'containers from the pipeline'; Get = { Get-CraneContainer -Path $stack | Export-CraneGraph } }
        @{ What = 'containers as JSON'; Get = { Get-CraneContainer -Path $stack | ConvertTo-Json -Depth 4 | ConvertFrom-Json | Export-CraneGraph } }
        @{ What = 'a file from the pipeline'; Get = { Get-Item $stack | Export-CraneGraph } }
    ) {
        & $get | Should -Be (Export-CraneGraph -Path $stack)
    }

    It 'accepts a selection' {
        Export-CraneGraph etcd -Path $stack | Should -Not -Match 'company'
        Export-CraneGraph os -WithDependent -Path $stack | Should -Match 't-service'
    }

    It 'draws rows read back from <what> as the live ones' -ForEach @(
        @{ What = 'JSON'; Back = { $rows | ConvertTo-Json | ConvertFrom-Json } }
        @{ What = 'CSV'; Back = { $rows | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $rows = Get-CraneStatus -Path $stack -Offline -Engine "oci:$TestDrive/absent"
        $rows | Should -HaveCount 3
        $picture = $rows | Export-CraneGraph
        $picture | Should -Match 'class n0,n1,n2 missing'
        $picture | Should -Match 'golang:1'
        & $back | Export-CraneGraph | Should -Be $picture
    }

    It 'takes the format of the extension <extension>' -ForEach @(
        @{ Extension = 'svg'; Start = '<svg' }
        @{ Extension = 'html'; Start = '<!DOCTYPE html>' }
        @{ Extension = 'dot'; Start = 'digraph' }
        @{ Extension = 'mmd'; Start = 'flowchart' }
    ) {
        $file = Export-CraneGraph -Path $stack -FilePath "TestDrive:/stack.$extension" -PassThru
        $file | Should -BeOfType IO.FileInfo
        Get-Content $file -Raw | Should -BeLike "$start*`n"
        Export-CraneGraph -Path $stack -FilePath $file -As Dot
        Get-Content $file -Raw | Should -BeLike 'digraph*'
    }

    It 'does not overwrite a file with -NoClobber, and writes nothing with -WhatIf' {
        Set-Content TestDrive:/kept.svg mine
        { Export-CraneGraph -Path $stack -FilePath TestDrive:/kept.svg -NoClobber } | Should -Throw -ErrorId "NoClobber,$id"
        Export-CraneGraph -Path $stack -FilePath TestDrive:/kept.svg -WhatIf
        Get-Content TestDrive:/kept.svg | Should -Be mine
        { Export-CraneGraph -Path $stack -FilePath TestDrive:/nowhere/a.svg } | Should -Throw -ErrorId "FileNotWritten,$id"
    }

    It 'draws an image whose Dockerfile cannot be read without its base, and says so' {
        $file = New-Stack
        Remove-Item (Join-Path (Split-Path $file) service/Dockerfile)
        $picture = Export-CraneGraph -Path $file -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "BuildFailed,$id"
        "$errors" | Should -BeLike "$($file):*: 'build.context' of container 'service': The Dockerfile *"
        $picture | Should -Match 't-service'
        $picture | Should -Not -Match '-->'
    }

    It 'refuses other objects, and draws the rest' {
        $picture = @([pscustomobject]@{ Colour = 'red' }) + (New-Row 1) |
            Export-CraneGraph -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "UnknownObject,$id"
        $picture | Should -Match 'company/image-0'
    }

    It 'warns if a stack is too large for Mermaid, but not for a page' {
        $rows = foreach ($i in 0..800) {
            [pscustomobject]@{ Container = "c$i"; Image = "company/i$i"; State = 'Ahead'; Summary = 'x'; BaseName = "company/i$($i - 1)"; Uses = @() }
        }
        $null = $rows | Export-CraneGraph -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'Mermaid'
        $null = $rows | Export-CraneGraph -As Svg -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'writes well-formed XML with the text as it is' {
        $svg = [xml]($evil | Export-CraneGraph -As Svg -Title '<&>')
        $svg.svg.title.InnerText | Should -Be '<&>'
        $svg.svg.desc.InnerText | Should -Be '1 image, 1 registry, 1 ahead'
        @($svg.svg.g | Where-Object class -EQ boxes).g.text.InnerText | Should -Contain $evil.Image
    }
}

# In a real browser and by the real Graphviz.
BeforeDiscovery {
    $pictures = Test-PictureProgram
    $skip = -not $pictures.Available -and -not ($IsLinux -and $env:CI -eq 'true')   # where they must be, their absence is a failure
    if ($skip) { Write-Host "Skipping the tests of pictures: $($pictures.Reason)." -ForegroundColor Red }
}

Describe 'A picture of <count> images' -Skip:$skip -ForEach @{ Count = 3 }, @{ Count = 300 } {
    BeforeAll {
        Install-PictureProgram

        # Opens a page, runs a script in it that returns an object, and returns that.
        function Invoke-Page([string] $File, [string] $Script) {
            $page = "$TestDrive/$(New-Name).html"
            $script = "<pre id=said></pre><script>document.getElementById('said').textContent = JSON.stringify((() => { $script })())</script>"
            (Get-Content $file -Raw).Replace('</body>', "$script</body>") | Set-Content $page
            $dom = Invoke-PictureProgram chromium --no-sandbox --headless=new --disable-gpu "--user-data-dir=$TestDrive/browser" `
                '--window-size=1400,900' --dump-dom "file://$page" 2>$null
            $said = [regex]::Match("$dom", '<pre id="said">(.+?)</pre>')
            $said.Success | Should -BeTrue -Because 'the script in the page runs to its end'
            [Net.WebUtility]::HtmlDecode($said.Groups[1].Value) | ConvertFrom-Json
        }

        # A key press, as the page sees it.
        $press = "const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            const type = text => { search.value = text; search.dispatchEvent(new Event('input')); };
            const listed = () => items.filter(item => item.offsetParent).map(item => item.firstChild.textContent);"

        $rows = New-Row $count
        $page = $rows | Export-CraneGraph -FilePath "$TestDrive/page-$count.html" -PassThru
        $odd = $evil | Export-CraneGraph -FilePath "$TestDrive/odd.html" -Title $evil.Container -PassThru
    }

    It 'has all text within its boxes, and no box over another' {
        foreach ($file in $page, $odd) {
            $said = Invoke-Page $file @'
                const texts = [...document.querySelectorAll('.box text')];
                const inside = (a, b) => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
                const over = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
                const rects = [...document.querySelectorAll('.box rect')].map(rect => rect.getBBox());
                return {
                    texts: texts.length,
                    outside: texts.filter(text => !inside(text.getBBox(), text.parentElement.querySelector('rect').getBBox())).map(text => text.textContent),
                    over: rects.filter((one, at) => rects.some((other, index) => index < at && over(one, other))).length,
                    cut: items.filter(item => item.scrollWidth > item.clientWidth).map(item => item.textContent),
                    title: document.title
                };
'@
            $said.texts | Should -BeGreaterThan 5
            $said.outside | Should -BeNullOrEmpty
            $said.over | Should -Be 0
            $said.cut | Should -BeNullOrEmpty
            $said.title | Should -Be ($file -eq $odd ? $evil.Container : 'The images of a stack')
        }
    }

    It 'finds images by parts of their names, registries and states' {
        $said = Invoke-Page $page "$press
            const all = items.length;
            type('IMAGE-2 official');
            const found = listed(), dim = boxes.filter(box => getComputedStyle(box).opacity < 1).length, count = document.getElementById('count').textContent;
            type('is:behind');
            const behind = listed();
            type('no such image');
            return { all, found, dim, count, behind, none: listed().length };"
        $expected = $rows.Image -match 'image-2'
        $said.all | Should -Be ($count + 3)
        $said.found | Should -Be ($expected | Sort-Object { [string]::Join(' ', [int[]][char[]]$_) })
        $said.dim | Should -Be ($said.all - $expected.Count)
        $said.count | Should -Be "$($expected.Count) of $($said.all)"
        @($said.behind).Count | Should -Be @($rows | Where-Object State -EQ Behind).Count
        $said.none | Should -Be 0
    }

    It 'can be used with the keyboard' {
        $said = Invoke-Page $page "$press
            press('/');
            const begun = document.activeElement.id;
            type('image-1');
            press('Enter');
            const picked = boxes.filter(box => box.classList.contains('picked')).map(box => box.querySelector('.name').textContent);
            const near = boxes.filter(box => box.classList.contains('shown')).map(box => box.querySelector('.name').textContent);
            const seen = boxes.find(box => box.classList.contains('picked')).getBoundingClientRect(), frame = svg.getBoundingClientRect();
            press('ArrowDown');
            const next = document.activeElement.firstChild.textContent;
            const before = view.width;
            press('+');
            const closer = view.width < before;
            press('Escape');
            return { begun, picked, near, next, closer, after: listed().length, search: search.value,
                isSeen: seen.left >= frame.left && seen.right <= frame.right && seen.top >= frame.top && seen.bottom <= frame.bottom };"
        $said.begun | Should -Be 'search'
        $said.picked | Should -Be 'company/image-1'
        foreach ($name in 'debian:13', 'official.example', 'me.example') { $said.near | Should -Contain $name }
        $said.near | Should -Not -Contain 'company/image-2'
        $said.next | Should -Be 'company/image-1'
        $said.closer, $said.isSeen | Should -Be $true, $true
        $said.after | Should -Be ($count + 3)
        $said.search | Should -BeNullOrEmpty
    }

    It 'needs no network' {
        (Get-Content $page -Raw) -replace 'http://www\.w3\.org/2000/svg' | Should -Not -Match 'https?://|@import|url\((?!#)'
    }

    It 'is drawn by Graphviz' {
        $rows, $evil | ForEach-Object { $_ } | Export-CraneGraph -FilePath "$TestDrive/g.dot"
        $drawn = [xml]((Invoke-PictureProgram dot -Tsvg "$TestDrive/g.dot") -join "`n" -replace '<!DOCTYPE[^>]*>')
        $nodes = @($drawn.svg.g.g | Where-Object class -EQ node)
        $nodes | Should -HaveCount ($count + 7)
        $nodes.g.a.text.InnerText | Should -Contain 'company/image-1'
    }
}
