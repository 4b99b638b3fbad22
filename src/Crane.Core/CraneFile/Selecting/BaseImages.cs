using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Which containers are built on the images of which: what their Dockerfiles name.</summary>
/// <param name="stack">The stack.</param>
/// <param name="images">Its images.</param>
/// <param name="variables">Where variables come from; a container with one that is not set is built on nothing known.</param>
/// <param name="basesOf">Gives the names of the images that a build needs, or throws a CraneException.</param>
internal sealed class BaseImages(
    CraneStack stack, DeclaredImages images, IVariables variables, Func<ContainerBuild, IReadOnlyList<string>> basesOf)
{
    private readonly BuildReader _builds = new(stack.FileExists);

    /// <summary>The containers whose images the container is built on.</summary>
    public IEnumerable<DeclaredContainer> Of(DeclaredContainer container) => Bases(container)
        .SelectMany(name => ImageName.TryParse(name, out var image) ? images.Containers(image) : [])
        .Where(needed => needed != container);

    /// <summary>The names of the images that a build needs; none where its Dockerfile cannot be read: its build says why.</summary>
    public IReadOnlyList<string> Of(ContainerBuild build)
    {
        try
        {
            return basesOf(build);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            return [];
        }
    }

    private IReadOnlyList<string> Bases(DeclaredContainer container)
    {
        // What is wrong in it is an error where the container is selected.
        List<CraneException> errors = [];
        var build = _builds.Read(container.Body, new ValueReader(container.Name, variables, errors));
        return build is null || errors is not [] ? [] : Of(build);
    }
}
