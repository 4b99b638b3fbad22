using System.Text;
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
    public CraneException? Error { get; init; }

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
                    throw BuildxErrors.StageHasNameOfImage(hidden, dockerfile.Stages[hidden]);
            }
            catch (CraneException error)
            {
                return new BakeTarget(name, build, links, after) { Error = error };
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

/// <summary>Names of bake targets: letters, digits, <c>-</c> and <c>_</c> are all that bake allows.</summary>
internal static class BakeNames
{
    // The group of what is built where nothing is named.
    public const string DefaultGroup = "default";

    /// <summary>A name for each build: that of its container, or of its image where there is none, or several.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RetagPlan> plans)
    {
        var containers = plans.GroupBy(plan => plan.Container).ToDictionary(same => same.Key, same => same.Count());
        var used = new HashSet<string>(StringComparer.Ordinal);
        return plans.Select(plan => Candidates(plan, containers[plan.Container] == 1).First(used.Add)).ToList();
    }

    /// <summary>
    /// The text in the characters that bake allows: <c>_</c> doubled, and each byte of any other character as <c>_</c> and two
    /// digits. So different texts have different names, and a text has the same name in every file.
    /// </summary>
    public static string Encode(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)value;
            if (character == '_')
                name.Append("__");
            else if (char.IsAsciiLetterOrDigit(character) || character == '-')
                name.Append(character);
            else
                name.Append('_').Append(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.ToString() is DefaultGroup ? "_64efault" : name.ToString();
    }

    private static IEnumerable<string> Candidates(RetagPlan plan, bool isOnlyOne)
    {
        if (isOnlyOne && plan.Container.Length > 0)
            yield return Encode(plan.Container);
        yield return Encode(plan.Target);
        for (var number = 2; ; number++)
            yield return $"{Encode(plan.Target)}-{number}";
    }
}
