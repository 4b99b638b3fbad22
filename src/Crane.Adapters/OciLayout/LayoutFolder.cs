using Crane.Adapters.Machine;
using Crane.Names;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The places in a layout folder, after the OCI image layout specification 1.0. What is Crane's own lies in <c>.crane</c>,
/// which other programs pass over: on the file system of the blobs, so that a finished one is there by a rename.
/// </summary>
/// <param name="Root">The folder's full path.</param>
internal sealed record LayoutFolder(string Root)
{
    /// <summary>The name of the folder within, in which is what is not finished.</summary>
    public const string OwnName = ".crane";

    /// <summary>How the folder is called as an engine.</summary>
    public string Name => $"oci:{Root}";

    /// <summary>The file that says that the folder is a layout.</summary>
    public string Marker => Path.Combine(Root, "oci-layout");

    /// <summary>The file of the names.</summary>
    public string Index => Path.Combine(Root, "index.json");

    /// <summary>Where is what is not finished.</summary>
    public string Own => Path.Combine(Root, OwnName);

    /// <summary>The lock of those that change <see cref="Index"/>; never that file itself, since it is replaced.</summary>
    public string IndexLock => Path.Combine(Own, "index.lock");

    /// <summary>Where blobs lie that have not come in whole yet.</summary>
    public string Partials => Path.Combine(Own, "partial");

    /// <summary>Where content lies.</summary>
    public string Blob(Digest digest) => Path.Combine(Root, "blobs", digest.Algorithm, digest.Hex);

    /// <summary>Where content lies as long as it is not whole.</summary>
    public string Partial(Digest digest) => Path.Combine(Partials, $"{digest.Algorithm}-{digest.Hex}");

    /// <summary>The lock of the one that brings content in.</summary>
    public string PartialLock(Digest digest) => $"{Partial(digest)}.lock";

    /// <summary>Makes the folders in which is what is not finished.</summary>
    /// <exception cref="CraneException">PullFailed, also where one of them is a link: what it leads to is not Crane's own.</exception>
    public void MakeOwn()
    {
        foreach (var folder in new[] { Own, Partials })
        {
            Storage.Write(folder, () =>
            {
                RegularFile.EnsureOwn(folder);
                Directory.CreateDirectory(folder);
            });
        }
    }
}
