using System.Text.RegularExpressions;

namespace Crane.Testing.Distribution;

/// <summary>What a path of the distribution API is about.</summary>
internal enum RegistryResource
{
    Base,
    Catalog,
    Tags,
    Manifest,
    Referrers,
    Blob,
    Uploads,
    Upload,
}

/// <summary>
/// A path of the distribution API. Names of repositories have slashes in them, so paths are read from their end.
/// </summary>
/// <param name="Resource">What it is about.</param>
/// <param name="Repository">The repository; empty where there is none.</param>
/// <param name="Reference">The tag, digest or id at the end; empty where there is none.</param>
internal sealed partial record RegistryPath(RegistryResource Resource, string Repository = "", string Reference = "")
{
    /// <summary>Reads a path; null if the API has no such path.</summary>
    /// <exception cref="RegistryException">The name of the repository breaks the rules of the specification.</exception>
    public static RegistryPath? Parse(string path) => path.TrimEnd('/').Split('/') switch
    {
        ["", "v2"] => new(RegistryResource.Base),
        ["", "v2", "_catalog"] => new(RegistryResource.Catalog),
        ["", "v2", .. var name, "tags", "list"] => In(name, RegistryResource.Tags),
        ["", "v2", .. var name, "manifests", var reference] => In(name, RegistryResource.Manifest, reference),
        ["", "v2", .. var name, "referrers", var digest] => In(name, RegistryResource.Referrers, digest),
        ["", "v2", .. var name, "blobs", "uploads", var id] => In(name, RegistryResource.Upload, id),
        ["", "v2", .. var name, "blobs", "uploads"] => In(name, RegistryResource.Uploads),
        ["", "v2", .. var name, "blobs", var digest] => In(name, RegistryResource.Blob, digest),
        _ => null,
    };

    /// <summary>Tells whether a string is the name of a repository.</summary>
    public static bool IsRepository(string? name) => name?.Length is > 0 and <= 255 && RepositoryName().IsMatch(name);

    private static RegistryPath In(string[] name, RegistryResource resource, string reference = "")
    {
        var repository = string.Join('/', name);
        return IsRepository(repository)
            ? new RegistryPath(resource, repository, reference)
            : throw new RegistryException(400, "NAME_INVALID", $"'{repository}' is no name of a repository.");
    }

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryName();
}
