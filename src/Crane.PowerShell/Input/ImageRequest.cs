using Crane.CraneFile.Model;
using Crane.Oci;

namespace Crane.Input;

/// <summary>An image to look up.</summary>
/// <param name="Target">The input that it was read from, as the target of errors.</param>
/// <param name="Image">The image's name.</param>
/// <param name="Settings">How to connect to its registry.</param>
internal sealed record ImageRequest(object Target, ImageName Image, IReadOnlyList<RegistrySetting> Settings)
{
    /// <summary>For a local image, its name in the registry that it is pulled from, if known.</summary>
    public ImageName? Remote { get; private init; }

    /// <summary>Whether it was read from an object of a crane file.</summary>
    public bool IsOfCraneFile { get; private init; }

    /// <exception cref="CraneException">InvalidImageName.</exception>
    public static ImageRequest Of(string name) => new(name, ImageName.ParseGiven(name), []);

    /// <summary>
    /// Reads a pipeline input: a name, or an object that has only that, a container, a plan, a result or a tag. For a local image it
    /// takes the plain name of the container or plan.
    /// </summary>
    /// <exception cref="CraneException">InvalidImageName, MissingImage, InvalidValue.</exception>
    public static ImageRequest Of(PSObject input, bool isLocal)
    {
        var given = PipedObject.NameOf(input);
        var settings = given is not null ? [] : new SectionReader(input, "the object").RegistrySettings();
        var name = ImageName.ParseGiven(given ?? NameOf(input, isLocal));
        var isExplicit = given is not null || IsTag(input);
        return new ImageRequest(input.BaseObject, isLocal || isExplicit ? name : name.WithRegistry(), settings)
        {
            Remote = isLocal && !isExplicit ? RemoteOf(input) : null,
            IsOfCraneFile = !isExplicit && input.String(nameof(CraneContainer.Path)) is not null,
        };
    }

    /// <summary>Reads a value of -Platform.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static ImagePlatform PlatformOf(string value) => ImagePlatform.TryParse(value, out var platform)
        ? platform
        : throw new CraneException(
            CraneErrorId.InvalidValue,
            $"-Platform '{value}' is not a valid platform.",
            "Write os/architecture[/variant], such as linux/arm64, or with a Windows version windows/amd64:10.0.20348.").About(value);

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
        if (PlanReader.IsPlan(input))
            return input.String(SideOf(input, isLocal)) ?? "";
        if (input.String(nameof(CraneTag.Reference)) is { } reference)
            return reference;
        if (!ContainerReader.IsContainer(input))
            throw input.NotRecognized(
                "the name of an image, a container, a plan, a result or a tag",
                "names, or the output of Get-CraneContainer, Get-CraneRetagPlan or Get-CraneTag");
        var container = ContainerReader.Read(input);
        // Of a value that is not valid there is no reference: that is the error.
        var names = new ContainerNames(container);
        _ = names.Written();
        if (!isLocal && container is { Image: not null, PullReference: null, PushReference: null })
            _ = (names.Pulled(), names.Pushed());
        return (isLocal ? container.Image : container.PullReference ?? container.PushReference) ?? throw new CraneException(
            CraneErrorId.MissingImage,
            $"Container '{container.Name}' has no image in a registry.",
            "Give it an image and a pull or push section, or show the local image with -Engine.").About(container);
    }

    // The property of a plan with the local name, or with the one in a registry.
    private static string SideOf(PSObject plan, bool isLocal) => (plan.Member<RetagOperation>(nameof(RetagPlan.Operation)), isLocal) switch
    {
        (RetagOperation.Pull, false) or (RetagOperation.Push, true) => nameof(RetagPlan.Source),
        (RetagOperation.Build, false) => throw new CraneException(
            CraneErrorId.MissingImage,
            $"The build plan for '{plan.String(nameof(RetagPlan.Target))}' has no registry.",
            "Show the local image with -Engine.").About(plan),
        _ => nameof(RetagPlan.Target),
    };
}
