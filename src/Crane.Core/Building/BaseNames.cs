namespace Crane.Building;

/// <summary>
/// What the names of images in Dockerfiles mean in one run: an image that the run makes, whatever tag it gives it; one that a
/// crane file declares; or one of somebody else.
/// </summary>
/// <param name="plans">All plans of the run.</param>
/// <param name="declared">
/// What an image is to the crane files that the run has read; null where it has read none. Then its plans say, and what they do
/// not know is not guessed.
/// </param>
internal sealed class BaseNames(IEnumerable<RetagPlan> plans, Func<ImageName, DeclaredBase?>? declared = null)
{
    private readonly ILookup<string, ImageName> _byContainer = plans.Where(plan => plan.IsOurs)
        .Select(plan => (plan.Container, Image: ImageName.TryParse(plan.Target, out var target) ? target.WithoutDigest() : null))
        .Where(pair => pair.Image is not null)
        .ToLookup(pair => pair.Container, pair => pair.Image!, StringComparer.Ordinal);
    private HashSet<ImageName>? _images;

    /// <summary>What a name means in the Dockerfile of a plan.</summary>
    public BuildBase Of(RetagPlan plan, ImageName name)
    {
        var entry = Find(plan, name);
        if ((_images ??= [.. _byContainer.SelectMany(images => images)]).Contains(name))
            return new BuildBase(name, name, BaseOrigin.Ours, entry);
        if (entry?.Container is { Length: > 0 } container
            && _byContainer[container].FirstOrDefault(image => image.RepositoryKey == name.RepositoryKey) is { } image)
        {
            return new BuildBase(name, image, BaseOrigin.Ours, entry);
        }

        var isKnown = declared is not null || plan.Path is null || plan.Base.Any(known => Means(known, name));
        return new BuildBase(name, name, entry is not null ? BaseOrigin.Declared : isKnown ? BaseOrigin.Open : BaseOrigin.Unknown, entry);
    }

    /// <summary>A plan that says which images its Dockerfile names, and which of them are declared.</summary>
    public RetagPlan Complete(RetagPlan plan, IEnumerable<string> names) => declared is null && plan.Path is not null
        ? plan
        : plan with
        {
            Base = [.. names],
            DeclaredBase = [.. names.Select(name => ImageName.TryParse(name, out var image) ? declared?.Invoke(image) : null).OfType<DeclaredBase>()],
        };

    private DeclaredBase? Find(RetagPlan plan, ImageName name) => declared is not null
        ? declared(name)
        : plan.DeclaredBase?.FirstOrDefault(entry => Means(entry.Name, name));

    private static bool Means(string text, ImageName name) => ImageName.TryParse(text, out var image) && image == name;
}

/// <summary>An image that a Dockerfile names, and what that means.</summary>
/// <param name="Name">As the Dockerfile names it.</param>
/// <param name="Image">The image that is meant: under another tag, or where a registry has it.</param>
/// <param name="Origin">Who makes it.</param>
/// <param name="Declared">What the crane file says of it; null where it says nothing.</param>
internal sealed record BuildBase(ImageName Name, ImageName Image, BaseOrigin Origin, DeclaredBase? Declared)
{
    /// <summary>Whether it is the image of a registry, by its digest or tag, and not one that the engine has under its name.</summary>
    public bool IsRemote { get; init; }
}

/// <summary>Who makes an image that a Dockerfile names.</summary>
internal enum BaseOrigin
{
    /// <summary>The run that builds on it, or one before it.</summary>
    Ours,

    /// <summary>It is in the crane file, and not in this run.</summary>
    Declared,

    /// <summary>Somebody else: it comes from where its name says.</summary>
    Open,

    /// <summary>The plan does not say, and there is no crane file to ask.</summary>
    Unknown,
}
