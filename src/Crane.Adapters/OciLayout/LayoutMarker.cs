using System.Text.Json;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.OciLayout;

/// <summary>The file <c>oci-layout</c>, by which a folder is known to be an image layout.</summary>
internal sealed class LayoutMarker(LayoutFolder folder)
{
    /// <summary>The version of the layout: that of the specification in which it last changed.</summary>
    public const string Version = "1.0.0";

    private static readonly byte[] Content = Encoding.UTF8.GetBytes($$"""{"imageLayoutVersion":"{{Version}}"}""");

    /// <summary>Makes sure that the folder is a layout, or is free to become one: absent or empty.</summary>
    /// <returns>Whether it is one.</returns>
    /// <exception cref="CraneException">EngineUnreachable where it is something else.</exception>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        if (File.Exists(folder.Root))
            throw LayoutFaults.NotAFolder(folder.Root);
        if (await ReadAsync(cancellation) is { } content)
            return IsKnown(content);
        if (IsFree())
            return false;

        // Another process may have made it one between the two looks.
        return await ReadAsync(cancellation) is { } made ? IsKnown(made) : throw LayoutFaults.NotALayout(folder.Root);
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="CraneException">PullFailed.</exception>
    public Task WriteAsync(CancellationToken cancellation) =>
        AtomicFile.WriteAsync(folder.Marker, folder.Own, Content, cancellation);

    private async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = SharedFile.Open(folder.Marker);
            return file is null ? null : await file.ReadToEndAsync(RegularFile.UsualLimit, cancellation);
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw LayoutFaults.Unreadable(folder.Marker, fault);
        }
    }

    private bool IsKnown(byte[] content) =>
        ReadVersion(content) is var version && version == Version ? true : throw LayoutFaults.UnknownVersion(folder.Marker, version);

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
        catch (Exception fault) when (JsonErrors.IsUnreadable(fault))
        {
            // Told below, as for JSON that is something else.
        }
        throw LayoutFaults.BrokenMarker(folder.Marker);
    }

    // A Crane that was killed leaves its own folder first of all; a disk of its own brings lost+found.
    private bool IsFree()
    {
        try
        {
            return !Directory.Exists(folder.Root) || Directory.EnumerateFileSystemEntries(folder.Root)
                .All(entry => Path.GetFileName(entry) is LayoutFolder.OwnName or "lost+found");
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw LayoutFaults.Unreadable(folder.Root, fault);
        }
    }
}
