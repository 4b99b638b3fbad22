using Crane.CraneFile.Model;

namespace Crane.Input;

/// <summary>Reads containers: live objects, or objects with the same properties.</summary>
internal static class ContainerReader
{
    // Properties that decide where an image goes, so that a typo in one is an error.
    internal static readonly string[] CheckedProperties =
    [
        nameof(CraneContainer.Name), nameof(CraneContainer.Image), nameof(CraneContainer.Build), nameof(CraneContainer.Pull),
        nameof(CraneContainer.MinimumAge), nameof(CraneContainer.Push), nameof(CraneContainer.Requires), nameof(CraneContainer.AtomicGroup),
        nameof(CraneContainer.Hook), nameof(CraneContainer.RegistrySetting), nameof(CraneContainer.Platform),
        nameof(CraneContainer.PullPolicy),
    ];

    /// <summary>Where containers come from, for advice.</summary>
    public const string FromWhere = "the output of Get-CraneContainer";

    public static bool IsContainer(PSObject input) =>
        input.BaseObject is CraneContainer || (input.Has(nameof(CraneContainer.Name)) && input.Has(nameof(CraneContainer.Image)));

    /// <summary>Reads a container, which must have the properties that the operations need.</summary>
    /// <exception cref="CraneException">InvalidValue, UnknownKey, DuplicateKey.</exception>
    public static CraneContainer Read(PSObject input, params IReadOnlyList<RetagOperation> operations)
    {
        if (input.Live<CraneContainer>(CheckedProperties) is { } live)
            return live;
        if (!IsContainer(input))
            throw input.NotRecognized("a container", FromWhere);

        var name = input.String(nameof(CraneContainer.Name)) ?? "";
        return input.ReadOf($"container '{name}'", container => Read(container, name, operations));
    }

    private static CraneContainer Read(PSObject input, string name, IReadOnlyList<RetagOperation> operations)
    {
        var owner = $"container '{name}'";
        input.RefuseTypos(owner, CheckedProperties);
        RefuseMisplaced(input, owner);
        var sections = new SectionReader(input, owner);
        var pull = sections.Pull();
        foreach (var operation in operations)
            foreach (var property in PropertiesFor(operation, pull))
                input.Require(property, owner, operation.ToString());

        return new CraneContainer
        {
            Name = name,
            Image = input.String(nameof(CraneContainer.Image)),
            Build = sections.Build(),
            BuiltBy = input.String(nameof(CraneContainer.BuiltBy)),
            Base = input.Strings(nameof(CraneContainer.Base)),
            DeclaredBase = sections.DeclaredBases(),
            Pull = pull,
            MinimumAge = input.Age(nameof(CraneContainer.MinimumAge)),
            Push = sections.Push(),
            PullReference = input.String(nameof(CraneContainer.PullReference)),
            PushReference = input.String(nameof(CraneContainer.PushReference)),
            Platform = input.String(nameof(CraneContainer.Platform)),
            PullPolicy = input.String(nameof(CraneContainer.PullPolicy)),
            Run = input.String(nameof(CraneContainer.Run)),
            Requires = input.Strings(nameof(CraneContainer.Requires)),
            Group = input.Strings(nameof(CraneContainer.Group)),
            AtomicGroup = input.String(nameof(CraneContainer.AtomicGroup)),
            Hook = sections.Hook(),
            RegistrySetting = sections.RegistrySettings(),
            Path = input.String(nameof(CraneContainer.Path)),
            Line = input.Number(nameof(CraneContainer.Line)),
        };
    }

    // If these were ignored, the image could go to the wrong place, or be pushed despite a skip.
    private static void RefuseMisplaced(PSObject input, string owner)
    {
        if (input.Properties.FirstOrDefault(property => SectionKeys.Push.Has(property.Name)) is { } misplaced)
            throw new CraneException(
                CraneErrorId.UnknownKey,
                $"The property '{misplaced.Name}' of {owner} belongs under 'Push' or 'Pull'.",
                "Move it there, or remove it.");
    }

    // Without a pull directive, whether the image is built here, by this or another container, decides what is done.
    private static IEnumerable<string> PropertiesFor(RetagOperation operation, ContainerPull? pull)
    {
        if (operation is RetagOperation.Pull or RetagOperation.Copy)
            yield return nameof(CraneContainer.Pull);
        if (operation is RetagOperation.Build || (operation is not RetagOperation.Push && pull is not { IsDirective: true }))
            yield return nameof(CraneContainer.Build);
        if (operation is RetagOperation.Pull or RetagOperation.Copy && pull is not { IsDirective: true })
            yield return nameof(CraneContainer.BuiltBy);
        if (operation is RetagOperation.Push or RetagOperation.Copy)
            yield return nameof(CraneContainer.Push);
    }
}
