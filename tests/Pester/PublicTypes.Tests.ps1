# What a script can see of the assemblies.

Import-Module $PSScriptRoot/Setup.psm1

Describe 'The public types' {
    BeforeAll {
        $assemblies = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in 'Crane', 'Crane.Core' }
        $types = $assemblies.GetExportedTypes()
    }

    It 'are exactly these' {
        $types.FullName | Sort-Object -Culture '' | Should -Be @(
            'Crane.AnnotationFormat'
            'Crane.BaseState'
            'Crane.BuilderKind'
            'Crane.Commands.Base.BuildCommand'
            'Crane.Commands.Base.CraneCommand'
            'Crane.Commands.Base.EngineMoveCommand'
            'Crane.Commands.Base.ExportCommand'
            'Crane.Commands.Base.PlanCommand'
            'Crane.Commands.Base.SelectionCommand'
            'Crane.Commands.ConnectCraneRegistryCommand'
            'Crane.Commands.ConvertToCraneAnnotationCommand'
            'Crane.Commands.CopyCraneImageCommand'
            'Crane.Commands.DisconnectCraneRegistryCommand'
            'Crane.Commands.ExportCraneBakeFileCommand'
            'Crane.Commands.ExportCraneComposeFileCommand'
            'Crane.Commands.ExportCraneGraphCommand'
            'Crane.Commands.GetCraneContainerCommand'
            'Crane.Commands.GetCraneImageCommand'
            'Crane.Commands.GetCraneRegistryLoginCommand'
            'Crane.Commands.GetCraneRetagPlanCommand'
            'Crane.Commands.GetCraneStatusCommand'
            'Crane.Commands.GetCraneTagCommand'
            'Crane.Commands.InvokeCraneBuildCommand'
            'Crane.Commands.InvokeCraneProvisionCommand'
            'Crane.Commands.InvokeCranePullCommand'
            'Crane.Commands.InvokeCranePushCommand'
            'Crane.Commands.NewCraneFileCommand'
            'Crane.Commands.TestCraneFileCommand'
            'Crane.Commands.UndoCraneRetagCommand'
            'Crane.Commands.UpdateCraneLockCommand'
            'Crane.Completion.BuilderCompleter'
            'Crane.Completion.ContainerCompleter'
            'Crane.Completion.EngineCompleter'
            'Crane.Completion.GroupCompleter'
            'Crane.Completion.ImageCompleter'
            'Crane.Completion.PlatformCompleter'
            'Crane.Completion.RegistryCompleter'
            'Crane.Completion.RemoteCompleter'
            'Crane.Completion.RepositoryCompleter'
            'Crane.Completion.StackCompleter'
            'Crane.Completion.StageCompleter'
            'Crane.Completion.TagCompleter'
            'Crane.Completion.VariableCompleter'
            'Crane.Completion.WordCompleter'
            'Crane.ContainerBuild'
            'Crane.ContainerHook'
            'Crane.ContainerPull'
            'Crane.ContainerPush'
            'Crane.CraneContainer'
            'Crane.CraneErrorId'
            'Crane.CraneException'
            'Crane.CraneFileIssue'
            'Crane.CraneImage'
            'Crane.CraneTag'
            'Crane.DeclaredBase'
            'Crane.GraphFormat'
            'Crane.ImageLayer'
            'Crane.ImageManifest'
            'Crane.ImageName'
            'Crane.ImageStatus'
            'Crane.LockChange'
            'Crane.LockEntry'
            'Crane.LockState'
            'Crane.LockStatus'
            'Crane.OverwriteMode'
            'Crane.RegistryLogin'
            'Crane.RegistrySetting'
            'Crane.RetagOperation'
            'Crane.RetagPlan'
            'Crane.RetagResult'
            'Crane.RetagStatus'
            'Crane.SourceLocation'
            'Crane.SyncState'
        )
    }

    It 'have all of a plan in its result, which can be run again' {
        [Crane.RetagPlan].GetProperties().Name | Should -BeIn ([Crane.RetagResult].GetProperties().Name)
    }

    It 'do not expose types of dependencies' {
        $shown = foreach ($type in $types) {
            $type.BaseType
            $type.GetInterfaces()
            $type.GetProperties().PropertyType
            $type.GetMethods().ReturnType
            $type.GetConstructors() + $type.GetMethods() | ForEach-Object { $_.GetParameters().ParameterType }
        }
        $shown.Assembly.GetName().Name | Sort-Object -Unique |
            Should -BeIn 'Crane', 'Crane.Core', 'System.Private.CoreLib', 'System.Runtime', 'System.Collections', 'System.Management.Automation'
    }

    It 'have no cmdlet with more than four bases, and none that others can derive from' {
        foreach ($type in $types.Where{ [Management.Automation.PSCmdlet].IsAssignableFrom($_) }) {
            $bases = 0
            for ($base = $type.BaseType; $base -ne [Management.Automation.PSCmdlet]; $base = $base.BaseType) { $bases++ }
            $bases | Should -BeLessOrEqual 4 -Because $type
        }
        $types.Where{ $_.IsAbstract -and -not $_.IsSealed }.ForEach{ $_.GetConstructors('Instance, Public, NonPublic') }.Where{ $_.IsPublic -or $_.IsFamily } |
            Should -BeNullOrEmpty
    }

    It 'have words for enums in CliXml, as in JSON' {
        $properties = $types.Where{ $_.Namespace -eq 'Crane' -and -not $_.IsEnum }.GetProperties().PropertyType
        $enums = $properties.ForEach{ [Nullable]::GetUnderlyingType($_) ?? $_ }.Where{ $_.IsEnum } | Sort-Object -Unique FullName
        $enums.Count | Should -BeGreaterThan 5
        foreach ($value in $enums.ForEach{ [enum]::GetValues($_)[0] }) {
            $read = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@{ Value = $value }))
            $read.Value | Should -BeExactly "$value" -Because $value.GetType()
            $read.Value | Should -BeOfType string -Because $value.GetType()
            @{ Value = $value } | ConvertTo-Json -Compress | Should -BeExactly "{`"Value`":`"$value`"}"
        }
    }

    It 'are read-only: <_>' -ForEach 'CraneContainer', 'RetagPlan', 'RetagResult', 'CraneFileIssue', 'RegistryLogin', 'ImageName' {
        ([type]"Crane.$_").GetProperties().Where{ $_.SetMethod -and $_.SetMethod.IsPublic }.Name | Should -BeNullOrEmpty
        ([type]"Crane.$_").GetConstructors() | Should -BeNullOrEmpty
    }
}
