using System.Collections.ObjectModel;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crane.CraneFile.Model;

/// <summary>An immutable list that is compared by value, so that records with lists are, too.</summary>
internal class ValueList<T>(IList<T> items) : ReadOnlyCollection<T>(items)
{
    public static IReadOnlyList<T> Of(IReadOnlyList<T> items) => items as ValueList<T> ?? new ValueList<T>([.. items]);

    public sealed override bool Equals(object? obj) => obj is ValueList<T> other && this.SequenceEqual(other);

    public sealed override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in this)
            hash.Add(item);
        return hash.ToHashCode();
    }
}

/// <summary>A list of strings that is a JSON array where only a string fits, as in CSV or in JSON beyond its depth.</summary>
internal sealed class StringList(IList<string> items) : ValueList<string>(items)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Most lists of a large stack are empty.
    private static readonly StringList None = new([]);

    public static new IReadOnlyList<string> Of(IReadOnlyList<string> items) =>
        items as StringList ?? (items.Count == 0 ? None : new StringList([.. items]));

    /// <summary>The list; null for an empty one, to keep sections short.</summary>
    public static IReadOnlyList<string>? OfAny(IReadOnlyList<string>? items) => items is { Count: > 0 } ? Of(items) : null;

    /// <summary>Reads the output of <see cref="ToString"/>; any other string is a list of one.</summary>
    /// <exception cref="CraneException">InvalidValue if the items cannot be separated.</exception>
    public static IReadOnlyList<string> Read(string text, string name)
    {
        try
        {
            if (text.StartsWith('[') && JsonSerializer.Deserialize<string[]>(text) is { } items)
                return items;
        }
        catch (JsonException)
        {
            // A string like any other.
        }

        if (text.Contains(' ', StringComparison.Ordinal))
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The list {name} has become one string, '{text}': ConvertTo-Json writes lists below its depth in this way.",
                "Use ConvertTo-Json -Depth 4.");
        return text.Length == 0 ? [] : [text];
    }

    public override string ToString() => JsonSerializer.Serialize(this, Readable);
}

/// <summary>A list of sections that is written as a JSON array in CSV.</summary>
internal sealed class SectionList<T>(IList<T> items) : ValueList<T>(items)
{
    /// <summary>The list; null for an empty one.</summary>
    public static IReadOnlyList<T>? OfAny(IReadOnlyList<T>? items) =>
        items is { Count: > 0 } ? items as SectionList<T> ?? new SectionList<T>([.. items]) : null;

    public override string ToString() => SectionText.Write(this);
}
