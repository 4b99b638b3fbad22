using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>A build as a target of a bake file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Request">What is built.</param>
/// <param name="Links">Names of images that its Dockerfile has, and what stands for them: targets that make them, or images of registries.</param>
/// <param name="After">Indexes of the targets that it needs, whether its Dockerfile names their images or not.</param>
internal sealed record BakeTarget(
    string Name, GraphBuild Request, IReadOnlyDictionary<string, string> Links, IReadOnlySet<int> After)
{
    /// <summary>What a link to another target begins with.</summary>
    public const string TargetLink = "target:";

    /// <summary>Why it cannot be built; null where it can, as far as its Dockerfile tells.</summary>
    public CraneException? Fault { get; init; }

    /// <summary>Whether bases that are here are fetched all the same.</summary>
    public bool Pull { get; private init; }

    /// <summary>The registries that its other bases come from.</summary>
    public IReadOnlyList<string> BaseRegistries { get; private init; } = [];

    /// <summary>The targets of builds. Dockerfiles are read anew: a hook may just have made one.</summary>
    public static IReadOnlyList<BakeTarget> Of(IReadOnlyList<GraphBuild> builds, IDockerfiles dockerfiles)
    {
        var names = BakeNames.Of([.. builds.Select(build => build.Plan)]);
        var makers = new Dictionary<ImageName, int>();
        for (var index = 0; index < builds.Count; index++)
            makers.TryAdd(builds[index].Target, index);
        return builds.Select((build, index) => Of(names[index], build)).ToList();

        BakeTarget Of(string name, GraphBuild build)
        {
            var links = new Dictionary<string, string>(StringComparer.Ordinal);
            var after = build.After.ToHashSet();
            var others = new List<ImageName>();
            try
            {
                var dockerfile = dockerfiles.Read(build.Build);
                foreach (var image in dockerfile.Images.Select(image => build.Bases.Of(ImageName.Parse(image.Name))))
                {
                    if (makers.TryGetValue(image.Image, out var maker) && builds[maker] != build)
                    {
                        links.TryAdd(Key(image.Name), $"{TargetLink}{names[maker]}");
                        after.Add(maker);
                        continue;
                    }

                    others.Add(image.Image);
                    if (image.IsRemote)
                        links.TryAdd(Key(image.Name), $"docker-image://{image.Image.FullName}");
                }

                // BuildKit would take the image for the stage, and leave out what the stage does.
                if (links.Keys.FirstOrDefault(dockerfile.Stages.ContainsKey) is { } hidden)
                    throw BuildxFaults.StageHasNameOfImage(hidden, dockerfile.Stages[hidden]);
            }
            catch (CraneException fault)
            {
                return new BakeTarget(name, build, links, after) { Fault = fault };
            }

            return new BakeTarget(name, build, links, after)
            {
                Pull = build.Bases.Pull,
                BaseRegistries = [.. others.Select(image => image.Registry).Distinct()],
            };
        }
    }

    // As BuildKit looks for it: the familiar name, and of the tag "latest" not a word.
    private static string Key(ImageName image) => (image.Tag == "latest" ? image.WithoutTag() : image).Familiar;
}
