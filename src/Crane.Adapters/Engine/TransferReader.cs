using System.Text.Json;
using Crane.Moving.Run;
using Crane.Names;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>Turns an engine's messages about one pull or push into progress, and reads the digest from them.</summary>
/// <param name="progress">Takes the progress.</param>
/// <param name="toError">Makes the error of a failure, from its code and message.</param>
internal sealed class TransferReader(IProgress<TransferProgress> progress, Func<int, string, CraneException> toError)
    : IProgress<JSONMessage?>
{
    private const string DigestLabel = "digest: ";

    private static readonly string[] Notes = ["warning", "[deprecation notice]", "note:"];

    private readonly Dictionary<string, TransferProgress> _moving = [];

    /// <summary>The digest of the image, as soon as it is known.</summary>
    public Digest? Digest { get; private set; }

    /// <summary>Whether the engine has reported success: with a digest, or after a pull with a final status.</summary>
    public bool IsDone { get; private set; }

    /// <exception cref="CraneException">The engine has failed.</exception>
    public void Report(JSONMessage? value)
    {
        if (value is not { } message)
            return;
        if (message.Error is { Message: { } words } error)
            throw toError((int)(error.Code ?? 0), words);
        Digest = FindDigest(message) ?? Digest;
        IsDone |= Digest is not null || message is { ID: null, Status: { } last } && last.StartsWith("Status: ", StringComparison.Ordinal);
        if (NoteIn(message) is { } note)
            progress.Report(new TransferProgress("", note, IsTransfer: false, 0, 0) { IsNote = true });
        if (message.Status is not { } phase)
            return;

        // "Pulling from REPOSITORY" has the tag for its id.
        var layer = phase.StartsWith("Pulling from", StringComparison.Ordinal) ? "" : message.ID ?? "";
        var isTransfer = phase is "Downloading" or "Pushing";
        var now = new TransferProgress(
            layer, phase, isTransfer, message.Progress?.Current ?? 0, Math.Max(0, message.Progress?.Total ?? 0));
        if (isTransfer)
            _moving[layer] = now;
        else
            Finish(layer, phase);
        progress.Report(now);
    }

    /// <summary>
    /// Reports the last bytes of a layer: engines report progress a few times a second, and begin the next phase without a last report.
    /// </summary>
    private void Finish(string layer, string phase)
    {
        if (phase is "Verifying Checksum" or "Download complete" or "Pull complete" or "Pushed"
            && _moving.Remove(layer, out var last) && last.CurrentBytes < last.TotalBytes)
            progress.Report(last with { CurrentBytes = last.TotalBytes });
    }

    /// <summary>A note for the user, as docker's command line shows it at the end of a push.</summary>
    private static string? NoteIn(JSONMessage message) => message switch
    {
        _ when message.Fact("manifestPushedInsteadOfIndex") is { ValueKind: JsonValueKind.True } =>
            $"The engine does not have the whole index {DigestIn(message, "originalIndex")} and pushed only "
            + $"{DigestIn(message, "selectedManifest")}.",
        _ when message.Fact("contentMissing") is { ValueKind: JsonValueKind.True } =>
            $"The engine does not have all content of the image: {DigestIn(message, "desc")} is missing.",
        { ID: null or "", Status: { } status } when Notes.Any(start => status.StartsWith(start, StringComparison.OrdinalIgnoreCase)) =>
            status.Trim(),
        _ => null,
    };

    private static string? DigestIn(JSONMessage message, string name) =>
        message.Fact(name) is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty("digest", out var digest)
            ? digest.ToString() : null;

    /// <summary>
    /// <c>Digest: sha256:…</c> after a pull, <c>TAG: digest: sha256:… size: N</c> after a push; only one of the two
    /// image stores has it as JSON, too.
    /// </summary>
    private static Digest? FindDigest(JSONMessage message)
    {
        if (Digest.TryParse(message.Fact("Digest")?.ToString(), out var digest))
            return digest;
        var label = message.ID is null ? message.Status?.IndexOf(DigestLabel, StringComparison.OrdinalIgnoreCase) ?? -1 : -1;
        if (label < 0)
            return null;
        var value = message.Status![(label + DigestLabel.Length)..];
        var end = value.IndexOf(' ', StringComparison.Ordinal);
        return Digest.TryParse(end < 0 ? value : value[..end], out digest) ? digest : null;
    }
}
