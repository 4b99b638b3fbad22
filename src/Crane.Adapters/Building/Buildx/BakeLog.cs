using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Reads the output of a run of bake: passes its lines on, and remembers what an error needs.</summary>
/// <param name="targets">The names of the targets, each after those it needs.</param>
/// <param name="report">Receives each line of a build, with the index of its target.</param>
internal sealed class BakeLog(IReadOnlyList<string> targets, Action<int, BuildLine> report)
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

    /// <summary>Takes the next line: an event in JSON, or a message.</summary>
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
                step.Take(data);
        }
    }

    /// <summary>Why the run failed.</summary>
    public BakeFailure Failure()
    {
        var line = _words.LastOrDefault(IsError) is { } error ? error[ErrorLabel.Length..] : string.Join(' ', _words.TakeLast(5));
        var (target, words) = TargetIn(line);
        var failed = _steps.Values.Where(step => step.Error is { } why && !IsCanceled(why)).OrderBy(step => step.Target).ToList();
        var step = failed.Find(step => words.Contains(step.Error!, StringComparison.Ordinal)) ?? failed.FirstOrDefault();
        var image = step is not null && step.Text.IndexOf(MetadataLabel, StringComparison.Ordinal) is >= 0 and var at
            && ImageName.TryParse(step.Text[(at + MetadataLabel.Length)..], out var name) ? name : null;
        return new BakeFailure(
            step is { Target: < int.MaxValue } ? step.Target
                : target ?? (targets.Count == 1 && words.StartsWith(SolveLabel, StringComparison.Ordinal) ? 0 : null),
            step is null || image is not null ? null : step.Text,
            step?.Error ?? words,
            Line(),
            image,
            step?.Tail ?? []);

        static bool IsError(string text) => text.StartsWith(ErrorLabel, StringComparison.Ordinal);
    }

    // A step that is stopped because another one failed has an error such as "exit code: 137: context canceled".
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
            _steps.Add(digest, step = new BakeStep(Report));
        if (OwnerOf(name) is var (target, text))
            step.BelongsTo(target, text);
        if (vertex.Started is not null && !step.IsReported && step.Target < int.MaxValue)
        {
            step.IsReported = true;
            report(step.Target, new BuildLine(vertex.Cached ? $"{step.Text} (cached)" : step.Text, IsStep: true));
        }

        if (string.IsNullOrEmpty(vertex.Error))
            return;
        // The same step of another target may be canceled; its failure is what matters.
        if (step.Error is null || IsCanceled(step.Error))
            step.Error = vertex.Error;
        step.End();
    }

    private void Report(BakeStep step, string line)
    {
        if (step.Target < int.MaxValue)
            report(step.Target, new BuildLine(line));
    }

    /// <summary>The target in the brackets of a step: <c>[os 2/3] RUN make</c>. Bake omits it where there is only one.</summary>
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

    /// <summary>The line of the Dockerfile: "Dockerfile:6", above a ruler and the lines.</summary>
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
/// <param name="Target">The index of the target that failed first; null for none.</param>
/// <param name="Step">The failed step; null where it is not one of a Dockerfile.</param>
/// <param name="Words">BuildKit's message.</param>
/// <param name="Line">The line of the Dockerfile; null where it is unknown.</param>
/// <param name="Image">The image that could not be read; null where the error is not about one.</param>
/// <param name="Tail">The last lines of the step's output.</param>
internal sealed record BakeFailure(int? Target, string? Step, string Words, int? Line, ImageName? Image, IReadOnlyCollection<string> Tail);

/// <summary>A step of a run of bake, with what an error needs.</summary>
internal sealed class BakeStep
{
    // A program may print a line without an end.
    private const int MaxLine = 16 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly OutputLines _lines;
    private readonly OutputTail _tail = new();

    public BakeStep(Action<BakeStep, string> take) => _lines = new OutputLines(MaxLine, written =>
    {
        if (TerminalText.Plain(written) is { Length: > 0 } line)
        {
            _tail.Add(line);
            take(this, line);
        }
    });

    /// <summary>The index of its target; of the first, where several share it.</summary>
    public int Target { get; private set; } = int.MaxValue;

    /// <summary>Its text without the name of its target: <c>[2/3] COPY a b</c>.</summary>
    public string Text { get; private set; } = "";

    public string? Error { get; set; }

    public bool IsReported { get; set; }

    public IReadOnlyCollection<string> Tail => _tail.Lines;

    /// <summary>Records a target that has this step.</summary>
    public void BelongsTo(int target, string text)
    {
        if (target < Target)
            (Target, Text) = (target, text);
    }

    public void Take(byte[] output)
    {
        var text = new char[_decoder.GetCharCount(output, flush: false)];
        _decoder.GetChars(output, text, flush: false);
        _lines.Take(text);
    }

    public void End() => _lines.End();
}

/// <summary>
/// A line of <c>--progress=rawjson</c>: BuildKit's <c>client.SolveStatus</c>
/// (https://github.com/moby/buildkit/blob/master/client/graph.go).
/// </summary>
internal sealed record BakeEvents(BakeVertex[]? Vertexes, BakeOutput[]? Logs);

/// <summary>A step, each time something about it changes.</summary>
internal sealed record BakeVertex(string? Digest, string? Name, DateTimeOffset? Started, bool Cached, string? Error);

internal sealed record BakeOutput(string? Vertex, byte[]? Data);

/// <summary>What <c>--metadata-file</c> says about a target.</summary>
internal sealed record BakeMetadata(
    [property: JsonPropertyName("containerimage.digest")] string? Digest,
    [property: JsonPropertyName("containerimage.config.digest")] string? ConfigDigest);

/// <summary>Readers of Buildx's JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(BakeEvents))]
[JsonSerializable(typeof(Dictionary<string, BakeMetadata>))]
internal sealed partial class BakeJson : JsonSerializerContext;
