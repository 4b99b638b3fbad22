namespace Crane.Planning;

/// <summary>A hook of a build that is ready to be run: by a program of its own, without a shell.</summary>
internal sealed record HookCommand
{
    private HookCommand()
    {
    }

    /// <summary>The container that is built: what the command finds in <c>CRANE_HOOKED_CONTAINER</c>.</summary>
    public required string Container { get; init; }

    /// <summary>How the hook is called in messages: <c>the pre-build hook of 'os'</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What a failure of it means for the image, as a clause.</summary>
    public required string Consequence { get; init; }

    /// <summary>The command as it is written.</summary>
    public required string Text { get; init; }

    /// <summary>The program, by its name or path.</summary>
    public required string Program { get; init; }

    /// <summary>What the program is given.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it runs: the folder of the crane file.</summary>
    public required string Folder { get; init; }

    /// <summary>What runs before a build; null for nothing.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? Before(RetagPlan plan) =>
        Of(plan, "pre-build", plan.Hook?.PreBuild, $"'{plan.Target}' is not built");

    /// <summary>What runs after a build; null for nothing.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static HookCommand? After(RetagPlan plan) =>
        Of(plan, "post-build", plan.Hook?.PostBuild, $"'{plan.Target}' is built all the same");

    /// <summary>Makes sure that the hooks of a plan can be run, as far as their text tells.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Check(RetagPlan plan)
    {
        _ = Before(plan);
        _ = After(plan);
    }

    private static HookCommand? Of(RetagPlan plan, string key, string? text, string consequence)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var container = plan.HookedContainer ?? plan.Container;
        var name = $"the {key} hook of '{container}'";
        if (!Path.IsPathFullyQualified(plan.Path ?? ""))
        {
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The plan for '{plan.Target}' has {name}, but no full Path of a crane file, in whose folder that would run.",
                "Leave the Path of the plan as it was, or take out its Hook.");
        }

        var words = Split(text, name);
        return new HookCommand
        {
            Container = container,
            Name = name,
            Consequence = consequence,
            Text = text.Trim(),
            Program = words[0],
            Arguments = [.. words.Skip(1)],
            Folder = Path.GetDirectoryName(plan.Path) ?? plan.Path!,
        };
    }

    private static IReadOnlyList<string> Split(string text, string name)
    {
        try
        {
            return ShellWords.Split(text) is [{ Length: > 0 }, ..] words
                ? words
                : throw new FormatException("begins with an empty word, where the program has to be");
        }
        catch (FormatException fault)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"'{text.Trim()}', {name}, {fault.Message}; hooks are run without a shell.",
                "Put it in quotes where it is part of a word. Where a shell is meant, say so: sh -c 'COMMAND'.",
                fault);
        }
    }
}
