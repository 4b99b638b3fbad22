using System.Collections.Concurrent;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// A Dockerfile, parsed as BuildKit does it (https://docs.docker.com/reference/dockerfile/,
/// https://github.com/moby/buildkit/tree/master/frontend/dockerfile). Whatever BuildKit evaluates only during the build, such as the
/// variables of a stage, is left to it, and so are extensions of a frontend in a <c>syntax</c> directive.
/// </summary>
internal sealed class ParsedDockerfile
{
    private const int MaxCached = 256;
    private static readonly ConcurrentDictionary<string, ParsedDockerfile> Cache = new();

    private readonly Lazy<(IReadOnlyList<Instruction> Instructions, char Escape)> _parsed;
    private readonly Lazy<(IReadOnlyList<Stage> Stages, IReadOnlyList<GlobalArgument> Arguments)> _stages;

    public ParsedDockerfile(string text, string path)
    {
        (Text, Source) = (text, new DockerfileSource(path, text));
        // Errors are not cached: each reader gets its own.
        _parsed = new(() => (InstructionReader.Read(Source, out var escape), escape), LazyThreadSafetyMode.PublicationOnly);
        _stages = new(
            () => (StageReader.Read(Source, KnownInstructions, out var arguments), arguments), LazyThreadSafetyMode.PublicationOnly);
    }

    public string Text { get; }

    public DockerfileSource Source { get; }

    /// <summary>All instructions, including extensions of its frontend.</summary>
    /// <exception cref="CraneException">BuildFailed, as of <see cref="InstructionReader.Read"/>.</exception>
    public IReadOnlyList<Instruction> Instructions => _parsed.Value.Instructions;

    public char Escape => _parsed.Value.Escape;

    /// <summary>The instructions, without the instructions and flags of its frontend.</summary>
    public IReadOnlyList<Instruction> KnownInstructions => InstructionRules.Known(Source, Instructions);

    /// <summary>The names of its stages, in lower case, as far as they have one.</summary>
    /// <exception cref="CraneException">BuildFailed where BuildKit would refuse it.</exception>
    public IReadOnlyList<string> StageNames => [.. _stages.Value.Stages.Select(stage => stage.Name).Where(name => name.Length > 0)];

    /// <summary>
    /// Reads the Dockerfile at a path. A run reads it several times, to plan, check, hash and build; it is parsed again only where
    /// its content has changed, for example by a hook.
    /// </summary>
    /// <exception cref="CraneException">BuildFailed where it does not exist or cannot be read.</exception>
    public static ParsedDockerfile Read(string path)
    {
        var text = DockerfileText.Read(path);
        if (Cache.TryGetValue(path, out var cached) && cached.Text == text)
            return cached;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache[path] = new ParsedDockerfile(text, path);
    }

    /// <summary>The external images that it uses.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed where BuildKit would refuse it, InvalidImageName for an invalid base, both with the line; InvalidValue for an
    /// invalid platform.
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
            // It may be valid for the frontend.
            return DockerfileBases.Unknown;
        }
    }

    private DockerfileBases FindBases(DockerfileOptions options)
    {
        var (stages, arguments) = _stages.Value;
        var names = new StageNames(Source, stages, Escape);
        var target = string.IsNullOrEmpty(options.Target) ? stages[^1].Name : options.Target;
        var variables = new GlobalVariables(Source, Escape, PredefinedVariables.For(options, target), arguments, options.BuildArguments);
        var bases = StageBase.Of(Source, stages, variables);
        var targetIndex = TargetOf(stages, names, options.Target);
        var graph = new StageGraph(Source, stages, bases, names);
        return new(graph.Images, graph.ImagesFor(targetIndex), graph.ParentOf(targetIndex))
        {
            DownToTarget = graph.ImagesDownTo(targetIndex),
            References = graph.ReferencesDownTo(targetIndex),
            NeededStages = graph.StagesFor(targetIndex),
            LaterNeed = graph.LaterNeedDownTo(targetIndex),
        };
    }

    // BuildKit finds targets by name only, not by number.
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
            stages[^1].Line, $"the target stage {VisibleText.Quote(target)} does not exist",
            named.Count > 0
                ? $"The stages with a name are {string.Join(", ", named)}."
                : "Give the stage a name: FROM … AS NAME.");
    }
}

/// <summary>The external images that a Dockerfile uses, each name once, in the order of the stages.</summary>
/// <param name="All">The images of all stages, also of those that the target does not need.</param>
/// <param name="NeededForTarget">The images that the target needs, directly or through other stages.</param>
/// <param name="Parent">The image that the target extends; null for <c>scratch</c>.</param>
internal sealed record DockerfileBases(IReadOnlyList<BaseImage> All, IReadOnlyList<BaseImage> NeededForTarget, BaseImage? Parent)
{
    public static DockerfileBases Unknown { get; } = new([], [], null) { DownToTarget = [], References = [], NeededStages = [] };

    /// <summary>The images of the target and all stages before it.</summary>
    public required IReadOnlyList<BaseImage> DownToTarget { get; init; }

    /// <summary>The same, once for each instruction.</summary>
    public required IReadOnlyList<BaseImage> References { get; init; }

    /// <summary>The named stages that the target needs, including itself.</summary>
    public required IReadOnlyList<Stage> NeededStages { get; init; }

    /// <summary>What one of these stages, which the target then does not need, takes from a stage after it; null for nothing.</summary>
    public StageNeed? LaterNeed { get; init; }
}

/// <summary>An external image that a Dockerfile refers to.</summary>
/// <param name="Name">The name as written, with its variables expanded.</param>
/// <param name="Line">The line of the first instruction that refers to it, counted from 1.</param>
/// <param name="Instruction">That instruction: <c>FROM</c>, <c>COPY</c> or <c>RUN</c>.</param>
internal sealed record BaseImage(string Name, int Line, string Instruction);
