using Crane.Moving.Engine;
using Crane.Planning;

namespace Crane.Building;

/// <summary>
/// Says why a build is due: its image is missing, it was built from something else than it would be built from now, or one
/// of the builds before it is due. What cannot be known counts as changed.
/// </summary>
internal static class Freshness
{
    /// <summary>Gives each build its reason; one that has none is up to date, and skipped where only changes are built.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public static async Task<IReadOnlyList<BuildNode>> CheckAsync(
        IReadOnlyList<BuildNode> nodes,
        BaseNames names,
        ILocalImages images,
        IBuildInputs inputs,
        bool changedOnly,
        CancellationToken cancellation)
    {
        var checkedNodes = new List<BuildNode>(nodes.Count);
        var due = new bool[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.Plan.Status != RetagStatus.Planned)
            {
                checkedNodes.Add(node);
                continue;
            }

            var reason = node.After.Where(earlier => due[earlier]).Select(earlier => $"after {nodes[earlier].Plan.Target}").FirstOrDefault()
                ?? await ReasonAsync(node, name => names.Of(node.Plan, name).Image, images, inputs, cancellation);
            due[i] = reason is not null;
            checkedNodes.Add(node with
            {
                IsWanted = due[i] || !changedOnly,
                Plan = node.Plan with
                {
                    Reason = reason ?? BuildPlan.UpToDate,
                    Status = due[i] || !changedOnly ? RetagStatus.Planned : RetagStatus.Skipped,
                },
            });
        }

        return checkedNodes;
    }

    private static async Task<string?> ReasonAsync(
        BuildNode node, Func<ImageName, ImageName> meant, ILocalImages images, IBuildInputs reader, CancellationToken cancellation)
    {
        if (node.Fault is not null)
            return "its Dockerfile cannot be read";
        var name = ImageName.Parse(node.Plan.Target);
        if (await images.FindAsync(name, cancellation) is not { } image)
            return "image is missing";
        // Only when the hook has run is there what it makes; and it runs only where something is built.
        if (node.Plan.Hook?.PreBuild is not null)
            return "its pre-build hook may change what it is built from";
        if (BuildInputs.Of(name, image) is not { } built)
            return "no record of what it was built from";
        try
        {
            if (await reader.ReadAsync(node.Plan, built, cancellation) is not { } reading)
                return "what its context has now is not known";
            var now = await new InputLabels(reader, images).CompleteAsync(reading, meant, InputLabels.NoneMade, cancellation);
            return now.ChangedSince(built) is { } part
                ? part == BuildInputs.ContextPart && reading.ContextChange is { } change ? change : $"{part} changed"
                : await OtherParentAsync(node, image, images, cancellation);
        }
        // The build will say what is wrong; the others are still to be looked at.
        catch (Exception failure) when (
            CraneException.IsFailure(failure, cancellation) && failure is not CraneException { Id: CraneErrorId.EngineUnreachable })
        {
            return "its context cannot be read";
        }
    }

    // A base may have been built again from the same inputs, for the sake of what its steps fetch.
    private static async Task<string?> OtherParentAsync(
        BuildNode node, LocalImage image, ILocalImages images, CancellationToken cancellation) =>
        node.Parent is { } parent
        && await images.FindAsync(parent, cancellation) is { } theBase
        && !image.Layers.Take(theBase.Layers.Count).SequenceEqual(theBase.Layers, StringComparer.Ordinal)
            ? $"base {parent} changed"
            : null;
}
