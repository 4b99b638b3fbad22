Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $id = 'Crane.Commands.GetCraneStatusCommand'

    # The requests of a test registry since a mark, without those for its version and for tokens.
    function Get-Request($Registry, [int] $Since = 0) {
        (Invoke-RestMethod $Registry.Log) | Select-Object -Skip $Since | Where-Object path -Match '/(manifests|blobs)/'
    }
}

AfterAll { Stop-TestRegistry }

# In every kind of local store; the registries are small ones of the tests, whose logs can be read.
Describe 'Get-CraneStatus with <kind>' -ForEach @(
    @{ Kind = 'overlay2' }
    @{ Kind = 'containerd' }
    @{ Kind = 'a layout' }
) {
    BeforeAll {
        $isLayout = $kind -eq 'a layout'
        $skipped = $missing -and -not $isLayout
        $company = Start-TestRegistry
        $mine = Start-TestRegistry
    }

    BeforeEach {
        if ($skipped) { Set-ItResult -Skipped -Because 'no engine is available' }
        $name = New-Name
        $engine = $isLayout ? "oci:$TestDrive/$name" : $testbed.Engines[$kind]
        $remote = "$($company.Address)/company/${name}:1"
        $own = "$($mine.Address)/bob/${name}:1"
        $file = Write-CraneFile $TestDrive @"
containers:
  one:
    image: company/${name}:1
    pull: { registry: $($company.Address) }
    push: { registry: $($mine.Address), override_user: bob }
"@
        $null = New-TestRegistryImage $remote -Layer @{ 'etc/base' = $name }, @{ 'etc/one' = '1' }

        function Get-Row { Get-CraneStatus -Path $file -Engine $engine @args }
        # Gives the plain name to an image with these layers, as a build would.
        function Set-Local([hashtable[]] $Layer) {
            $other = "$($mine.Address)/other/${name}:$(New-Name)"
            $null = New-TestRegistryImage $other -Layer $Layer
            $null = Invoke-CranePull -Source $other -Target "company/${name}:1" -Engine $engine -Force
        }
    }

    It 'is missing, then up to date after a pull and a push' {
        $row = Get-Row
        $row | Should -BeOfType Crane.ImageStatus
        $row.Pull, $row.Push, $row.State | Should -Be 'Missing', 'Missing', 'Missing'
        $row.PullBytes | Should -BeGreaterThan 0
        $row.Next | Should -BeLike 'Invoke-CranePull one*'

        $null = Invoke-CranePull -Path $file -Engine $engine
        $row = Get-Row
        $row.Pull, $row.Push, $row.State, $row.Summary | Should -Be 'UpToDate', 'Unpublished', 'Unpublished', 'not pushed'
        $row.LocalDigest, $row.Engine | Should -Be $row.OfficialDigest, $engine

        $null = Invoke-CranePush -Path $file -Engine $engine
        $row = Get-Row
        $row.Pull, $row.Push, $row.State, $row.Next, $row.Summary | Should -Be 'UpToDate', 'UpToDate', 'UpToDate', $null, 'up to date'
    }

    It 'sends one HEAD for each name, and nothing else where nothing differs' {
        $null = Invoke-CranePull -Path $file -Engine $engine
        $null = Invoke-CranePush -Path $file -Engine $engine
        $before = (Invoke-RestMethod $company.Log).Count, (Invoke-RestMethod $mine.Log).Count
        (Get-Row).State | Should -Be 'UpToDate'
        (Get-Request $company $before[0]).method | Should -Be 'HEAD'
        (Get-Request $mine $before[1]).method | Should -Be 'HEAD'
    }

    It 'is behind when the registry has another image, also when a tag was moved back' {
        $null = Invoke-CranePull -Path $file -Engine $engine
        $null = New-TestRegistryImage $remote -Layer @{ 'etc/base' = $name }, @{ 'etc/one' = '2' }, @{ 'etc/more' = '2' }
        $row = Get-Row
        $row.PullAhead, $row.PullBehind | Should -Be 1, 2
        $row.PullBytes | Should -BeGreaterThan 0
        $row.Pull | Should -Be 'Behind'

        $null = Invoke-CranePull -Path $file -Engine $engine -Force
        (Get-Row).Pull | Should -Be 'UpToDate'
        $null = New-TestRegistryImage $remote -Layer @{ 'etc/base' = $name }, @{ 'etc/one' = '1' }
        (Get-Row).Pull | Should -Be 'Behind'
    }

    It 'is ahead when only the local image is another, and diverged when both are' {
        $null = Invoke-CranePull -Path $file -Engine $engine
        $null = Invoke-CranePush -Path $file -Engine $engine
        Set-Local @{ 'etc/base' = $name }, @{ 'etc/one' = '1' }, @{ 'etc/mine' = '1' }
        $row = Get-Row
        $row.Pull, $row.Push | Should -Be 'Ahead', 'Ahead'
        $row.PushAhead, $row.PushBehind | Should -Be 1, 0

        $null = New-TestRegistryImage $remote -Layer @{ 'etc/base' = $name }, @{ 'etc/theirs' = '1' }
        $row = Get-Row
        $row.Pull | Should -Be 'Diverged'
        $row.PullAhead, $row.PullBehind | Should -Be 2, 1
    }

    It 'is behind when somebody else has pushed' {
        $null = Invoke-CranePull -Path $file -Engine $engine
        $null = Invoke-CranePush -Path $file -Engine $engine
        $null = New-TestRegistryImage $own -Layer @{ 'etc/base' = $name }, @{ 'etc/one' = '1' }, @{ 'etc/theirs' = '1' }
        $row = Get-Row
        $row.Push, $row.PushBehind | Should -Be 'Behind', 1
        $row.Next | Should -BeLike "Invoke-CranePull -Source $own -Target company/${name}:1*"
        Invoke-Expression $row.Next | ForEach-Object Status | Should -Be 'Succeeded'
        (Get-Row).Push | Should -Be 'UpToDate'
    }

    It 'is unrelated without a common layer' {
        Set-Local @{ 'etc/other' = $name }
        (Get-Row).Pull | Should -Be 'Unrelated'
    }

    It 'is unpublished when the registry has no such image, and skipped without a pull or a push' {
        Set-Local @{ 'etc/base' = $name }
        $skip = Write-CraneFile $TestDrive @"
containers:
  a: { image: 'company/${name}:1', pull: { registry: '$($company.Address)/none' }, push: { skip: true } }
  b: { image: 'company/${name}-b:1', build: ., push: { skip: true } }
  c: { image: 'company/${name}-c:1', pull: { registry: '$($company.Address)/none' }, push: { skip: true } }
"@
        $rows = Get-CraneStatus a -Path $skip -Engine $engine
        $rows.Pull, $rows.Push, $rows.Reason | Should -Be 'Unpublished', 'Skipped', 'push.skip'
        (Get-CraneStatus b -Path $skip -Engine $engine).State | Should -Be 'Missing'
        $nowhere = Get-CraneStatus c -Path $skip -Engine $engine
        $nowhere.State, $nowhere.Next | Should -Be 'Missing', $null
        $nowhere.Reason | Should -Match "does not have .*/none/company/${name}-c:1 either"
    }

    It 'uses the digest in a name' {
        $digest = (Get-CraneImage $remote).Digest
        $pinned = Write-CraneFile $TestDrive "containers: { one: { image: 'company/${name}:1@$digest', pull: { registry: $($company.Address) } } }"
        $null = Invoke-CranePull -Path $pinned -Engine $engine
        $null = New-TestRegistryImage $remote -Layer @{ 'etc/other' = $name }
        $row = Get-CraneStatus -Path $pinned -Engine $engine
        $row.Pull, $row.OfficialDigest | Should -Be 'UpToDate', $digest
    }

    It 'asks no registry with -Offline' {
        $null = Invoke-CranePull -Path $file -Engine $engine
        $before = (Invoke-RestMethod $company.Log).Count
        $row = Get-Row -Offline
        $row.Pull | Should -Be 'UpToDate'
        $row.Push | Should -Be 'Unknown'
        $row.Reason | Should -Match 'registries were not asked'
        (Invoke-RestMethod $company.Log).Count | Should -Be $before
    }

    It 'has one row for each tag' {
        $tags = Write-CraneFile $TestDrive @"
containers:
  one:
    image: company/${name}:1
    pull: { registry: $($company.Address) }
    push: { registry: $($mine.Address), override_user: bob, tag: ['1', '2'] }
"@
        $null = Invoke-CranePull -Path $tags -Engine $engine
        $null = Invoke-CranePush -Path $tags -Engine $engine
        $null = New-TestRegistryImage "$($mine.Address)/bob/${name}:2" -Layer @{ 'etc/other' = $name }
        $rows = Get-CraneStatus -Path $tags -Engine $engine
        $rows.Personal | Should -Be $own, ($own -replace ':1$', ':2')
        $rows[0].Push | Should -Be 'UpToDate'
        $rows[1].Push | Should -Be 'Behind'
        $rows[1].Summary | Should -BeLike ':2 *'
        # A container is moved once, however many rows it has.
        ($rows | Invoke-CranePull -Engine $engine).Target | Should -Be "company/${name}:1"
        ($rows | Get-CraneRetagPlan Push).Target | Should -Be $rows.Personal
    }

    It 'pipes into pulls, with the places that were compared' {
        $null = Get-Row | Where-Object Pull -EQ Missing | Invoke-CranePull -Engine $engine
        (Get-Row).Pull | Should -Be 'UpToDate'
        $null = New-TestRegistryImage $remote -Layer @{ 'etc/base' = $name }, @{ 'etc/one' = '2' }
        $result = Get-Row | Where-Object Pull -EQ Behind | Invoke-CranePull -Engine $engine
        $result.Source, $result.Target, $result.Status | Should -Be $remote, "company/${name}:1", 'Succeeded'
        Get-Row | Where-Object Pull -EQ Behind | Should -BeNullOrEmpty
    }

    It 'is refused by a command that runs on another engine' {
        $null = Get-Row | Invoke-CranePull -Engine "oci:$TestDrive/other-$name" -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'SettingConflict,Crane.Commands.InvokeCranePullCommand'
        "$errors" | Should -BeLike "The status of 'one' is that of the engine '$engine', but this command runs on the engine 'oci:*"
        Test-Path "$TestDrive/other-$name" | Should -BeFalse
        (Get-Row | Invoke-CranePull -Engine $engine, "oci:$TestDrive/other-$name").Status | Should -Be 'Succeeded', 'Succeeded'
    }
}

