using System.Globalization;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The possible values of <c>--from</c> of COPY and RUN: stages by name, in any case, or number, and images.</summary>
internal sealed class StageNames
{
    private readonly DockerfileSource _source;
    private readonly WordRules _rules;
    private readonly Dictionary<string, int> _names = [];
    private readonly List<StageOrImage> _numbered = [];

    /// <param name="source">The Dockerfile, for errors.</param>
    /// <param name="stages">Its stages; of duplicate names, the last is used.</param>
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

    public int? Find(string name) => _names.TryGetValue(name.ToLowerInvariant(), out var index) ? index : null;

    /// <exception cref="CraneException">
    /// BuildFailed for a variable, which is not expanded, or an unknown number; InvalidImageName for what is neither a stage nor an image.
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
                line, $"stage {number} does not exist",
                "Stages are numbered from 0. A name, set with AS, stays valid when stages are added.");
        }

        var source = _numbered[(int)number];
        return source.Stage is null ? External(source) : source;
    }

    private StageOrImage Named(string from, int line, string instruction) =>
        Find(from) is { } stage ? new(stage, null)
        : External(from == StageBase.Scratch ? default : new(null, StageBase.Image(_source, from, line, instruction)));

    // An external image counts as another stage from then on, as in BuildKit.
    private StageOrImage External(StageOrImage source)
    {
        _numbered.Add(source);
        return source;
    }

    private static long? NumberOf(string text) => text.TrimStart('+', '-').All(char.IsAsciiDigit)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What a <c>--from</c> of a stage refers to.</summary>
/// <param name="Line">The line of the instruction.</param>
/// <param name="From">The stage or image as written.</param>
/// <param name="Source">Its meaning.</param>
/// <param name="Error">The error that BuildKit reports when it runs the instruction; null for none.</param>
internal sealed record StageNeed(int Line, string From, StageOrImage Source, CraneException? Error = null);

/// <summary>A stage, by its index, or an external image, or neither: <c>scratch</c>.</summary>
internal readonly record struct StageOrImage(int? Stage, BaseImage? Image);

/// <summary>The base of a stage, with variables expanded.</summary>
internal static class StageBase
{
    public const string Scratch = "scratch";

    /// <summary>The bases of all stages. The name of an earlier stage means that stage; it is case-sensitive here.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for a blank base or an invalid platform; InvalidImageName for an invalid base.
    /// </exception>
    public static IReadOnlyList<StageOrImage> Of(DockerfileSource source, IReadOnlyList<Stage> stages, GlobalVariables variables)
    {
        var names = new Dictionary<string, int>();
        var bases = new List<StageOrImage>();
        foreach (var stage in stages)
        {
            var name = variables.Expand(stage.Base, stage.Line);
            if (name.Length == 0)
            {
                throw source.Error(
                    stage.Line, $"the base {VisibleText.Quote(stage.Base)} is empty after expansion",
                    "Set its variables: with ARG NAME=DEFAULT before the first FROM, or with build arguments.");
            }

            CheckPlatform(source, stage, variables);
            bases.Add(names.TryGetValue(name, out var index) ? new(index, null)
                : name == Scratch ? default
                : new(null, Image(source, name, stage.Line, "FROM")));
            if (stage.Name.Length > 0)
                names[stage.Name] = bases.Count - 1;
        }

        return bases;
    }

    private static void CheckPlatform(DockerfileSource source, Stage stage, GlobalVariables variables)
    {
        if (stage.Platform.Length > 0 && variables.Expand(stage.Platform, stage.Line) is var platform)
            source.At(stage.Line, () => { PredefinedVariables.ParsePlatform(platform); });
    }

    /// <summary>An image that an instruction names.</summary>
    /// <exception cref="CraneException">InvalidImageName for an invalid name.</exception>
    public static BaseImage Image(DockerfileSource source, string name, int line, string instruction)
    {
        try
        {
            ImageName.Parse(name);
            return new(name, line, instruction);
        }
        catch (CraneException error)
        {
            throw source.Error(line, error.Message.TrimEnd('.'), error.RecommendedAction, error.Id);
        }
    }
}
