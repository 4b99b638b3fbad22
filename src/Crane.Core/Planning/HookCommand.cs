using System.Collections.Immutable;

namespace Crane.Planning;

/// <summary>A hook of a build or a move, as a program with arguments: it runs without a shell.</summary>
internal sealed record HookCommand
{
    private HookCommand() { }

    /// <summary>The container that is built or moved: the value of <c>CRANE_HOOKED_CONTAINER</c>.</summary>
    public required string Container { get; init; }

    /// <summary>The hook in messages: <c>the pre-build hook of 'os'</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its failure means for the image, as a clause.</summary>
    public required string Consequence { get; init; }

    public required string Text { get; init; }

    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The working directory: the folder of the crane file.</summary>
    public required string Folder { get; init; }

    /// <summary>The id of its failure: GateFailed or HookFailed.</summary>
    public required CraneErrorId FailureId { get; init; }

    /// <summary>More environment variables, by name.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The command before a build; null for none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? Before(RetagPlan plan) => Of(plan, "pre-build", plan.Hook?.PreBuild, $"'{plan.Target}' is not built");

    /// <summary>The command after a build; null for none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? After(RetagPlan plan) =>
        Of(plan, "post-build", plan.Hook?.PostBuild, $"'{plan.Target}' is built all the same");

    /// <summary>The command that decides whether an image gets the name of the target; null for none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? Gate(RetagPlan plan) =>
        Of(plan, "pre-tag", plan.Hook?.PreTag, $"'{plan.Target}' keeps its name", CraneErrorId.GateFailed)?.With(
            ("CRANE_OPERATION", plan.Operation.ToString()));

    /// <summary>Checks the commands of a plan.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Check(RetagPlan plan)
    {
        _ = Before(plan);
        _ = After(plan);
        _ = Gate(plan);
    }

    /// <summary>The same command about an image that waits for its name.</summary>
    /// <param name="image">The image as <c>registry/repository@sha256:…</c>.</param>
    /// <param name="platform">Its platform as <c>os/arch[/variant]</c>; null for all that it has.</param>
    public HookCommand About(string image, string? platform) => With(("CRANE_IMAGE", image), ("CRANE_PLATFORM", platform ?? ""));

    private HookCommand With(params IEnumerable<(string Name, string Value)> variables) => this with
    {
        Variables = Variables.Concat(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
            .ToImmutableDictionary(),
    };

    private static HookCommand? Of(
        RetagPlan plan, string key, string? command, string consequence, CraneErrorId failureId = CraneErrorId.HookFailed)
    {
        if (string.IsNullOrWhiteSpace(command))
            return null;
        var container = plan.HookedContainer ?? plan.Container;
        var name = $"the {key} hook of '{container}'";
        if (!Path.IsPathFullyQualified(plan.Path ?? ""))
        {
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The plan for '{plan.Target}' has {name}, but no full Path of a crane file, in whose folder it would run.",
                "Keep the original Path of the plan, or remove its Hook.");
        }

        var words = Split(command, name);
        return new HookCommand
        {
            Container = container,
            Name = name,
            Consequence = consequence,
            FailureId = failureId,
            Text = command.Trim(),
            Program = words[0],
            Arguments = [.. words.Skip(1)],
            Folder = Path.GetDirectoryName(plan.Path) ?? plan.Path!,
        };
    }

    private static IReadOnlyList<string> Split(string command, string name)
    {
        try
        {
            return ShellWords.Split(command) is [{ Length: > 0 }, ..] words
                ? words
                : throw new FormatException("begins with an empty word instead of a program");
        }
        catch (FormatException error)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"'{command.Trim()}', {name}, {error.Message}; hooks are run without a shell.",
                "Quote it if it is part of a word. To run a shell, write sh -c 'COMMAND'.",
                error);
        }
    }
}
