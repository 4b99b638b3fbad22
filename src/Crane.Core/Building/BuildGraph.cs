using Crane.CraneFile.Selecting;
using Crane.Errors;

namespace Crane.Building;

/// <summary>
/// Which build needs which: one whose Dockerfile names the image of another comes after it, and so does one that
/// requires its container.
/// </summary>
internal sealed class BuildGraph
{
    private BuildGraph(IReadOnlyList<BuildNode> nodes, BaseNames names, IReadOnlyList<CraneException> errors)
    {
        Nodes = nodes;
        Names = names;
        Errors = errors;
    }

    /// <summary>The builds, each after those it needs, otherwise in the order of the plans; skipped plans among them.</summary>
    public IReadOnlyList<BuildNode> Nodes { get; }

    /// <summary>What the names of images in their Dockerfiles mean.</summary>
    public BaseNames Names { get; }

    /// <summary>DependencyCycle for each build that has no place, since it needs itself.</summary>
    public IReadOnlyList<CraneException> Errors { get; }

    /// <summary>The registries that bases come from; those that the plans make come from none.</summary>
    public IEnumerable<string> BaseRegistries =>
        from node in Nodes
        from text in node.Plan.Base
        let image = Parse(text)
        where image is not null
        let named = Names.Of(node.Plan, image)
        where named.Origin != BaseOrigin.Ours
        select (Parse(named.Declared?.PullReference) ?? image).Registry;

    /// <summary>Reads the Dockerfiles of the plans and puts these in order.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="dockerfiles">Reads them.</param>
    /// <param name="declared">What an image is to the crane files that the run has read; null where it has read none.</param>
    public static BuildGraph Read(IReadOnlyList<RetagPlan> plans, IDockerfiles dockerfiles, Func<ImageName, DeclaredBase?>? declared = null)
    {
        var names = new BaseNames(plans, declared);
        var builds = plans.Select(plan => Build.Of(plan, dockerfiles, names)).ToList();
        var edges = Edges(builds, names, build => build.Read.Images);
        var inEngine = WithUnneeded(edges, Edges(builds, names, build => build.Read.Unneeded));
        var order = Sort(inEngine);

        var place = new Dictionary<int, int>();
        foreach (var index in order.Sorted)
            place.Add(index, place.Count);
        var nodes = order.Sorted.Select(index => new BuildNode(
            builds[index].Plan,
            Parse(builds[index].Read.Parent) is { } parent ? names.Of(builds[index].Plan, parent).Image : null,
            Places(edges[index]),
            builds[index].Fault)
        {
            AfterInEngine = Places(inEngine[index]),
        }).ToList();
        var errors = order.Circles.SelectMany(circle => Circle(circle, builds, edges)).ToList();
        return new BuildGraph(nodes, names, errors);

        List<int> Places(List<Edge> needs) => needs.Select(edge => place[edge.To]).Distinct().Order().ToList();
    }

    private static ImageName? Parse(string? name) => ImageName.TryParse(name, out var image) ? image : null;

    private static TopologicalOrder Sort(List<List<Edge>> edges) =>
        TopologicalOrder.Sort(edges.Select(needs => needs.Select(edge => edge.To).ToList()).ToList());

    /// <summary>Adds the edges that not every builder needs, but for those of builds that would not have a place then.</summary>
    private static List<List<Edge>> WithUnneeded(List<List<Edge>> edges, List<List<Edge>> unneeded)
    {
        var all = edges.ToList();
        var placed = Sort(edges).Sorted.Count;
        foreach (var index in Enumerable.Range(0, edges.Count).Where(index => unneeded[index].Count > 0))
        {
            all[index] = [.. edges[index], .. unneeded[index]];
            if (Sort(all).Sorted.Count < placed)
                all[index] = edges[index];
        }

        return all;
    }

    private static List<List<Edge>> Edges(List<Build> builds, BaseNames names, Func<Build, IEnumerable<DockerfileImage>> images)
    {
        var byImage = new Dictionary<string, int>(StringComparer.Ordinal);
        var byContainer = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < builds.Count; i++)
        {
            if (builds[i].Plan.Status == RetagStatus.Skipped)
                continue;
            byContainer.TryAdd(builds[i].Plan.Container, i);
            if (ImageName.TryParse(builds[i].Plan.Target, out var target))
                byImage.TryAdd(target.FullName, i);
        }

        return builds.Select(build =>
        {
            List<Edge> needs = [];
            foreach (var image in images(build))
            {
                if (Parse(image.Name) is { } name && byImage.TryGetValue(names.Of(build.Plan, name).Image.FullName, out var to))
                    needs.Add(new Edge(to, $"{image.File}:{image.Line}"));
            }

            foreach (var required in build.Plan.Requires)
            {
                if (byContainer.TryGetValue(required, out var to))
                    needs.Add(new Edge(to, "requires"));
            }

            return needs;
        }).ToList();
    }

    private static IEnumerable<CraneException> Circle(IReadOnlyList<int> circle, List<Build> builds, List<List<Edge>> edges)
    {
        var steps = circle.Select((from, position) =>
        {
            var to = circle[(position + 1) % circle.Count];
            var why = edges[from].First(edge => edge.To == to).Why;
            return $"{builds[from].Plan.Target} ({why})";
        });
        var path = VisibleText.Message(string.Join(" -> ", steps.Append(builds[circle[0]].Plan.Target)));
        return circle.Select(index => new CraneException(
            CraneErrorId.DependencyCycle,
            $"Images need each other in a circle: {path}. None of them, and nothing that needs them, is built.",
            "Take one FROM or requires out of the circle.")
        {
            Target = builds[index].Plan,
        });
    }

    private sealed record Edge(int To, string Why);

    private sealed record Build(RetagPlan Plan, DockerfileImages Read, CraneException? Fault)
    {
        public static Build Of(RetagPlan plan, IDockerfiles dockerfiles, BaseNames names)
        {
            if (plan.Status == RetagStatus.Skipped || plan.Build is not { } section)
                return new Build(plan, DockerfileImages.Unknown, null);
            try
            {
                var read = dockerfiles.Read(section);
                return new Build(names.Complete(plan, read.Images.Select(image => image.Name)), read, null);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                // What its hook runs may make that Dockerfile; the builder will see.
                return new Build(plan, DockerfileImages.Unknown, plan.Hook?.PreBuild is null ? CraneException.From(failure).About(plan) : null);
            }
        }
    }
}