Describe 'Get-CraneStatus on engines' -Skip:$missing {
    BeforeAll { $company = Start-TestRegistry }

    It 'knows an image that was pushed from the other image store, and asks registries once for both' {
        $name = New-Name
        $file = Write-CraneFile $TestDrive "containers: { one: { image: 'company/${name}:1', build: ., push: { registry: $($company.Address) } } }"
        $null = New-TestbedImage "company/${name}:1" -Layer @{ 'etc/mark' = $name } -Store overlay2
        $null = New-TestbedImage "company/${name}:1" -Layer @{ 'etc/mark' = $name } -Store containerd
        $engines = @($testbed.Engines.Values)
        (Get-CraneStatus -Path $file -Engine $engines).Push | Should -Be 'Unpublished', 'Unpublished'
        $null = Invoke-CranePush -Path $file -Engine $testbed.Engines.overlay2
        $before = (Invoke-RestMethod $company.Log).Count
        $rows = Get-CraneStatus -Path $file -Engine $engines
        $rows.Engine | Should -Be $engines
        $rows.Push | Should -Be 'UpToDate', 'UpToDate'
        (Get-Request $company $before | Where-Object method -EQ HEAD) | Should -HaveCount 1
    }

    It 'compares the base with the <store> store' -ForEach @(
        @{ Store = 'overlay2' }
        @{ Store = 'containerd' }
    ) {
        $name = New-Name
        $engine = $testbed.Engines[$store]
        $file = Write-CraneFile $TestDrive @"
containers:
  os: { image: company/$name-os, pull: { registry: $($company.Address) } }
  service: { image: company/$name, build: . }
"@
        Set-Content "$(Split-Path $file)/Dockerfile" "FROM company/$name-os", 'COPY Dockerfile /'
        (Get-CraneStatus service -Path $file -Engine $engine).Base | Should -Be 'Missing'
        $null = New-TestRegistryImage "$($company.Address)/company/$name-os:latest" -Layer @{ 'etc/base' = $name }
        $null = Invoke-CraneProvision -Path $file -Engine $engine
        $row = Get-CraneStatus service -Path $file -Engine $engine
        $row.Base, $row.BaseName, $row.State | Should -Be 'Current', "company/$name-os", 'Skipped'

        $null = New-TestRegistryImage "$($company.Address)/company/$name-os:latest" -Layer @{ 'etc/base' = "$name 2" }
        $row = Get-CraneStatus service -Path $file -Engine $engine
        $row.Base, $row.State, $row.Next | Should -Be 'Moved', 'Behind', "Invoke-CraneBuild service -Pull -Engine $engine"
        $null = Invoke-CranePull os -Path $file -Engine $engine
        $row = Get-CraneStatus service -Path $file -Engine $engine
        $row.Base, $row.Summary, $row.Next | Should -Be 'Stale', 'base stale', "Invoke-CraneBuild service -Engine $engine"
        # Its row knows the base, too, which is not pulled from anywhere else.
        ($row | Invoke-CraneBuild -Pull -Engine $engine).Status | Should -Be 'Succeeded'
        (Get-CraneStatus -Path $file -Engine $engine).Base | Should -Be 'None', 'Current'
    }

    It 'compares an image from scratch' {
        $name = New-Name
        $file = Write-CraneFile $TestDrive "containers: { one: { image: company/$name, build: ., push: { registry: $($company.Address) } } }"
        Set-Content "$(Split-Path $file)/Dockerfile" 'FROM scratch', 'COPY Dockerfile /'
        $null = Invoke-CraneBuild -Path $file -Engine $testbed.Engines.overlay2
        $row = Get-CraneStatus -Path $file -Engine $testbed.Engines.overlay2
        $row.Base, $row.BaseName, $row.Push | Should -Be 'None', $null, 'Unpublished'
    }
}

