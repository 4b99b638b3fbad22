using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Names;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// The images of a stack and which containers have them. What is said about an image holds for it, whichever of its containers
/// says so and whichever is selected.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="names">Its containers.</param>
/// <param name="variables">Where variables come from; an image with one that is not set is none that is known.</param>
internal sealed class DeclaredImages(CraneStack stack, ContainerIndex names, IVariables variables)
{
    private readonly BuildReader _builds = new(stack.FileExists);
    private readonly Dictionary<DeclaredContainer, DeclaredImage> _images = [];
    private readonly Dictionary<DeclaredContainer, ImageName?> _names = [];
    private ILookup<string, DeclaredContainer>? _byImage;
    private ILookup<string, DeclaredContainer>? _byRepository;

    private IReadOnlyList<(DeclaredContainer Container, ImageName Image)> All => field ??=
        [.. names.Containers.Select(container => (container, Image: NameOf(container)!)).Where(pair => pair.Image is not null)];

    /// <summary>The containers that have an image, in the order of the files.</summary>
    public IEnumerable<DeclaredContainer> Containers(ImageName image) =>
        (_byImage ??= All.ToLookup(pair => pair.Image.SameImageKey, pair => pair.Container, StringComparer.Ordinal))[image.SameImageKey];

    /// <summary>
    /// What an image that a Dockerfile names is to the stack; null where it is none of its images, or one that comes from where
    /// its own name says. Another tag of an image comes from where that one does.
    /// </summary>
    public DeclaredBase? FindBase(ImageName image)
    {
        var containers = Containers(image).ToList();
        var isPin = containers.Count == 0;
        if (isPin)
            containers = [.. (_byRepository ??= All.ToLookup(pair => pair.Image.RepositoryKey, pair => pair.Container, StringComparer.Ordinal))
                [image.RepositoryKey]];
        if (containers.Count == 0)
            return null;

        var images = containers.Select(container => (Container: container, Image: Read(container))).ToList();
        var builder = images.FirstOrDefault(each => each.Image.IsBuilt).Container;
        var references = images.Where(each => each.Image.Pull is not null)
            .Select(each => Reference(each.Container, each.Image.Pull!, image)).DistinctBy(name => name?.SameImageKey).ToList();
        var isUnclear = references.Count > 1 || images.Any(each => each.Image.Errors.Count > 0);
        if (references.Count == 0 && !isUnclear && (builder is null || RegistryAddress.HostOf(image.Registry) != RegistryAddress.DockerHub))
            return null;
        return new DeclaredBase
        {
            Name = image.ToString(),
            Container = isPin ? null : (builder ?? containers[0]).Name,
            PullReference = isUnclear || references.Count == 0 ? null : references[0]?.ToString(),
        };
    }

    /// <summary>What a container says about its image, and how the others that have it complete that.</summary>
    /// <param name="container">The container.</param>
    /// <param name="own">What it says itself.</param>
    /// <param name="errors">Takes what is wrong with the others, where it matters for this one.</param>
    public DeclaredImage Complete(DeclaredContainer container, DeclaredImage own, List<CraneException> errors)
    {
        if (NameOf(container) is not { } image)
            return own;
        var others = Containers(image).Where(other => other != container).Select(other => (Name: other.Name, Image: Read(other))).ToList();
        if (others.Count == 0)
            return own;
        errors.AddRange(others.SelectMany(other => other.Image.Errors));
        var pulls = own.Pull is not null ? [] : others.Where(other => other.Image.Pull is not null).DistinctBy(other => other.Image.Pull).ToList();
        if (pulls.Count > 1)
        {
            var where = string.Join(", ", pulls.Select(other => $"'{other.Name}' from {other.Image.Pull}"));
            errors.Add(new CraneException(
                CraneErrorId.TargetConflict,
                $"Containers differ about where {image}, the image of container '{container.Name}' too, is pulled from: {where}.",
                $"Write into '{container.Name}' from where it is pulled."));
        }

        return new DeclaredImage(
            own.BuiltBy ?? others.Find(other => other.Image.IsBuilt).Name,
            own.Pull ?? pulls.FirstOrDefault().Image?.Pull,
            own.IsSkipped || others.Exists(other => other.Image.IsSkipped),
            []);
    }

    private ImageName? NameOf(DeclaredContainer container)
    {
        if (!_names.TryGetValue(container, out var name))
        {
            var text = new ValueReader("", variables, []).Text(container.Body, "", "image")?.Trim();
            _names[container] = name = ImageName.TryParse(text, out var image) ? image : null;
        }

        return name;
    }

    private DeclaredImage Read(DeclaredContainer container)
    {
        if (_images.TryGetValue(container, out var known))
            return known;
        List<CraneException> errors = [];
        var values = new ValueReader($"container '{container.Name}'", variables, errors);
        var pull = ContainerExpander.Pull(container.Body?.Find("pull") as MapNode, values);
        var isSkipped = values.Flag(container.Body?.Find("push") as MapNode, "push", "skip");
        var isBuilt = _builds.Read(container.Body, new ValueReader("", variables, [])) is not null;
        return _images[container] = new DeclaredImage(isBuilt ? container.Name : null, DeclaredImage.Directive(pull), isSkipped, errors);
    }

    private ImageName? Reference(DeclaredContainer container, ContainerPull pull, ImageName image)
    {
        try
        {
            // The rule works on the path as the container writes it; tag and digest are those that the Dockerfile asks for.
            var written = NameOf(container)!.Parts with { Tag = image.Parts.Tag, Digest = image.Parts.Digest };
            return Retag.Remote(ImageName.FromParts(written), pull.Registry, pull.OverrideUser);
        }
        catch (CraneException)
        {
            // An error of that container; nothing is pulled from a name that is none.
            return null;
        }
    }
}

/// <summary>What is said about an image.</summary>
/// <param name="BuiltBy">The container that builds it; null for none.</param>
/// <param name="Pull">From where it is pulled; null where that is not said.</param>
/// <param name="IsSkipped">Whether it is never pushed.</param>
/// <param name="Errors">What is wrong with what is said.</param>
internal sealed record DeclaredImage(string? BuiltBy, ContainerPull? Pull, bool IsSkipped, IReadOnlyList<CraneException> Errors)
{
    public bool IsBuilt => BuiltBy is not null;

    /// <summary>A pull section, where it says anything.</summary>
    public static ContainerPull? Directive(ContainerPull? pull) => pull is { Registry: null, OverrideUser: null } ? null : pull;
}

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
