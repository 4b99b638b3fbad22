using Crane.Names;

namespace Crane.Planning;

/// <summary>What a name is known to refer to: a digest or an engine's id, or nothing.</summary>
/// <param name="Value">The digest or id; null for a name that does not exist.</param>
internal sealed record KnownImage(string? Value)
{
    /// <summary>How plans and results write that a name does not exist.</summary>
    public const string None = "none";

    /// <summary>Reads the property of a plan; null if it says nothing.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static KnownImage? Read(string? value, string property) => value switch
    {
        null => null,
        None => new KnownImage((string?)null),
        _ when Digest.TryParse(value, out _) => new(value),
        _ => throw new CraneException(
            CraneErrorId.InvalidValue, $"The {property} '{value}' is neither a digest nor '{None}'.",
            "Leave it as Get-CraneRetagPlan -Resolve wrote it, or remove it."),
    };

    /// <summary>How it is written in plans and results.</summary>
    public static string Write(string? value) => value ?? None;

    public bool Is(Digest? digest) => Value == digest?.ToString();

    /// <summary>Whether the name refers to that image of a local store, null for none.</summary>
    public bool Is(string? id, IEnumerable<Digest> digests) => Value == id || digests.Any(digest => digest.ToString() == Value);

    public override string ToString() => Value ?? "nothing";
}
