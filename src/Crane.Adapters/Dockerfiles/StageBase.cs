using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>What a stage is made from, its variables expanded.</summary>
internal static class StageBase
{
    public const string Scratch = "scratch";

    /// <summary>The bases of all stages. A base that is the name of a stage before it is that stage; case matters here.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for a blank base or a platform that is none; InvalidImageName for a base that is no name.
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
                    stage.Line, $"the base {VisibleText.Quote(stage.Base)} comes out blank",
                    "Give its variables a value: with ARG NAME=DEFAULT before the first FROM, or with a build argument.");
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
    /// <exception cref="CraneException">InvalidImageName where it is no name.</exception>
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
