using Crane.CraneFile.Model;

namespace Crane.Input;

/// <summary>Reads containers, live or from another program's hands.</summary>
internal static class ContainerReader
{
    // What decides which image goes where. Of the others a near miss does no harm.
    private static readonly string[] Deciding =
    [
        nameof(CraneContainer.Name), nameof(CraneContainer.Image), nameof(CraneContainer.Build), nameof(CraneContainer.Pull),
        nameof(CraneContainer.Push), nameof(CraneContainer.Requires), nameof(CraneContainer.Hook), nameof(CraneContainer.RegistrySetting),
    ];

    public static bool IsContainer(PSObject input) =>
        input.BaseObject is CraneContainer || (input.Has(nameof(CraneContainer.Name)) && input.Has(nameof(CraneContainer.Image)));

    /// <summary>The container, which must have what the operations that are to be planned for it need.</summary>
    /// <exception cref="CraneException">
    /// InvalidValue for an object that is none, or that was cut off on its way; UnknownKey, DuplicateKey.
    /// </exception>
    public static CraneContainer Read(PSObject input, params IReadOnlyList<RetagOperation> operations)
    {
        if (input.BaseObject is CraneContainer live)
            return live;
        if (!IsContainer(input))
            throw input.NeitherNor("a container");

        var name = input.String(nameof(CraneContainer.Name)) ?? "";
        var owner = $"container '{name}'";
        input.RefuseNearMisses(owner, Deciding);
        RefuseMisplaced(input, owner);
        var sections = new SectionReader(input, owner);
        var pull = sections.Pull();
        foreach (var operation in operations)
            foreach (var property in NeededFor(operation, pull))
                input.Need(property, owner, operation.ToString());

        return new CraneContainer
        {
            Name = name,
            Image = input.String(nameof(CraneContainer.Image)),
            Build = sections.Build(),
            BuiltBy = input.String(nameof(CraneContainer.BuiltBy)),
            Base = input.Strings(nameof(CraneContainer.Base)),
            DeclaredBase = sections.DeclaredBases(),
            Pull = pull,
            Push = sections.Push(),
            PullReference = input.String(nameof(CraneContainer.PullReference)),
            PushReference = input.String(nameof(CraneContainer.PushReference)),
            Requires = input.Strings(nameof(CraneContainer.Requires)),
            Group = input.Strings(nameof(CraneContainer.Group)),
            Hook = sections.Hook(),
            RegistrySetting = sections.RegistrySettings(),
            Path = input.String(nameof(CraneContainer.Path)),
            Line = input.Number(nameof(CraneContainer.Line)),
        };
    }

    // Passed over, it would be as if nobody had said where the image goes, or that it stays.
    private static void RefuseMisplaced(PSObject input, string owner)
    {
        if (input.Properties.FirstOrDefault(property => SectionKeys.Push.Has(property.Name)) is { } misplaced)
            throw new CraneException(
                CraneErrorId.UnknownKey,
                $"The property '{misplaced.Name}' does not belong directly in {owner}. It belongs under 'Push' or 'Pull'.",
                "Put it there, or remove it.");
    }

    // Where no directive says where an image is pulled from, whether it is built here decides, by this container or another.
    private static IEnumerable<string> NeededFor(RetagOperation operation, ContainerPull? pull)
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
