using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Model;

/// <summary>The locations of a container and its values, for later errors. All are equal, so that equal values make equal plans.</summary>
internal sealed class ContainerOrigin(ScalarNode? key, IReadOnlyList<ValueOrigin> values)
{
    /// <summary>For containers without a crane file, or that another program may have changed.</summary>
    public static ContainerOrigin Unknown { get; } = new(null, []);

    /// <summary>The error with the location of the container.</summary>
    public CraneException Locate(CraneException error) => key is null ? error : error.At(key.Location);

    /// <summary>
    /// An error about what is built, at the value that says so: the Dockerfile, the context, or else the image. One with a location, as in a
    /// Dockerfile, keeps it.
    /// </summary>
    /// <param name="context">The context of the build, which may be what the error is about.</param>
    public CraneException LocateBuild(CraneException error, string? context, string owner)
    {
        var value = (Equals(error.Subject, context) ? null : Find("build.file"))
            ?? Find("build.context") ?? Find("dockerfile") ?? Find("image");
        return error.Location is null ? value?.Locate(error, owner) ?? error : error;
    }

    /// <summary>The value of a key; null for none.</summary>
    public ValueOrigin? Find(string name, string? item = null)
    {
        var all = values.Where(value => value.Name == name && value.Text.Length > 0).ToList();
        return all.Find(value => value.Text == item) ?? all.FirstOrDefault();
    }

    public override bool Equals(object? obj) => obj is ContainerOrigin;

    public override int GetHashCode() => 0;
}

/// <summary>The location of a value, its expanded string, and the variables in it.</summary>
internal sealed record ValueOrigin(string Section, string Key, ScalarNode Node, string Text, IReadOnlyList<string> Variables)
{
    /// <summary>The section where it is written, if that is another one, such as that of a remote; otherwise null.</summary>
    public string? Home { get; init; }

    /// <summary>The key with the section that uses the value: <c>push.registry</c>.</summary>
    public string Name => Section.Length > 0 ? $"{Section}.{Key}" : Key;

    private string WrittenName => Home is null ? Name : $"{Home}.{Key}";

    /// <summary>The error with the location, name, owner and variables of the value.</summary>
    public CraneException Locate(CraneException error, string owner)
    {
        var from = Variables.Count == 0 ? "" : $" (from {string.Join(", ", Variables.Distinct().Select(name => $"${{{name}}}"))})";
        return error.In($"'{WrittenName}' of {owner}{from}").At(Node.Location);
    }
}