Describe 'Get-CraneStatus' {
    BeforeAll {
        $company = Start-TestRegistry
        $closed = Start-TestRegistry -Credential ([pscredential]::new('bob', (ConvertTo-SecureString secret -AsPlainText)))
        $folder = "oci:$TestDrive/images"
        $text = foreach ($one in 'a', 'b', 'c') {
            $null = New-TestRegistryImage "$($company.Address)/company/${one}:latest" -Layer @{ 'etc/name' = $one }
            "  ${one}: { image: company/$one, pull: { registry: $($company.Address) }, push: { registry: $($closed.Address) } }"
        }
        $file = Write-CraneFile $TestDrive "containers:`n$($text -join "`n")"
        $null = Invoke-CranePull -Path $file -Engine $folder
    }

    It 'reports a registry that refuses access once, and compares with the other' {
        $rows = Get-CraneStatus -Path $file -Engine $folder -ErrorVariable errors -ErrorAction SilentlyContinue
        $rows.Container | Should -Be 'a', 'b', 'c'
        $rows.Pull | Select-Object -Unique | Should -Be 'UpToDate'
        $rows.Push | Select-Object -Unique | Should -Be 'Unknown'
        $rows[0].Next | Should -Be "Connect-CraneRegistry $($closed.Address)"
        $rows[0].Reason | Should -Not -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors.FullyQualifiedErrorId | Should -Be "RegistryUnauthorized,$id"
        $login = @{ $closed.Address = $closed.Credential }
        (Get-CraneStatus a -Path $file -Engine $folder -RegistryCredential $login).Push | Should -Be 'Unpublished'
    }

    It 'reports an engine that is down once' {
        $rows = Get-CraneStatus -Path $file -Engine "unix://$TestDrive/none.sock" -ErrorVariable errors -ErrorAction SilentlyContinue
        $rows.State | Should -Be 'Unknown', 'Unknown', 'Unknown'
        $errors.FullyQualifiedErrorId | Should -Be "EngineUnreachable,$id"
    }

    It 'takes containers from the pipeline, also read back' {
        $containers = Get-CraneContainer b, a -Path $file
        ($containers | Get-CraneStatus -Engine $folder -Offline).Container | Should -Be $containers.Name
        ($containers | ConvertTo-Json -Depth 5 | ConvertFrom-Json | Get-CraneStatus -Engine $folder -Offline).Container | Should -Be $containers.Name
        ($containers | ConvertTo-Csv | ConvertFrom-Csv | Get-CraneStatus -Engine $folder -Offline).Container | Should -Be $containers.Name
        (Get-Item $file | Get-CraneStatus -Engine $folder -Offline).Container | Should -Be 'a', 'b', 'c'
        1 | Get-CraneStatus -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be "UnknownObject,$id"
    }

    It 'takes its own rows, but names what to pipe of those that were read back' {
        $rows = Get-CraneStatus b, a -Path $file -Engine $folder -Offline
        ($rows | Get-CraneStatus -Engine $folder -Offline).Container | Should -Be $rows.Container
        $rows | ConvertTo-Csv | ConvertFrom-Csv | Get-CraneStatus -Offline -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Select-Object -Unique | Should -Be "UnknownObject,$id"
        $errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*ForEach-Object Container*'
        ($rows | ConvertTo-Csv | ConvertFrom-Csv | ForEach-Object Container | Get-CraneStatus -Path $file -Engine $folder -Offline).Container |
            Should -Be $rows.Container
    }

    It 'survives JSON and CSV' {
        $row = Get-CraneStatus a -Path $file -Engine $folder -Offline
        $json = $row | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json
        $csv = $row | ConvertTo-Csv | ConvertFrom-Csv
        foreach ($property in $row.PSObject.Properties.Name | Where-Object { $_ -ne 'Created' }) {
            "$($json.$property)" | Should -Be "$($row.$property)"
            # A list is one string in CSV, which can be read back.
            "$($csv.$property)" | Should -Be ($row.$property -is [Collections.IEnumerable] ? $row.$property.ToString() : "$($row.$property)")
        }
        $json.Created | Should -Be $row.Created
    }

    It 'stops with the pipeline' {
        Get-CraneStatus -Path $file -Engine $folder -ErrorAction SilentlyContinue | Select-Object -First 1 | ForEach-Object Container | Should -Be 'a'
    }

    It 'fits into 80 columns' {
        $shown = Get-CraneStatus -Path $file -Engine $folder -Offline | Out-String -Width 80
        $shown | Should -Match '(?m)^a +personal unknown'
        $shown | Should -Not -Match '…'
        (Get-CraneStatus -Path $file -Engine $folder, "oci:$TestDrive/empty" -Offline | Out-String -Width 80) | Should -Match 'Engine'
    }

    It 'completes containers and engines' {
        Push-Location (Split-Path $file)
        try {
            (TabExpansion2 'Get-CraneStatus ' 16).CompletionMatches.CompletionText | Should -Contain 'b'
            (TabExpansion2 'Get-CraneStatus -Engine do' 26).CompletionMatches.CompletionText | Should -Contain 'docker'
        }
        finally { Pop-Location }
    }
}
