using System.Text.Json;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The paths in a layout folder, after the OCI image layout specification 1.0. Crane's own files are in <c>.crane</c>, which
/// other programs ignore: on the same file system as the blobs, so that a rename completes a blob.
/// </summary>
/// <param name="Root">The folder's full path.</param>
internal sealed record LayoutFolder(string Root)
{
    /// <summary>The name of the folder with Crane's own files.</summary>
    public const string OwnName = ".crane";

    /// <summary>The name of the folder as an engine.</summary>
    public string Name => $"oci:{Root}";

    /// <summary>The file that marks the folder as a layout.</summary>
    public string Marker => Path.Combine(Root, "oci-layout");

    public string Index => Path.Combine(Root, "index.json");

    public string Own => Path.Combine(Root, OwnName);

    /// <summary>The lock for changes of <see cref="Index"/>; not that file itself, since it is replaced.</summary>
    public string IndexLock => Path.Combine(Own, "index.lock");

    public string Partials => Path.Combine(Own, "partial");

    public string Blob(Digest digest) => Path.Combine(Root, "blobs", digest.Algorithm, digest.Hex);

    /// <summary>Where a blob is while it is incomplete.</summary>
    public string Partial(Digest digest) => Path.Combine(Partials, $"{digest.Algorithm}-{digest.Hex}");

    /// <summary>The lock of the process that writes a blob.</summary>
    public string PartialLock(Digest digest) => $"{Partial(digest)}.lock";

    /// <summary>Creates the folders of Crane's own files.</summary>
    /// <exception cref="CraneException">PullFailed, also where one of them is a link: its target is not Crane's.</exception>
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

/// <summary>The file <c>oci-layout</c>, which marks a folder as an image layout.</summary>
internal sealed class LayoutMarker(LayoutFolder folder)
{
    /// <summary>The layout version: that of the specification that changed it last.</summary>
    public const string Version = "1.0.0";

    private static readonly byte[] Content = Encoding.UTF8.GetBytes($$"""{"imageLayoutVersion":"{{Version}}"}""");

    /// <summary>Checks that the folder is a layout, or can become one: that it does not exist or is empty.</summary>
    /// <returns>Whether it is a layout.</returns>
    /// <exception cref="CraneException">EngineUnreachable where it is something else.</exception>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        if (File.Exists(folder.Root))
            throw LayoutErrors.NotAFolder(folder.Root);
        if (await ReadAsync(cancellation) is { } content)
            return IsKnown(content);
        if (IsFree())
            return false;

        // Another process may have made it a layout between the two checks.
        return await ReadAsync(cancellation) is { } made ? IsKnown(made) : throw LayoutErrors.NotALayout(folder.Root);
    }

    public Task WriteAsync(CancellationToken cancellation) => Storage.ReplaceAsync(folder.Marker, folder.Own, Content, cancellation);

    private async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = LayoutFile.Open(folder.Marker);
            return file is null ? null : await RegularFile.ReadToEndAsync(file, RegularFile.UsualLimit, cancellation);
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            throw LayoutErrors.Unreadable(folder.Marker, exception);
        }
    }

    private bool IsKnown(byte[] content) =>
        ReadVersion(content) is var version && version == Version ? true : throw LayoutErrors.UnknownVersion(folder.Marker, version);

    private string ReadVersion(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("imageLayoutVersion", out var version)
                && version.ValueKind == JsonValueKind.String)
                return version.GetString()!;
        }
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
        {
            // Reported below, as for JSON that is something else.
        }
        throw LayoutErrors.BrokenMarker(folder.Marker);
    }

    // A killed Crane may leave its own folder; a disk of its own has lost+found.
    private bool IsFree()
    {
        try
        {
            return !Directory.Exists(folder.Root) || Directory.EnumerateFileSystemEntries(folder.Root)
                .All(entry => Path.GetFileName(entry) is LayoutFolder.OwnName or "lost+found");
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            throw LayoutErrors.Unreadable(folder.Root, exception);
        }
    }
}
