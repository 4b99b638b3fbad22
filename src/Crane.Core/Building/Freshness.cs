using Crane.Comparing;
using Crane.Moving.Engine;
using Crane.Planning;

namespace Crane.Building;

/// <summary>Finds out which builds are due: the image is missing, inputs changed or are unknown, or an earlier build is due.</summary>
internal static class Freshness
{
    /// <summary>Sets the reason of each build. A build without one is up to date, and skipped if only changes are built.</summary>
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
        if (node.Error is not null)
            return "its Dockerfile cannot be read";
        if (node.Refused is { } container)
            return $"after '{container}'";
        var name = ImageName.Parse(node.Plan.Target);
        if (await images.FindAsync(name, cancellation) is not { } image)
            return "image is missing";
        // What the hook generates is known only after it has run, and it runs only with a build.
        if (node.Plan.Hook?.PreBuild is not null)
            return "its pre-build hook may change what it is built from";
        if (BuildInputs.Of(name, image) is not { } built)
            return "no record of what it was built from";
        try
        {
            if (await reader.ReadAsync(node.Plan, built, cancellation) is not { } reading)
                return "the current content of its context is unknown";
            var now = await new InputLabels(reader, images).CompleteAsync(reading, meant, InputLabels.NoneBuilt, cancellation);
            return now.ChangedSince(built) is { } part
                ? part == BuildInputs.ContextPart && reading.ContextChange is { } change ? change : $"{part} changed"
                : await OtherParentAsync(node, image, images, cancellation);
        }
        // The build will report the error.
        catch (Exception failure) when (
            CraneException.IsFailure(failure, cancellation) && failure is not CraneException { Id: CraneErrorId.EngineUnreachable })
        {
            return "its context cannot be read";
        }
    }

    // A base may have been rebuilt from the same inputs, for what its steps download.
    private static async Task<string?> OtherParentAsync(
        BuildNode node, LocalImage image, ILocalImages images, CancellationToken cancellation) =>
        node.Parent is { } parent
        && await images.FindAsync(parent, cancellation) is { } current
        && !image.BeginsWith(current)
            ? $"base {parent} changed"
            : null;
}
