using Crane.CraneFile.Variables;
using Crane.Names;

namespace Crane.CraneFile.Selecting;

/// <summary>The images of a stack and their containers. What one container says about an image is true for all with it.</summary>
internal sealed class DeclaredImages(CraneStack stack, ContainerIndex names, PlaceReader places, IVariables variables)
{
    private readonly BuildReader _builds = new(stack.FileExists);
    private readonly Dictionary<DeclaredContainer, DeclaredImage> _images = [];
    private readonly Dictionary<DeclaredContainer, ImageName?> _names = new(names.Containers.Count);
    private ILookup<string, DeclaredContainer>? _byImage;
    private ILookup<string, DeclaredContainer>? _byRepository;

    private IReadOnlyList<(DeclaredContainer Container, ImageName Image)> All => field ??=
        [.. names.Containers.Select(container => (container, Image: NameOf(container)!)).Where(pair => pair.Image is not null)];

    /// <summary>The containers with an image, in the order of the files.</summary>
    public IEnumerable<DeclaredContainer> Containers(ImageName image) =>
        (_byImage ??= All.ToLookup(pair => pair.Image.SameImageKey, pair => pair.Container, StringComparer.Ordinal))[image.SameImageKey];

    /// <summary>
    /// The stack's declaration of an image in a Dockerfile; null if the stack does not declare it, or says nothing about where it comes
    /// from. Another tag of a declared image comes from the same registry.
    /// </summary>
    public DeclaredBase? FindBase(ImageName image)
    {
        var containers = Containers(image).ToList();
        var isPin = containers.Count == 0;
        if (isPin)
        {
            _byRepository ??= All.ToLookup(pair => pair.Image.RepositoryKey, pair => pair.Container, StringComparer.Ordinal);
            containers = [.. _byRepository[image.RepositoryKey]];
        }
        if (containers.Count == 0)
            return null;

        var images = containers.Select(container => (Container: container, Image: Read(container))).ToList();
        var builder = images.FirstOrDefault(each => each.Image.IsBuilt).Container;
        List<CraneException> errors = [.. images.SelectMany(each => each.Image.Errors)];
        var byDefault = images.Exists(each => each.Image.Pull is not null) ? null
            : places.DefaultPull(new ValueReader("", variables, errors));
        var references = images.Select(each => (each.Container, Pull: each.Image.Pull ?? byDefault))
            .Where(each => each.Pull is { IsDirective: true })
            .Select(each => Reference(each.Container, each.Pull!, image)).DistinctBy(name => name?.SameImageKey).ToList();
        var isUnclear = references.Count > 1 || errors.Count > 0;
        if (references.Count == 0 && !isUnclear && (builder is null || RegistryAddress.HostOf(image.Registry) != RegistryAddress.DockerHub))
            return null;
        return new DeclaredBase
        {
            Name = image.ToString(),
            Container = isPin ? null : (builder ?? containers[0]).Name,
            PullReference = isUnclear || references.Count == 0 ? null : references[0]?.ToString(),
        };
    }

    /// <summary>Completes what a container says about its image by what the others say.</summary>
    public DeclaredImage Complete(DeclaredContainer container, DeclaredImage own, List<CraneException> errors)
    {
        if (NameOf(container) is not { } image || Others(container, image) is not { Count: > 0 } others)
            return own;
        errors.AddRange(others.SelectMany(other => other.Image.Errors));
        var pulls = own.Pull is not null ? []
            : others.Where(other => other.Image.Pull is not null)
                .DistinctBy(other => (other.Image.Pull!.Registry, other.Image.Pull.OverrideUser)).ToList();
        if (pulls.Count > 1)
        {
            var where = string.Join(", ", pulls.Select(other => $"'{other.Name}' from {PlaceOf(other.Image.Pull!)}"));
            errors.Add(new CraneException(
                CraneErrorId.TargetConflict,
                $"container '{container.Name}' does not say where to pull its image {image} from, and others disagree: {where}.",
                $"Add a pull section to '{container.Name}'.").At(container.Body!.Find("image")!.Location));
        }

        return new DeclaredImage(
            own.BuiltBy ?? others.Find(other => other.Image.IsBuilt).Name,
            own.Pull ?? pulls.FirstOrDefault().Image?.Pull,
            own.IsSkipped || others.Exists(other => other.Image.IsSkipped),
            []);
    }

