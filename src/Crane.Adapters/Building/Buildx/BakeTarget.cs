using System.Text;
using Crane.Building;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>A build as a target of a bake file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Request">The build.</param>
/// <param name="Links">The images in its Dockerfile, and what replaces them: targets that build them, or images of registries.</param>
/// <param name="After">The indexes of the targets that it needs, whether or not its Dockerfile uses their images.</param>
internal sealed record BakeTarget(string Name, GraphBuild Request, IReadOnlyDictionary<string, string> Links, IReadOnlySet<int> After)
{
    /// <summary>The prefix of a link to another target.</summary>
    public const string TargetLink = "target:";

    /// <summary>Why it cannot be built; null where nothing is known against it.</summary>
    public CraneException? Error { get; init; }

    /// <summary>Whether to pull bases that exist locally, too.</summary>
    public bool Pull { get; private init; }

    /// <summary>The registries of its other bases.</summary>
    public IReadOnlyList<string> BaseRegistries { get; private init; } = [];

    /// <summary>Returns the targets of builds. Dockerfiles are read again: a hook may have written one.</summary>
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
                foreach (var context in NamedContext.Of(build.Build))
                    links[context.Name] = context.Value;
                foreach (var (written, image) in dockerfile.Images.Select(image => (image, build.Bases.Of(ImageName.Parse(image.Name)))))
                {
                    if (makers.TryGetValue(image.Image, out var maker) && builds[maker] != build)
                    {
                        Link(written.Context, image.Name, $"{TargetLink}{names[maker]}");
                        after.Add(maker);
                        continue;
                    }

                    others.Add(image.Image);
                    if (image.IsRemote)
                        Link(written.Context, image.Name, $"docker-image://{image.Image.FullName}");
                }

                // BuildKit would use the image instead of the stage.
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

            void Link(string? context, ImageName image, string target)
            {
                if (context is not null)
                    links[context] = target;
                else
                    links.TryAdd(Key(image), target);
            }
        }
    }

    // As BuildKit looks it up: the familiar name, without the tag "latest".
    private static string Key(ImageName image) => (image.Tag == "latest" ? image.WithoutTag() : image).Familiar;
}

/// <summary>Names of bake targets: bake allows letters, digits, <c>-</c> and <c>_</c>.</summary>
internal static class BakeNames
{
    // The group that bake builds by default.
    public const string DefaultGroup = "default";

    /// <summary>A name for each build: its container, or its image where the container has none or several builds.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RetagPlan> plans)
    {
        var containers = plans.GroupBy(plan => plan.Container).ToDictionary(same => same.Key, same => same.Count());
        var used = new HashSet<string>(StringComparer.Ordinal);
        return plans.Select(plan => Candidates(plan, containers[plan.Container] == 1).First(used.Add)).ToList();
    }

    /// <summary>
    /// Encodes a string with the characters that bake allows: <c>_</c> is doubled, and each byte of any other character becomes
    /// <c>_</c> and two digits. So different strings have different names, and a string has the same name in every file.
    /// </summary>
    public static string Encode(string value)
    {
        var name = new StringBuilder(value.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            var character = (char)octet;
            if (character == '_')
                name.Append("__");
            else if (char.IsAsciiLetterOrDigit(character) || character == '-')
                name.Append(character);
            else
                name.Append('_').Append(octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
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
