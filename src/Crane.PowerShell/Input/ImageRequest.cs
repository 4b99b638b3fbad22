using Crane.Oci;

namespace Crane.Input;

/// <summary>An image that somebody asks for.</summary>
/// <param name="Target">What it was read from, for errors to point at.</param>
/// <param name="Image">Its name.</param>
/// <param name="Settings">How to connect to its registry, where that was said.</param>
internal sealed record ImageRequest(object Target, ImageName Image, IReadOnlyList<RegistrySetting> Settings)
{
    /// <summary>Its name in the registry that it is pulled from, where a local image is asked for and that is known.</summary>
    public ImageName? Remote { get; private init; }

    /// <summary>An image that is asked for by its name.</summary>
    /// <exception cref="CraneException">InvalidImageName.</exception>
    public static ImageRequest Of(string name) => new(name, ImageName.ParseGiven(name), []);

    /// <summary>
    /// Reads what came down the pipeline: a name, a container, a plan, a result or a tag. A local image is asked for by a
    /// container's plain name, or that side of a plan.
    /// </summary>
    /// <exception cref="CraneException">InvalidImageName, MissingImage, InvalidValue.</exception>
    public static ImageRequest Of(PSObject input, bool isLocal)
    {
        var settings = input.BaseObject is string ? [] : new SectionReader(input, "the object").RegistrySettings();
        var name = ImageName.ParseGiven(NameOf(input, isLocal));
        var isGiven = input.BaseObject is string || IsTag(input);
        return new ImageRequest(input.BaseObject, isLocal || isGiven ? name : name.WithRegistry(), settings)
        {
            Remote = isLocal && !isGiven ? RemoteOf(input) : null,
        };
    }

    /// <summary>Reads a value of -Platform.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static ImagePlatform PlatformOf(string value) => ImagePlatform.TryParse(value, out var platform)
        ? platform
        : throw new CraneException(
            CraneErrorId.InvalidValue,
            $"-Platform '{value}' is not a platform.",
            "Write it as os/architecture[/variant], such as linux/arm64; with a version of Windows as windows/amd64:10.0.20348.")
        {
            Target = value,
        };

    private static bool IsTag(PSObject input) => !PlanReader.IsPlan(input) && input.String(nameof(CraneTag.Reference)) is not null;

    private static ImageName? RemoteOf(PSObject input)
    {
        var name = !PlanReader.IsPlan(input) ? input.String(nameof(CraneContainer.PullReference))
            : input.Member<RetagOperation>(nameof(RetagPlan.Operation)) == RetagOperation.Pull ? input.String(nameof(RetagPlan.Source))
            : null;
        return ImageName.TryParse(name, out var remote) ? remote : null;
    }

    private static string NameOf(PSObject input, bool isLocal)
    {
        if (input.BaseObject is string name)
            return name;
        if (PlanReader.IsPlan(input))
            return input.String(SideOf(input, isLocal)) ?? "";
        if (input.String(nameof(CraneTag.Reference)) is { } reference)
            return reference;
        if (!ContainerReader.IsContainer(input))
            throw input.NeitherNor("the name of an image, a container, a plan, a result or a tag");
        var container = ContainerReader.Read(input);
        return (isLocal ? container.Image : container.PullReference ?? container.PushReference) ?? throw new CraneException(
            CraneErrorId.MissingImage,
            $"Container '{container.Name}' has no image in a registry.",
            "Give it an image and a pull or push section, or show the local image with -Engine.")
        {
            Target = container,
        };
    }

    /// <summary>The property of a plan that is in a registry, or that is local. The other one is another host's business.</summary>
    private static string SideOf(PSObject plan, bool isLocal) => (plan.Member<RetagOperation>(nameof(RetagPlan.Operation)), isLocal) switch
    {
        (RetagOperation.Pull, false) or (RetagOperation.Push, true) => nameof(RetagPlan.Source),
        (RetagOperation.Build, false) => throw new CraneException(
            CraneErrorId.MissingImage,
            $"The build of '{plan.String(nameof(RetagPlan.Target))}' says of no registry.",
            "Show the local image with -Engine.")
        {
            Target = plan,
        },
        _ => nameof(RetagPlan.Target),
    };
}
