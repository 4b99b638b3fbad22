using Crane.Planning;
using Crane.Stores;

namespace Crane.Building;

/// <summary>
/// Says why a build is due: its image is missing, the image that it begins with has changed since, or one of the builds
/// before it is due. An image begins with its base as long as the base's layers are the first of its own. Where no
/// Dockerfile says what that is, the build is due, and fails.
/// </summary>
internal static class Freshness
{
    /// <summary>Gives each build its reason; one that has none is up to date, and skipped where only changes are built.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public static async Task<IReadOnlyList<BuildNode>> CheckAsync(
        IReadOnlyList<BuildNode> nodes, ILocalImages images, bool changedOnly, CancellationToken cancellation)
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
                ?? await ReasonAsync(node, images, cancellation);
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

    private static async Task<string?> ReasonAsync(BuildNode node, ILocalImages images, CancellationToken cancellation)
    {
        if (node.Fault is not null)
            return "its Dockerfile cannot be read";
        if (await images.FindAsync(ImageName.Parse(node.Plan.Target), cancellation) is not { } image)
            return "missing";

        // A base that is not here would be fetched by the builder: whether it has changed, only that would tell.
        if (node.Parent is not { } parent || await images.FindAsync(parent, cancellation) is not { } theBase)
            return null;
        return image.Layers.Take(theBase.Layers.Count).SequenceEqual(theBase.Layers, StringComparer.Ordinal)
            ? null
            : $"base {parent} changed";
    }
}
