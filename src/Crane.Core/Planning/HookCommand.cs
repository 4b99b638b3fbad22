namespace Crane.Planning;

/// <summary>A hook of a build, as a program with arguments: it runs without a shell.</summary>
internal sealed record HookCommand
{
    private HookCommand() { }

    /// <summary>The container that is built: the value of <c>CRANE_HOOKED_CONTAINER</c>.</summary>
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

    /// <summary>The command before a build; null for none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? Before(RetagPlan plan) => Of(plan, "pre-build", plan.Hook?.PreBuild, $"'{plan.Target}' is not built");

    /// <summary>The command after a build; null for none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? After(RetagPlan plan) =>
        Of(plan, "post-build", plan.Hook?.PostBuild, $"'{plan.Target}' is built all the same");

    /// <summary>Checks the commands of a plan.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Check(RetagPlan plan)
    {
        _ = Before(plan);
        _ = After(plan);
    }

    private static HookCommand? Of(RetagPlan plan, string key, string? command, string consequence)
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
