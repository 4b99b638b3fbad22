using Crane.Adapters.Building.Dockerfiles.Instructions;
using Crane.Adapters.Building.Dockerfiles.Lines;
using Crane.Adapters.Building.Dockerfiles.Stages;
using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles;

/// <summary>
/// Finds the images from outside that a Dockerfile builds on, as BuildKit reads it
/// (https://docs.docker.com/reference/dockerfile/, https://github.com/moby/buildkit/tree/master/frontend/dockerfile).
/// What BuildKit decides only while it builds, such as the variables of a stage, is left to it, and so is what only a frontend
/// knows that a <c>syntax</c> directive names.
/// </summary>
internal static class DockerfileReader
{
    /// <summary>Reads a Dockerfile.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="path">Its full path, for errors.</param>
    /// <param name="options">What the build adds to it.</param>
    /// <exception cref="CraneException">
    /// BuildFailed where BuildKit would refuse it, InvalidImageName for a base that is no image name, both with the line;
    /// InvalidValue for an option that is no platform.
    /// </exception>
    public static DockerfileBases Read(string text, string path, DockerfileOptions options)
    {
        var source = new DockerfileSource(path, text);
        try
        {
            return Read(source, options);
        }
        catch (CraneException fault) when (
            source.Frontend is { IsDockers: false } && fault.Id is CraneErrorId.BuildFailed or CraneErrorId.InvalidImageName)
        {
            // It may be right in the frontend's own grammar.
            return DockerfileBases.Unknown;
        }
    }

    private static DockerfileBases Read(DockerfileSource source, DockerfileOptions options)
    {
        var instructions = KnownInstructions.Of(source, InstructionReader.Read(source, out var escape));
        var stages = StageReader.Read(source, instructions, out var arguments);
        var names = new StageNames(source, stages, escape);
        var target = string.IsNullOrEmpty(options.Target) ? stages[^1].Name : options.Target;
        var predefined = PredefinedVariables.For(options, target);
        var variables = new GlobalVariables(source, escape, predefined, arguments, options.BuildArguments);
        var bases = StageBase.Of(source, stages, variables);
        var targetIndex = TargetOf(source, stages, names, options.Target);
        var graph = new StageGraph(source, stages, bases, names);
        return new(graph.Images, graph.ImagesFor(targetIndex), graph.ParentOf(targetIndex))
        {
            DownToTarget = graph.ImagesDownTo(targetIndex),
            References = graph.ReferencesDownTo(targetIndex),
            NeededStages = graph.StagesFor(targetIndex),
        };
    }

    // BuildKit knows targets by name only: a number is none.
    private static int TargetOf(DockerfileSource source, IReadOnlyList<Stage> stages, StageNames names, string? target)
    {
        const int shown = 10;
        if (string.IsNullOrEmpty(target))
            return stages.Count - 1;
        if (names.Find(target) is { } index)
            return index;
        var named = stages.Select(stage => stage.Name)
            .Where(name => name.Length > 0).Take(shown).Select(VisibleText.Quote).ToList();
        throw source.Fault(
            stages[^1].Line, $"there is no stage {VisibleText.Quote(target)} to build",
            named.Count > 0
                ? $"The stages with a name are {string.Join(", ", named)}."
                : "Give the stage a name: FROM … AS NAME.");
    }
}
