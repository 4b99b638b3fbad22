using Crane.Errors;

namespace Crane.Names;

/// <summary>What is wrong with an image name, or with a piece of one: the first thing, read from the left.</summary>
/// <param name="Part">The part that is wrong, such as <c>path</c> or <c>tag</c>.</param>
/// <param name="Index">Where, counted from 0 in the text that was read; its length for something missing at the end.</param>
/// <param name="Problem">What is wrong there, as a clause.</param>
/// <param name="Advice">What to write instead, as a sentence; null where the problem says it.</param>
internal readonly record struct NameFault(string Part, int Index, string Problem, string? Advice = null)
{
    /// <summary>The same fault in a text in which the piece that was read begins at <paramref name="start"/>.</summary>
    public NameFault From(int start) => this with { Index = Index + start };

    /// <summary>The error for <paramref name="text"/>, which is called <paramref name="noun"/>, such as <c>Image name</c>.</summary>
    /// <remarks>The text is shown: what may be secret in it has to be masked before.</remarks>
    public CraneException ToException(CraneErrorId id, string noun, string text) =>
        new(id, $"{noun} {VisibleText.Quote(text)} is not valid: {Part}, position {Index + 1}: {Problem}.", Advice ?? Grammar(id));

    // Where the problem itself says what to change, the form as a whole is still worth showing.
    private static string Grammar(CraneErrorId id) => id == CraneErrorId.InvalidRegistry
        ? "A registry is a host, host:port, or either followed by a path, such as ghcr.io/acme."
        : "An image name is [registry/]path[:tag][@digest], such as registry.company.co/company/foo:1.2.";
}
