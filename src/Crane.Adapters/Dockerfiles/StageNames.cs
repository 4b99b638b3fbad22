using System.Globalization;

namespace Crane.Adapters.Dockerfiles;

/// <summary>What <c>--from</c> of COPY and RUN may refer to: stages by name, whatever the case, or number, and images.</summary>
internal sealed class StageNames
{
    private readonly DockerfileSource _source;
    private readonly WordRules _rules;
    private readonly Dictionary<string, int> _names = [];
    private readonly List<StageOrImage> _numbered = [];

    /// <param name="source">The Dockerfile, for errors.</param>
    /// <param name="stages">Its stages; of those with the same name, the last has it.</param>
    /// <param name="escape">Its escape character.</param>
    public StageNames(DockerfileSource source, IReadOnlyList<Stage> stages, char escape)
    {
        _source = source;
        _rules = new(escape);
        foreach (var stage in stages)
        {
            if (stage.Name.Length > 0)
                _names[stage.Name] = _numbered.Count;
            _numbered.Add(new(_numbered.Count, null));
        }
    }

    /// <summary>The stage of a name; null where there is none.</summary>
    public int? Find(string name) => _names.TryGetValue(name.ToLowerInvariant(), out var index) ? index : null;

    /// <summary>What a command needs.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for a variable, where none is expanded, or a number that no stage has; InvalidImageName for what is neither a
    /// stage nor an image.
    /// </exception>
    public IEnumerable<StageNeed> NeedsOf(StageCommand command) => command switch
    {
        CopyFrom copy => [new(copy.Line, copy.From, SourceOf(copy))],
        RunWithMounts run => [.. run.Mounts.Select(mount => NeedOf(run.Line, mount))],
        _ => [],
    };

    private StageOrImage SourceOf(CopyFrom copy)
    {
        _source.At(copy.Line, () =>
        {
            if (WordReader.Expand(copy.From, _rules, _ => null, new ExpansionBudget()) != copy.From)
                throw RunMount.Variable(copy.From);
        });
        return NumberOf(copy.From) is { } number ? Numbered(number, copy.Line) : Named(copy.From, copy.Line, "COPY");
    }

    private StageNeed NeedOf(int line, RunMount mount) => new(
        line, mount.From, Named(mount.From.Length > 0 ? mount.From : StageBase.Scratch, line, "RUN"),
        mount.Error is { } error ? _source.Error(line, error.Message, error.Advice) : null);

    private StageOrImage Numbered(long number, int line)
    {
        if (number < 0 || number >= _numbered.Count)
        {
            throw _source.Error(
                line, $"there is no stage {number}",
                "Stages are numbered from 0. A name, given with AS, stays right when stages are added.");
        }

        var source = _numbered[(int)number];
        return source.Stage is null ? Outside(source) : source;
    }

    private StageOrImage Named(string from, int line, string instruction) =>
        Find(from) is { } stage ? new(stage, null)
        : Outside(from == StageBase.Scratch ? default : new(null, StageBase.Image(_source, from, line, instruction)));

    // What is no stage counts as one more stage from then on, as in BuildKit.
    private StageOrImage Outside(StageOrImage source)
    {
        _numbered.Add(source);
        return source;
    }

    private static long? NumberOf(string text) => text.TrimStart('+', '-').All(char.IsAsciiDigit)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What one <c>--from</c> of a stage refers to. Neither a stage nor an image: <c>scratch</c>.</summary>
/// <param name="Line">Line of the instruction.</param>
/// <param name="From">The stage or image as written.</param>
/// <param name="Source">What that means.</param>
/// <param name="Error">What BuildKit finds wrong once it gets to the instruction; null where nothing is.</param>
internal sealed record StageNeed(int Line, string From, StageOrImage Source, CraneException? Error = null);

/// <summary>A stage, by its place among the stages, or an image from outside, or neither: <c>scratch</c>.</summary>
internal readonly record struct StageOrImage(int? Stage, BaseImage? Image);
