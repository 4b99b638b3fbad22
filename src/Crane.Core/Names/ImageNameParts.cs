namespace Crane.Names;

/// <summary>The parts of an image name as they were written, each valid in itself, and what they mean.</summary>
/// <param name="WrittenRegistry">The registry; null where none was written.</param>
/// <param name="WrittenPath">The path: without the <c>library/</c> that Docker Hub implies.</param>
/// <param name="Tag">The tag; null where none was written.</param>
/// <param name="Digest">The digest; null where none was written.</param>
internal readonly record struct ImageNameParts(string? WrittenRegistry, string WrittenPath, string? Tag, Digest? Digest)
{
    /// <summary>The registry that is meant where none is written.</summary>
    public const string DockerHub = "docker.io";

    /// <summary>The namespace on Docker Hub that is meant where none is written.</summary>
    public const string OfficialNamespace = "library/";

    private const string LegacyDockerHub = "index.docker.io";

    /// <summary>The registry that is meant.</summary>
    public string Registry => RegistryMeant(WrittenRegistry);

    /// <summary>The path that is meant.</summary>
    public string Repository => ImpliesNamespace ? OfficialNamespace + WrittenPath : WrittenPath;

    private bool ImpliesNamespace => Registry == DockerHub && !WrittenPath.Contains('/', StringComparison.Ordinal);

    /// <summary>The registry that is meant by what is written; null where nothing is.</summary>
    public static string RegistryMeant(string? written) => written is null or LegacyDockerHub ? DockerHub : written;

    /// <summary>The fault of a path that is too long, with its place in <see cref="ToString"/>; null where it is not.</summary>
    public NameFault? CheckLength()
    {
        var implied = ImpliesNamespace ? OfficialNamespace.Length : 0;
        var length = implied + WrittenPath.Length;
        if (length <= PathGrammar.MaximumLength)
            return null;

        var pathStart = WrittenRegistry is null ? 0 : WrittenRegistry.Length + 1;
        var counted = ImpliesNamespace ? $", with the '{OfficialNamespace}' of Docker Hub," : "";
        return new("path", pathStart + PathGrammar.MaximumLength - implied,
            $"the path{counted} has {length} characters; {PathGrammar.MaximumLength} are allowed");
    }

    /// <summary>The name as it was written.</summary>
    public override string ToString() =>
        (WrittenRegistry is null ? "" : $"{WrittenRegistry}/")
        + WrittenPath
        + (Tag is null ? "" : $":{Tag}")
        + (Digest is null ? "" : $"@{Digest}");
}
