using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Adapters.Docker;

/// <summary>Turns an engine's messages about one pull or push into progress, and finds the digest in them.</summary>
internal sealed class TransferReader(IProgress<TransferProgress> progress)
{
    private const string DigestLabel = "digest: ";

    private static readonly string[] Notes = ["warning", "[deprecation notice]", "note:"];

    private readonly Dictionary<string, TransferProgress> _moving = [];

    /// <summary>The digest of what was moved, as soon as it is known.</summary>
    public Digest? Digest { get; private set; }

    /// <summary>Whether the engine has said that it is done: with a digest, or after a pull in a sentence of its own.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes the next message, which is not a failure.</summary>
    public void Take(EngineMessage message)
    {
        Digest = FindDigest(message) ?? Digest;
        IsDone |= Digest is not null || message is { Id: null, Status: { } last } && last.StartsWith("Status: ", StringComparison.Ordinal);
        if (NoteIn(message) is { } note)
            progress.Report(new TransferProgress("", note, IsTransfer: false, 0, 0) { IsNote = true });
        if (message.Status is not { } phase)
            return;

        // "Pulling from REPOSITORY" has the tag for its id.
        var layer = phase.StartsWith("Pulling from", StringComparison.Ordinal) ? "" : message.Id ?? "";
        var isTransfer = phase is "Downloading" or "Pushing";
        var now = new TransferProgress(
            layer, phase, isTransfer, message.ProgressDetail?.Current ?? 0, Math.Max(0, message.ProgressDetail?.Total ?? 0));
        if (isTransfer)
            _moving[layer] = now;
        else
            Finish(layer, phase);
        progress.Report(now);
    }

    /// <summary>
    /// Reports the last bytes of a layer that has arrived: engines tell a few times a second how far they are, and
    /// go on to the next phase without a last word about this one.
    /// </summary>
    private void Finish(string layer, string phase)
    {
        if (phase is "Verifying Checksum" or "Download complete" or "Pull complete" or "Pushed"
            && _moving.Remove(layer, out var last) && last.CurrentBytes < last.TotalBytes)
            progress.Report(last with { CurrentBytes = last.TotalBytes });
    }

    /// <summary>What the engine wants the user to know; docker's own command line writes just this at the end of a push.</summary>
    private static string? NoteIn(EngineMessage message) => message switch
    {
        { Aux: { ManifestPushedInsteadOfIndex: true } aux } =>
            $"The engine does not have all of the index {aux.OriginalIndex?.Digest}, and pushed only {aux.SelectedManifest?.Digest} of it.",
        { Aux: { ContentMissing: true } aux } =>
            $"The engine does not have all of what it pushes: {aux.Desc?.Digest} is missing.",
        { Id: null or "", Status: { } words } when Notes.Any(start => words.StartsWith(start, StringComparison.OrdinalIgnoreCase)) => words.Trim(),
        _ => null,
    };

    /// <summary>
    /// <c>Digest: sha256:…</c> after a pull, <c>TAG: digest: sha256:… size: N</c> after a push; only one of the two
    /// image stores says it in a form for programs as well.
    /// </summary>
    private static Digest? FindDigest(EngineMessage message)
    {
        if (Digest.TryParse(message.Aux?.Digest, out var digest))
            return digest;
        var label = message.Id is null ? message.Status?.IndexOf(DigestLabel, StringComparison.OrdinalIgnoreCase) ?? -1 : -1;
        if (label < 0)
            return null;
        var text = message.Status![(label + DigestLabel.Length)..];
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return Digest.TryParse(end < 0 ? text : text[..end], out digest) ? digest : null;
    }
}