    private List<(string Name, DeclaredImage Image)> Others(DeclaredContainer container, ImageName image) =>
        [.. Containers(image).Where(other => other != container).Select(other => (other.Name, Read(other)))];

    private static string PlaceOf(ContainerPull pull) => pull.IsDirective ? pull.ToString() : "its own name";

    /// <summary>The image of a container; null if it has none, or an invalid one.</summary>
    public ImageName? NameOf(DeclaredContainer container)
    {
        if (!_names.TryGetValue(container, out var name))
        {
            var written = new ValueReader("", variables, []).String(container.Body, "", "image")?.Trim();
            _names[container] = name = ImageName.TryParse(written, out var image) ? image : null;
        }

        return name;
    }

    private DeclaredImage Read(DeclaredContainer container)
    {
        if (_images.TryGetValue(container, out var known))
            return known;
        List<CraneException> errors = [];
        var values = new ValueReader($"container '{container.Name}'", variables, errors);
        var pull = places.Pull(container.Body, values);
        var isSkipped = PlaceReader.IsSkipped(container.Body, values);
        var isBuilt = _builds.Read(container.Body, new ValueReader("", variables, [])) is not null;
        return _images[container] = new DeclaredImage(isBuilt ? container.Name : null, DeclaredImage.Directive(pull), isSkipped, errors);
    }

    private ImageName? Reference(DeclaredContainer container, ContainerPull pull, ImageName image)
    {
        try
        {
            // The path is that of the container, tag and digest are those of the Dockerfile.
            var written = NameOf(container)!.Parts with { Tag = image.Parts.Tag, Digest = image.Parts.Digest };
            return Retag.Remote(ImageName.FromParts(written), pull.Registry, pull.OverrideUser);
        }
        catch (CraneException)
        {
            // An invalid name is an error of that container.
            return null;
        }
    }
}

/// <summary>What containers say about an image.</summary>
/// <param name="BuiltBy">The container that builds it; null for none.</param>
/// <param name="Pull">Where to pull it from; null if no container says, so that the default applies.</param>
internal sealed record DeclaredImage(string? BuiltBy, ContainerPull? Pull, bool IsSkipped, IReadOnlyList<CraneException> Errors)
{
    public bool IsBuilt => BuiltBy is not null;

    /// <summary>A pull section that says where to pull from, if only that it is not the default's place; null for another one.</summary>
    public static ContainerPull? Directive(ContainerPull? pull) => pull is { IsDirective: true } or { IsOff: true } ? pull : null;
}

/// <summary>Finds the containers whose images a container is built on, by its Dockerfile.</summary>
/// <param name="basesOf">Returns the names of the images that a build needs.</param>
internal sealed class BaseImages(
    CraneStack stack, DeclaredImages images, IVariables variables, Func<ContainerBuild, IReadOnlyList<string>> basesOf)
{
    private readonly BuildReader _builds = new(stack.FileExists);

    public IEnumerable<DeclaredContainer> Of(DeclaredContainer container) => Bases(container)
        .SelectMany(name => ImageName.TryParse(name, out var image) ? images.Containers(image) : [])
        .Where(needed => needed != container);

    /// <summary>The names of the images that a build needs; none if its Dockerfile cannot be read: the build reports that.</summary>
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
        // Its errors are reported if the container is selected.
        List<CraneException> errors = [];
        var build = _builds.Read(container.Body, new ValueReader(container.Name, variables, errors));
        return build is null || errors is not [] ? [] : Of(build);
    }
}
