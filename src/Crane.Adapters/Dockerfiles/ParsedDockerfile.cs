using System.Collections.Concurrent;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// A Dockerfile, taken apart as BuildKit does it
/// (https://docs.docker.com/reference/dockerfile/, https://github.com/moby/buildkit/tree/master/frontend/dockerfile).
/// What BuildKit decides only while it builds, such as the variables of a stage, is left to it, and so is what only a frontend
/// knows that a <c>syntax</c> directive names.
/// </summary>
internal sealed class ParsedDockerfile
{
    private const int MostKept = 256;
    private static readonly ConcurrentDictionary<string, ParsedDockerfile> _kept = new();

    private readonly Lazy<(IReadOnlyList<Instruction> Instructions, char Escape)> _parsed;
    private readonly Lazy<(IReadOnlyList<Stage> Stages, IReadOnlyList<GlobalArgument> Arguments)> _stages;

    public ParsedDockerfile(string text, string path)
    {
        (Text, Source) = (text, new DockerfileSource(path, text));
        // Errors are not kept: each reader gets one of its own.
        _parsed = new(() => (InstructionReader.Read(Source, out var escape), escape), LazyThreadSafetyMode.PublicationOnly);
        _stages = new(
            () => (StageReader.Read(Source, KnownInstructions, out var arguments), arguments), LazyThreadSafetyMode.PublicationOnly);
    }

    public string Text { get; }

    public DockerfileSource Source { get; }

    /// <summary>All instructions, also those that only its frontend knows.</summary>
    /// <exception cref="CraneException">BuildFailed, as of <see cref="InstructionReader.Read"/>.</exception>
    public IReadOnlyList<Instruction> Instructions => _parsed.Value.Instructions;

    public char Escape => _parsed.Value.Escape;

    /// <summary>The instructions, without those and the flags that only its frontend knows.</summary>
    public IReadOnlyList<Instruction> KnownInstructions => InstructionRules.Known(Source, Instructions);

    /// <summary>
    /// The Dockerfile at a path. A run asks for it several times, to plan, check, hash and build; it is parsed again only
    /// where its text has changed, as a hook may change it.
    /// </summary>
    /// <exception cref="CraneException">BuildFailed where it is missing or cannot be read.</exception>
    public static ParsedDockerfile Read(string path)
    {
        var text = DockerfileText.Read(path);
        if (_kept.TryGetValue(path, out var kept) && kept.Text == text)
            return kept;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        return _kept[path] = new ParsedDockerfile(text, path);
    }

    /// <summary>The images from outside that it builds on.</summary>
    /// <param name="options">What the build adds to it.</param>
    /// <exception cref="CraneException">
    /// BuildFailed where BuildKit would refuse it, InvalidImageName for a base that is no image name, both with the line;
    /// InvalidValue for an option that is no platform.
    /// </exception>
    public DockerfileBases Bases(DockerfileOptions options)
    {
        try
        {
            return FindBases(options);
        }
        catch (CraneException error) when (
            Source.Frontend is { IsDockers: false } && error.Id is CraneErrorId.BuildFailed or CraneErrorId.InvalidImageName)
        {
            // It may be right in the frontend's own grammar.
            return DockerfileBases.Unknown;
        }
    }

    private DockerfileBases FindBases(DockerfileOptions options)
    {
        var (stages, arguments) = _stages.Value;
        var names = new StageNames(Source, stages, Escape);
        var target = string.IsNullOrEmpty(options.Target) ? stages[^1].Name : options.Target;
        var variables = new GlobalVariables(
            Source, Escape, PredefinedVariables.For(options, target), arguments, options.BuildArguments);
        var bases = StageBase.Of(Source, stages, variables);
        var targetIndex = TargetOf(stages, names, options.Target);
        var graph = new StageGraph(Source, stages, bases, names);
        return new(graph.Images, graph.ImagesFor(targetIndex), graph.ParentOf(targetIndex))
        {
            DownToTarget = graph.ImagesDownTo(targetIndex),
            References = graph.ReferencesDownTo(targetIndex),
            NeededStages = graph.StagesFor(targetIndex),
        };
    }

    // BuildKit knows targets by name only: a number is none.
    private int TargetOf(IReadOnlyList<Stage> stages, StageNames names, string? target)
    {
        const int shown = 10;
        if (string.IsNullOrEmpty(target))
            return stages.Count - 1;
        if (names.Find(target) is { } index)
            return index;
        var named = stages.Select(stage => stage.Name)
            .Where(name => name.Length > 0).Take(shown).Select(VisibleText.Quote).ToList();
        throw Source.Error(
            stages[^1].Line, $"there is no stage {VisibleText.Quote(target)} to build",
            named.Count > 0
                ? $"The stages with a name are {string.Join(", ", named)}."
                : "Give the stage a name: FROM … AS NAME.");
    }
}
