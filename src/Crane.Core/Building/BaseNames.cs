namespace Crane.Building;

/// <summary>
/// Resolves the names of images in Dockerfiles in one run: to an image of the run, with the tag that it has there, an image that a crane
/// file declares, or an external image.
/// </summary>
/// <param name="declared">Finds an image in the crane files of the run; null for a run of plans, which then have the declarations.</param>
internal sealed class BaseNames(IEnumerable<RetagPlan> plans, Func<ImageName, DeclaredBase?>? declared = null)
{
    private readonly ILookup<string, ImageName> _byContainer = plans.Where(plan => plan.IsOurs)
        .Select(plan => (plan.Container, Image: ImageName.TryParse(plan.Target, out var target) ? target.WithoutDigest() : null))
        .Where(pair => pair.Image is not null)
        .ToLookup(pair => pair.Container, pair => pair.Image!, StringComparer.Ordinal);
    private HashSet<ImageName>? _images;

    /// <summary>The image of a name in the Dockerfile of a plan.</summary>
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

    /// <summary>The plan with the images of its Dockerfile, and the declarations of these.</summary>
    public RetagPlan Complete(RetagPlan plan, IEnumerable<string> names) => declared is null && plan.Path is not null
        ? plan
        : plan with
        {
            Base = [.. names],
            DeclaredBase = [.. names.Select(name => ImageName.TryParse(name, out var image) ? declared?.Invoke(image) : null)
                .OfType<DeclaredBase>()],
        };

    private DeclaredBase? Find(RetagPlan plan, ImageName name) => declared is not null
        ? declared(name)
        : plan.DeclaredBase?.FirstOrDefault(entry => Means(entry.Name, name));

    private static bool Means(string written, ImageName name) => ImageName.TryParse(written, out var image) && image == name;
}

/// <summary>An image in a Dockerfile, and what it means.</summary>
/// <param name="Name">Its name in the Dockerfile.</param>
/// <param name="Image">The image to use: with another tag, or in a registry.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Declared">Its declaration in the crane file; null for none.</param>
internal sealed record BuildBase(ImageName Name, ImageName Image, BaseOrigin Origin, DeclaredBase? Declared)
{
    /// <summary>Whether the builder takes the image from a registry, not from the engine.</summary>
    public bool IsRemote { get; init; }
}

/// <summary>Where an image in a Dockerfile comes from.</summary>
internal enum BaseOrigin
{
    /// <summary>This run or an earlier one makes it.</summary>
    Ours,

    /// <summary>The crane file declares it, and this run does not make it.</summary>
    Declared,

    /// <summary>It is an external image, from the registry in its name.</summary>
    Open,

    /// <summary>The plan does not say, and there is no crane file.</summary>
    Unknown,
}
