using System.Globalization;
using System.Text.Json;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Reads what a run of bake says: makes lines of it, and remembers what an error will need.</summary>
/// <param name="targets">Names of the targets, each after those it needs.</param>
/// <param name="tell">Takes each line of a build, with the index of its target.</param>
internal sealed class BakeLog(IReadOnlyList<string> targets, Action<int, string> tell)
{
    private const string Canceled = "context canceled";
    private const string ErrorLabel = "ERROR: ";
    private const string SolveLabel = "failed to solve";
    private const string TargetLabel = "target ";
    private const string MetadataLabel = "load metadata for ";

    private readonly Dictionary<string, BakeStep> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _indexes =
        targets.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);

    private readonly List<string> _words = [];

    /// <summary>Takes the next line. Events are JSON; what is not, is said for people.</summary>
    public void Take(string line)
    {
        if (!line.StartsWith('{') || !TryRead(line, out var events))
        {
            if (line.Length > 0)
                _words.Add(TerminalText.Plain(line));
            return;
        }

        foreach (var vertex in events?.Vertexes ?? [])
            Take(vertex);
        foreach (var output in events?.Logs ?? [])
        {
            if (output is { Vertex: { } digest, Data: { } data } && _steps.TryGetValue(digest, out var step))
                Tell(step, step.Take(data));
        }
    }

    /// <summary>Why the run failed, by what was said.</summary>
    public BakeFailure Failure()
    {
        var line = _words.LastOrDefault(IsError) is { } error ? error[ErrorLabel.Length..] : string.Join(' ', _words.TakeLast(5));
        var (target, words) = TargetIn(line);
        var failed = _steps.Values.Where(step => step.Error is { } why && !IsCanceled(why)).OrderBy(step => step.Target).ToList();
        var step = failed.Find(step => words.Contains(step.Error!, StringComparison.Ordinal)) ?? failed.FirstOrDefault();
        var image = step is not null && step.Text.IndexOf(MetadataLabel, StringComparison.Ordinal) is >= 0 and var at
            && ImageName.TryParse(step.Text[(at + MetadataLabel.Length)..], out var name) ? name : null;
        return new BakeFailure(
            step is { Target: < int.MaxValue } ? step.Target : target ?? (targets.Count == 1 && words.StartsWith(SolveLabel, StringComparison.Ordinal) ? 0 : null),
            step is null || image is not null ? null : step.Text,
            step?.Error ?? words,
            Line(),
            image,
            step?.Tail ?? []);

        static bool IsError(string text) => text.StartsWith(ErrorLabel, StringComparison.Ordinal);
    }

    // Whoever is stopped because another failed says so; "exit code: 137: context canceled", for example.
    private static bool IsCanceled(string error) => error.Contains(Canceled, StringComparison.Ordinal);

    private static bool TryRead(string line, out BakeEvents? events)
    {
        try
        {
            events = JsonSerializer.Deserialize(line, BakeJson.Default.BakeEvents);
            return true;
        }
        catch (JsonException)
        {
            events = null;
            return false;
        }
    }

    private void Take(BakeVertex vertex)
    {
        if (vertex is not { Digest: { } digest, Name: { } name })
            return;
        if (!_steps.TryGetValue(digest, out var step))
            _steps.Add(digest, step = new BakeStep());
        if (OwnerOf(name) is var (target, text))
            step.BelongsTo(target, text);
        if (vertex.Started is not null && !step.IsTold && step.Target < int.MaxValue)
        {
            step.IsTold = true;
            tell(step.Target, vertex.Cached ? $"{step.Text} (cached)" : step.Text);
        }

        if (string.IsNullOrEmpty(vertex.Error))
            return;
        // The same step of another target may be stopped; that it failed is the truth.
        if (step.Error is null || IsCanceled(step.Error))
            step.Error = vertex.Error;
        Tell(step, step.End());
    }

    private void Tell(BakeStep step, IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(_ => step.Target < int.MaxValue))
            tell(step.Target, line);
    }

    /// <summary>The target that stands first in the brackets of a step: <c>[os 2/3] RUN make</c>. Of one target bake does not name it.</summary>
    private (int Target, string Text)? OwnerOf(string name)
    {
        if (targets.Count == 1)
            return (0, name);
        var end = name.AsSpan().IndexOfAny(' ', ']');
        if (!name.StartsWith('[') || end < 0 || !_indexes.TryGetValue(name[1..end], out var target))
            return null;
        return (target, name[end] == ' ' ? $"[{name[(end + 1)..]}" : name[(end + 1)..].TrimStart());
    }

    // "target os: failed to solve: …"
    private (int? Target, string Words) TargetIn(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return line.StartsWith(TargetLabel, StringComparison.Ordinal) && colon > 0
            && _indexes.TryGetValue(line[TargetLabel.Length..colon], out var target)
                ? (target, line[(colon + 2)..])
                : (null, line);
    }

    /// <summary>The line of the Dockerfile: "Dockerfile:6", above a rule and the text of the lines.</summary>
    private int? Line()
    {
        for (var index = _words.Count - 2; index >= 0; index--)
        {
            var colon = _words[index].LastIndexOf(':');
            if (colon > 0 && _words[index + 1].StartsWith("-----", StringComparison.Ordinal)
                && int.TryParse(_words[index].AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                return line;
        }

        return null;
    }
}

/// <summary>Why a run of bake failed.</summary>
/// <param name="Target">Index of the target that failed first; null where none is to blame.</param>
/// <param name="Step">The step that failed; null where it is none of a Dockerfile.</param>
/// <param name="Words">What is wrong, in BuildKit's words.</param>
/// <param name="Line">Line of the Dockerfile; null where that is not known.</param>
/// <param name="Image">The image that could not be had; null where it is not about one.</param>
/// <param name="Tail">The last lines that the step printed.</param>
internal sealed record BakeFailure(
    int? Target, string? Step, string Words, int? Line, ImageName? Image, IReadOnlyCollection<string> Tail);
