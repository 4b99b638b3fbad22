# Putting names back to what they were before a pull, build, push or copy.

Import-Module $PSScriptRoot/Setup.psm1

BeforeAll {
    $registry = Start-TestRegistry
    $errorOf = @{ ErrorVariable = 'errors'; ErrorAction = 'SilentlyContinue' }

    # What a registry has under a name; nothing where it has no such tag.
    function Get-Head([string] $Name) {
        $null = $Name -match '^(?<host>[^/]+)/(?<path>.+):(?<tag>[^:]+)$'
        $head = Invoke-WebRequest "http://$($Matches.host)/v2/$($Matches.path)/manifests/$($Matches.tag)" -Method Head -SkipHttpErrorCheck `
            -Headers @{ Accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' }
        if ($head.StatusCode -eq 200) { $head.Headers['Docker-Content-Digest'][0] }
    }

    # A new version in the registry.
    function Publish-Version([string] $Name) { (New-TestRegistryImage $Name -Layer @{ 'etc/mark' = New-Name }).Digest }
}

AfterAll { Stop-TestRegistry }

Describe 'Undo on an engine with the <store> store' -Skip:$missing -ForEach @(
    @{ Store = 'overlay2' }
    @{ Store = 'containerd' }
) {
    BeforeAll { $env:DOCKER_HOST = $testbed.Engines[$store] }

    AfterAll { $env:DOCKER_HOST = $null }

    BeforeEach {
        $name = New-Name
        $remote = "$($registry.Address)/company/${name}:latest"
    }

    It 'gives the plain and the remote name of a pull back, and again when that is undone: <how>' -ForEach @(
        @{ How = 'live'; Pass = { $input } }
        @{ How = 'from CSV'; Pass = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'from JSON'; Pass = { $input | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json } }
    ) {
        $null = Publish-Version $remote
        $null = Invoke-CranePull -Source $remote -Target $name
        $old = Get-LocalId $store $name
        $null = Publish-Version $remote
        $pulled = Invoke-CranePull -Source $remote -Target $name
        $new = Get-LocalId $store $name
        $new | Should -Not -Be $old

        $undone = $pulled | & $pass | Undo-CraneRetag

        $undone.Status, $undone.Operation, $undone.PreviousId | Should -Be 'Succeeded', 'Pull', $new
        $undone.Reason | Should -Be "$name is $old again"
        Get-LocalId $store $name | Should -Be $old
        Get-LocalId $store $remote | Should -Be $old -Because 'that was last seen there'

        ($undone | & $pass | Undo-CraneRetag).Status | Should -Be 'Succeeded'
        Get-LocalId $store $name | Should -Be $new
        ($undone | & $pass | Undo-CraneRetag).Status | Should -Be 'UpToDate'
    }

    It 'removes the names that a pull has made' {
        $null = Publish-Version $remote
        $pulled = Invoke-CranePull -Source $remote -Target $name
        $pulled.PreviousId, $pulled.PreviousDigest | Should -Be 'none', 'none'
        ($pulled | Undo-CraneRetag).Reason | Should -Be "$name is removed again"
        Get-LocalId $store $name | Should -BeNullOrEmpty
        Get-LocalId $store $remote | Should -BeNullOrEmpty
        (Invoke-CranePull -Source $remote -Target $name).Status | Should -Be 'Succeeded'
    }

    It 'takes the last name of a built image only with -Force' {
        New-LocalImage $name $store
        $old = Get-LocalId $store $name
        $file = Write-CraneFile $TestDrive "containers: { one: { image: $name, build: . } }"
        Set-Content "$(Split-Path $file)/Dockerfile" "FROM scratch`nLABEL mark=$name"
        $built = Invoke-CraneBuild -Path $file
        $new = Get-LocalId $store $name
        $built.PreviousId, $built.Status | Should -Be $old, 'Succeeded'

        ($built | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'WouldLoseImage,*'
        Get-LocalId $store $name | Should -Be $new

        $undone = $built | Undo-CraneRetag -Force
        $undone.Status | Should -Be 'Succeeded'
        Get-LocalId $store $name | Should -Be $old

        # The other way round, too: the older image is nowhere else either.
        ($undone | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $null = Invoke-TestbedDocker $store tag $name "$name-kept"
        ($undone | Undo-CraneRetag).Status | Should -Be 'Succeeded'
        Get-LocalId $store $name | Should -Be $new
    }

    It 'puts the old manifest of a push back, and the engine''s name for it' {
        $target = "$($registry.Address)/mine/${name}:1"
        New-LocalImage $name $store
        $first = Invoke-CranePush -Source $name -Target $target
        $old = Get-LocalId $store $target
        New-LocalImage $name $store
        $second = Invoke-CranePush -Source $name -Target $target

        $undone = $second | ConvertTo-Csv | ConvertFrom-Csv | Undo-CraneRetag

        $undone.Status, $undone.PreviousDigest | Should -Be 'Succeeded', $second.Digest
        Get-Head $target | Should -Be $first.Digest
        Get-LocalId $store $target | Should -Be $old
        (Invoke-CranePush -Source $name -Target $target).Status | Should -Be 'Succeeded' -Because 'nobody else has changed it'
        Get-Head $target | Should -Be $second.Digest
    }

    It 'removes the tag that a push has made, or says that the registry does not' {
        New-LocalImage $name $store
        $pushed = Invoke-CranePush -Source $name -Target "$($registry.Address)/mine/${name}:1"
        ($pushed | Undo-CraneRetag).Status | Should -Be 'Succeeded'
        Get-Head $pushed.Target | Should -BeNullOrEmpty
        Get-LocalId $store $pushed.Target | Should -BeNullOrEmpty

        $pushed = Invoke-CranePush -Source $name -Target "$official/mine/${name}:1"
        ($pushed | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'PushFailed,*'
        Get-Head $pushed.Target | Should -Be $pushed.Digest
        Get-LocalId $store $pushed.Target | Should -Not -BeNullOrEmpty -Because 'it is still there'
    }

    It 'does not put back a name that has changed since, unless told to' {
        $null = Publish-Version $remote
        $null = Invoke-CranePull -Source $remote -Target $name
        $old = Get-LocalId $store $name
        $null = Publish-Version $remote
        $pulled = Invoke-CranePull -Source $remote -Target $name
        New-LocalImage $name $store
        $theirs = Get-LocalId $store $name

        ($pulled | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
        Get-LocalId $store $name | Should -Be $theirs

        ($pulled | Undo-CraneRetag -Force).Status | Should -Be 'Succeeded'
        Get-LocalId $store $name | Should -Be $old
    }

    It 'says that the old image was pruned' {
        New-LocalImage $name $store
        $old = Get-LocalId $store $name
        $null = Publish-Version $remote
        $pulled = Invoke-CranePull -Source $remote -Target $name -Force
        $null = Invoke-TestbedDocker $store image rm --force $old 2>&1

        ($pulled | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'UndoFailed,*'
        $errors[0].Exception.Message | Should -BeLike "'$name' cannot be $old again, because $($testbed.Engines[$store]) no longer has that image*"
        Get-LocalId $store $name | Should -Be (Get-LocalId $store $remote)
    }
}

Describe 'Undo in a folder' {
    BeforeEach {
        $name = New-Name
        $remote = "$($registry.Address)/company/${name}:1"
        $target = "$($registry.Address)/mine/${name}:1"
        $engine = @{ Engine = "oci:$TestDrive/$name" }
        function Get-Name([string] $Image) { (Get-CraneImage $Image @engine -ErrorAction SilentlyContinue).Digest }
        $old = Publish-Version $remote
        $first = Invoke-CranePull -Source $remote -Target $name @engine
    }

    It 'gives the plain and the remote name of a pull back' {
        $new = Publish-Version $remote
        $pulled = Invoke-CranePull -Source $remote -Target $name @engine
        $undone = $pulled | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json | Undo-CraneRetag
        $undone.Status | Should -Be 'Succeeded'
        Get-Name $name | Should -Be $old
        Get-Name $remote | Should -Be $old
        ($undone | Undo-CraneRetag).Status | Should -Be 'Succeeded'
        Get-Name $name | Should -Be $new
        Get-Name $remote | Should -Be $new
    }

    It 'removes the names that a pull has made' {
        ($first | Undo-CraneRetag).Status | Should -Be 'Succeeded'
        Get-Name $name | Should -BeNullOrEmpty
        Get-Name $remote | Should -BeNullOrEmpty
    }

    It 'puts the old manifest of a push back, so that the next push is not refused' {
        $null = Invoke-CranePush -Source $name -Target $target @engine
        $new = Publish-Version $remote
        $null = Invoke-CranePull -Source $remote -Target $name @engine
        $second = Invoke-CranePush -Source $name -Target $target @engine

        ($second | Undo-CraneRetag).Status | Should -Be 'Succeeded'

        Get-Head $target | Should -Be $old
        Get-Name $target | Should -Be $old
        (Invoke-CranePush -Source $name -Target $target @engine).Digest | Should -Be $new
    }
}

Describe 'Undo of copies' {
    BeforeEach {
        $name = New-Name
        $pairs = 'a', 'b', 'c' | ForEach-Object {
            [pscustomobject]@{
                Operation = 'Copy'; Container = $_
                Source = "$($registry.Address)/from/$name-${_}:1"; Target = "$($registry.Address)/to/$name-${_}:1"
            }
        }
        $old = $pairs | ForEach-Object { Publish-Version $_.Target }
        $new = $pairs | ForEach-Object { Publish-Version $_.Source }
        $copied = $pairs | Copy-CraneImage
    }

    It 'puts all tags back, the last one first' {
        $undone = $copied | Undo-CraneRetag
        $undone.Container | Should -Be 'c', 'b', 'a'
        $undone.Status | Should -Be (@('Succeeded') * 3)
        $pairs | ForEach-Object { Get-Head $_.Target } | Should -Be $old
        $null = $undone | Undo-CraneRetag
        $pairs | ForEach-Object { Get-Head $_.Target } | Should -Be $new
    }

    It 'follows a name through several changes' {
        $newer = Publish-Version $pairs[0].Source
        $again = $pairs | Copy-CraneImage
        $again.Status | Should -Be 'Succeeded', 'UpToDate', 'UpToDate'
        $undone = @($copied) + @($again) | Undo-CraneRetag -Force
        $undone.Status | Should -Be 'Skipped', 'Skipped', 'Succeeded', 'Succeeded', 'Succeeded', 'Succeeded'
        $undone[0].Reason | Should -Be 'nothing to undo: it was UpToDate'
        # What was not undone is not copied again, live or read back.
        $undone[0] | Copy-CraneImage | ForEach-Object Status | Should -Be 'Skipped'
        $undone[0] | ConvertTo-Json | ConvertFrom-Json | Copy-CraneImage | ForEach-Object Status | Should -Be 'Skipped'
        Get-Head $pairs[0].Target | Should -Be $old[0]
        $newer | Should -Not -Be $old[0]
    }

    It 'changes nothing with -WhatIf, and says what it would do' {
        $shell = Invoke-Session { param($copied) $copied | Undo-CraneRetag -WhatIf } @{ copied = $copied }
        $shell.Output.Status | Should -Be (@('Planned') * 3)
        $shell.Output[0].Reason | Should -Be "back to $($old[2])"
        $pairs | ForEach-Object { Get-Head $_.Target } | Should -Be $new
    }

    It 'asks with -Confirm' {
        $file = "$TestDrive/$name.json"
        $copied | ConvertTo-Json -EnumsAsStrings | Set-Content $file
        $shell = Invoke-Shell "Get-Content '$file' | ConvertFrom-Json | Undo-CraneRetag -Confirm | ForEach-Object { `"`$_`" }" -Answer "n`na`n"
        $shell.Output | Should -BeLike "*$($old[2])*"
        Get-Head $pairs[2].Target | Should -Be $new[2]
        Get-Head $pairs[0].Target | Should -Be $old[0]
    }

    It 'stops after the first result that is needed' {
        $first = $copied | Undo-CraneRetag | Select-Object -First 1
        $first.Container | Should -Be 'c'
        Get-Head $pairs[2].Target | Should -Be $old[2]
        Get-Head $pairs[0].Target | Should -Be $new[0]
    }

    It 'goes on after an error' {
        $theirs = Publish-Version $pairs[1].Target
        ($copied | Undo-CraneRetag @errorOf).Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
        $errors.FullyQualifiedErrorId | Should -BeLike 'TargetMoved,*'
        $errors[0].TargetObject.Container | Should -Be 'b'
        Get-Head $pairs[1].Target | Should -Be $theirs
        ($copied[1] | Undo-CraneRetag -Force).PreviousDigest | Should -Be $theirs
    }

    It 'keeps the tag of an image that its source no longer has' {
        $null = Publish-Version $pairs[0].Source
        ($copied[0] | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'WouldLoseImage,*'
        ($copied[0] | Undo-CraneRetag -Force).Status | Should -Be 'Succeeded'
    }

    It 'says that the registry has collected the old image' {
        $null = Invoke-RestMethod "http://$($registry.Address)/v2/to/$name-a/manifests/$($old[0])" -Method Delete
        ($copied[0] | Undo-CraneRetag @errorOf).Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'UndoFailed,*'
        Get-Head $pairs[0].Target | Should -Be $new[0]
    }

    It 'needs results that say what was before' {
        $copied[0] | Select-Object Operation, Source, Target, Status, Digest | Undo-CraneRetag @errorOf | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -BeLike 'UnknownObject,*'
        $copied[0] | Select-Object *, @{ n = 'PreviousDigest'; e = { '' } } -ExcludeProperty PreviousDigest |
            Undo-CraneRetag @errorOf | ForEach-Object Status | Should -Be 'Failed'
        $errors.FullyQualifiedErrorId | Should -BeLike 'UndoFailed,*'
    }
}
