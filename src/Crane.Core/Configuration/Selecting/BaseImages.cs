namespace Crane.Configuration;

/// <summary>Which containers are built on the images of which: what their Dockerfiles name.</summary>
/// <param name="stack">The stack.</param>
/// <param name="names">Its containers.</param>
/// <param name="variables">Where variables come from; a container with one that is not set is built on nothing known.</param>
/// <param name="basesOf">Gives the names of the images that a build needs, or throws a CraneException.</param>
internal sealed class BaseImages(
    CraneStack stack, StackNames names, IVariables variables, Func<ContainerBuild, IReadOnlyList<string>> basesOf)
{
    private readonly BuildReader _builds = new(stack.FileExists);
    private readonly Lazy<ILookup<string, DeclaredContainer>> _byImage = new(() => names.Containers
        .Select(container => (container, Image: ImageOf(container, variables)))
        .Where(pair => pair.Image is not null)
        .ToLookup(pair => pair.Image!.FullName, pair => pair.container, StringComparer.Ordinal));

    /// <summary>The containers whose images the container is built on.</summary>
    public IEnumerable<DeclaredContainer> Of(DeclaredContainer container) => Bases(container)
        .SelectMany(name => ImageName.TryParse(name, out var image) ? _byImage.Value[image.FullName] : [])
        .Where(needed => needed != container);

    private static ImageName? ImageOf(DeclaredContainer container, IVariables variables) =>
        ImageName.TryParse(Reader(container, variables, []).Text(container.Body, "", "image")?.Trim(), out var image) ? image : null;

    // What is wrong in it is an error where the container is selected.
    private static ValueReader Reader(DeclaredContainer container, IVariables variables, List<CraneException> errors) =>
        new(container.Name, variables, errors);

    private IReadOnlyList<string> Bases(DeclaredContainer container)
    {
        List<CraneException> errors = [];
        var build = _builds.Read(container.Body, Reader(container, variables, errors));
        if (build is null || errors is not [])
            return [];
        try
        {
            return basesOf(build);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            // A Dockerfile that cannot be read names nothing; its build says why.
            return [];
        }
    }
}
