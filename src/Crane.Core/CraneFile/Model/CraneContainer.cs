using Crane.CraneFile.Model;

namespace Crane;

/// <summary>A container of a crane file, with its variables expanded: the output of <c>Get-CraneContainer</c>.</summary>
public sealed record CraneContainer
{
    internal CraneContainer() { }

    /// <summary>The key of the container in the crane file.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The plain local image name, as written; null for none.</summary>
    public string? Image { get; internal init; }

    /// <summary>How the image is built; null if it is not.</summary>
    public ContainerBuild? Build { get; internal init; }

    /// <summary>The other container that builds the image; null for none.</summary>
    public string? BuiltBy { get; internal init; }

    /// <summary>The images that the Dockerfile uses, as far as it can be read.</summary>
    public IReadOnlyList<string> Base { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Those of them that the crane files declare, and where to pull them from; null for none.</summary>
    public IReadOnlyList<DeclaredBase>? DeclaredBase { get; internal init => field = SectionList<DeclaredBase>.OfAny(value); }

    /// <summary>Where to pull the image from, according to any container with the image; null if none says.</summary>
    public ContainerPull? Pull { get; internal init; }

    /// <summary>
    /// How long a new image must have been seen before a lock takes it, by the pull section or else by the file's; null for no limit.
    /// </summary>
    public TimeSpan? MinimumAge { get; internal init; }

    /// <summary>Where to push the image; null if the file does not say. If one container with the image has skip, all have.</summary>
    public ContainerPush? Push { get; internal init; }

    /// <summary>The source of a pull; null if nothing is pulled or the name is invalid.</summary>
    public string? PullReference { get; internal init; }

    /// <summary>The target of a push (the first of several tags); null if nothing is pushed or the name is invalid.</summary>
    public string? PushReference { get; internal init; }

    /// <summary>The platform to pull and build the image for, as <c>os/arch[/variant]</c>; null for that of the engine.</summary>
    public string? Platform { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Whether the image is pulled, as Compose has it: <c>never</c> and <c>build</c> skip pulls; null if the file does not say.</summary>
    public string? PullPolicy { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>
    /// How the container is run: a JSON object with the keys of a Compose service, its variables as written; null if the file does not say.
    /// </summary>
    public string? Run { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Names of the containers that this one depends on.</summary>
    public IReadOnlyList<string> Requires { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Names of the groups that contain the container.</summary>
    public IReadOnlyList<string> Group { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>The selected group whose images get their names together or not at all; null for none.</summary>
    public string? AtomicGroup { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Host commands before and after a build, and before the image gets its name; null for none.</summary>
    public ContainerHook? Hook { get; internal init; }

    /// <summary>Settings from <c>registries</c> of the hosts that this container pulls from or pushes to; null for none.</summary>
    public IReadOnlyList<RegistrySetting>? RegistrySetting { get; internal init => field = SectionList<RegistrySetting>.OfAny(value); }

    /// <summary>Full path of the crane file that declares the container.</summary>
    public string? Path { get; internal init; }

    /// <summary>Line of the declaration, counted from 1; 0 if unknown.</summary>
    public int Line { get; internal init; }

    internal ContainerOrigin Origin { get; init; } = ContainerOrigin.Unknown;

    /// <summary>The container's name.</summary>
    public override string ToString() => Name;

    /// <summary>An error about one of its values, with the value's location, the container and its variables.</summary>
    internal CraneException Locate(CraneException error, string key, string? item = null) =>
        Origin.Find(key, item)?.Locate(error, $"container '{Name}'") ?? error.In($"'{key}' of container '{Name}'");

    /// <summary>An error about what is built, at the value that says so.</summary>
    internal CraneException LocateBuild(CraneException error) =>
        Origin.LocateBuild(error, Build?.Context, $"container '{Name}'").About(this);

    /// <summary>Reads one of its values, and adds its location to an error.</summary>
    internal TResult Read<T, TResult>(string key, T value, Func<T, TResult> read, string? item = null)
    {
        try
        {
            return read(value);
        }
        catch (CraneException error)
        {
            throw Locate(error, key, item);
        }
    }
}
