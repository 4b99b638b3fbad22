using Crane.CraneFile.Selecting;
using Crane.Errors;

namespace Crane.Building;

/// <summary>The order of builds: a build comes after those of the images in its Dockerfile and of required containers.</summary>
internal sealed class BuildGraph
{
    private BuildGraph(IReadOnlyList<BuildNode> nodes, BaseNames names, IReadOnlyList<CraneException> errors)
    {
        Nodes = nodes;
        Names = names;
        Errors = errors;
    }

    /// <summary>The builds, including skipped ones, each after those it needs, otherwise in the order of the plans.</summary>
    public IReadOnlyList<BuildNode> Nodes { get; }

    /// <summary>Resolves the names of images in their Dockerfiles.</summary>
    public BaseNames Names { get; }

    /// <summary>DependencyCycle for each build in a cycle.</summary>
    public IReadOnlyList<CraneException> Errors { get; }

    /// <summary>The registries of all bases that the plans do not make.</summary>
    public IEnumerable<string> BaseRegistries =>
        from node in Nodes
        from name in node.Plan.Base
        let image = Parse(name)
        where image is not null
        let named = Names.Of(node.Plan, image)
        where named.Origin != BaseOrigin.Ours
        select (Parse(named.Declared?.PullReference) ?? image).Registry;

    /// <summary>Reads the Dockerfiles of the plans and sorts these.</summary>
    /// <param name="declared">Finds an image in the crane files of the run; null for a run of plans.</param>
    /// <param name="refused">The containers that the run leaves out because of an error; null for none.</param>
    public static BuildGraph Read(
        IReadOnlyList<RetagPlan> plans, IDockerfiles dockerfiles, Func<ImageName, DeclaredBase?>? declared = null,
        IReadOnlySet<string>? refused = null)
    {
        var names = new BaseNames(plans, declared);
        var builds = plans.Select(plan => Build.Of(plan, dockerfiles, names)).ToList();
        var edges = Edges(builds, names, build => build.Read.Images);
        var inEngine = WithUnneeded(edges, Edges(builds, names, build => build.Read.Unneeded));
        var order = Sort(inEngine);

        var made = new Lazy<HashSet<ImageName?>>(() => [.. plans.Select(plan => Parse(plan.Target))]);
        var positions = new Dictionary<int, int>();
        foreach (var index in order.Sorted)
            positions.Add(index, positions.Count);
        var nodes = order.Sorted.Select(index => new BuildNode(
            builds[index].Plan,
            Parse(builds[index].Read.Parent) is { } parent ? names.Of(builds[index].Plan, parent).Image : null,
            Positions(edges[index]),
            builds[index].Error)
        {
            AfterInEngine = Positions(inEngine[index]),
            Reason = builds[index].Reason,
            Refused = refused is { Count: > 0 } ? RefusedOf(builds[index], names, made.Value, refused) : null,
        }).ToList();
        var errors = order.Cycles.SelectMany(cycle => Cycle(cycle, builds, edges)).ToList();
        return new BuildGraph(nodes, names, errors);

        List<int> Positions(List<Edge> needs) => needs.Select(edge => positions[edge.To]).Distinct().Order().ToList();
    }

    // An image that another container of the run makes is there nevertheless.
    private static string? RefusedOf(
        Build build, BaseNames names, HashSet<ImageName?> made, IReadOnlySet<string> refused) => build.Read.Images
        .Select(image => Parse(image.Name)).OfType<ImageName>().Select(image => names.Of(build.Plan, image))
        .Where(image => !made.Contains(image.Image)).Select(image => image.Declared?.Container)
        .Concat(build.Plan.Requires)
        .FirstOrDefault(container => container is not null && refused.Contains(container));

    private static ImageName? Parse(string? name) => ImageName.TryParse(name, out var image) ? image : null;

    private static TopologicalOrder Sort(List<List<Edge>> edges) =>
        TopologicalOrder.Sort(edges.Select(needs => needs.Select(edge => edge.To).ToList()).ToList());

    /// <summary>Adds the edges that only some builders need, except those that would close a cycle.</summary>
    private static List<List<Edge>> WithUnneeded(List<List<Edge>> edges, List<List<Edge>> unneeded)
    {
        var all = edges.ToList();
        var sorted = Sort(edges).Sorted.Count;
        foreach (var index in Enumerable.Range(0, edges.Count).Where(index => unneeded[index].Count > 0))
        {
            all[index] = [.. edges[index], .. unneeded[index]];
            if (Sort(all).Sorted.Count < sorted)
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

    private static IEnumerable<CraneException> Cycle(IReadOnlyList<int> cycle, List<Build> builds, List<List<Edge>> edges)
    {
        var steps = cycle.Select((from, position) =>
        {
            var to = cycle[(position + 1) % cycle.Count];
            var why = edges[from].First(edge => edge.To == to).Why;
            return $"{builds[from].Plan.Target} ({why})";
        });
        var path = VisibleText.Message(string.Join(" -> ", steps.Append(builds[cycle[0]].Plan.Target)));
        return cycle.Select(index => builds[index].Plan.LocateBuild(new CraneException(
            CraneErrorId.DependencyCycle, $"Dependency cycle: {path}. These images, and those that depend on them, are not built.",
            "Remove one FROM or requires from the cycle.")));
    }

    private sealed record Edge(int To, string Why);

    private sealed record Build(RetagPlan Plan, DockerfileImages Read, CraneException? Error)
    {
        public string Reason { get; init; } = "";

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
                // Its hook may generate the Dockerfile.
                if (plan.Hook?.PreBuild is not null)
                    return new Build(plan, DockerfileImages.Unknown, null);
                var error = CraneException.From(failure);
                return new Build(plan, DockerfileImages.Unknown, plan.LocateBuild(error)) { Reason = error.Message };
            }
        }
    }
}
