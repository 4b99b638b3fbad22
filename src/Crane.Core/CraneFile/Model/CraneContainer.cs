using Crane.CraneFile.Model;

namespace Crane;

/// <summary>A container of a crane file, with its variables expanded: what <c>Get-CraneContainer</c> emits.</summary>
public sealed record CraneContainer
{
    internal CraneContainer()
    {
    }

    /// <summary>The key of the container in the crane file.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The plain local image name, as written; null where the file gives none.</summary>
    public string? Image { get; internal init; }

    /// <summary>How the image is built here; null where it is not.</summary>
    public ContainerBuild? Build { get; internal init; }

    /// <summary>The container of the same crane files that builds the image, where this one does not; null for none.</summary>
    public string? BuiltBy { get; internal init; }

    /// <summary>The images that the Dockerfile names, as far as it can be read.</summary>
    public IReadOnlyList<string> Base { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Those of them that the crane files declare, and where they come from; null where there are none.</summary>
    public IReadOnlyList<DeclaredBase>? DeclaredBase { get; internal init => field = SectionList<DeclaredBase>.OfAny(value); }

    /// <summary>Where the image is pulled from, by whichever container of the crane files says so; null where none does.</summary>
    public ContainerPull? Pull { get; internal init; }

    /// <summary>Where the image is pushed to; null where the file does not say. One container's skip is that of the image.</summary>
    public ContainerPush? Push { get; internal init; }

    /// <summary>What a pull reads from; null where nothing is pulled or the name is not valid.</summary>
    public string? PullReference { get; internal init; }

    /// <summary>What a push writes to (the first, where there are several tags); null where nothing says where to, or the name is not valid.</summary>
    public string? PushReference { get; internal init; }

    /// <summary>Names of the containers of the same crane files that come before this one.</summary>
    public IReadOnlyList<string> Requires { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Names of the groups that list the container.</summary>
    public IReadOnlyList<string> Group { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Host commands around a build; null where there are none.</summary>
    public ContainerHook? Hook { get; internal init; }

    /// <summary>Settings from <c>registries</c> of the hosts that this container pulls from or pushes to; null where there are none.</summary>
    public IReadOnlyList<RegistrySetting>? RegistrySetting { get; internal init => field = SectionList<RegistrySetting>.OfAny(value); }

    /// <summary>Full path of the crane file that declares the container.</summary>
    public string? Path { get; internal init; }

    /// <summary>Line of the declaration, counted from 1; 0 where it is not known.</summary>
    public int Line { get; internal init; }

    /// <summary>Where its values stand.</summary>
    internal ContainerOrigin Origin { get; init; } = ContainerOrigin.Unknown;

    /// <summary>The container's name.</summary>
    public override string ToString() => Name;

    /// <summary>An error about one of its values, with the value's place, the container and the variables it came from.</summary>
    /// <param name="error">The error.</param>
    /// <param name="key">The key of the value, from the container down.</param>
    /// <param name="text">The item that is meant, where the value is a list.</param>
    internal CraneException Locate(CraneException error, string key, string? text = null) =>
        Origin.Find(key, text)?.Locate(error, $"container '{Name}'") ?? error.In($"'{key}' of container '{Name}'");

    /// <summary>Makes something of one of its values; where that fails, the error is located.</summary>
    internal T Read<T>(string key, Func<T> read, string? text = null)
    {
        try
        {
            return read();
        }
        catch (CraneException error)
        {
            throw Locate(error, key, text);
        }
    }
}
