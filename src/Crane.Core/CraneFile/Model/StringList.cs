using System.Collections.ObjectModel;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crane.CraneFile.Model;

/// <summary>A list that cannot change and equals another one with equal items, so that records with lists compare by value.</summary>
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

/// <summary>
/// A list of texts that survives where only one text fits: a column of CSV, or JSON beyond its depth. There it is
/// written as a JSON array, which is read back without loss.
/// </summary>
internal sealed class StringList(IList<string> items) : ValueList<string>(items)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static new IReadOnlyList<string> Of(IReadOnlyList<string> items) => items as StringList ?? new StringList([.. items]);

    /// <summary>The list, or null where it is null or empty: what sections of a container hold, to stay flat.</summary>
    public static IReadOnlyList<string>? OfAny(IReadOnlyList<string>? items) => items is { Count: > 0 } ? Of(items) : null;

    /// <summary>Reads what <see cref="ToString"/> wrote; any other string stands for itself.</summary>
    /// <param name="text">The string.</param>
    /// <param name="name">What the list is called, for the message.</param>
    /// <exception cref="CraneException">InvalidValue, where the items cannot be told apart any more.</exception>
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
                "Give ConvertTo-Json -Depth 4.");
        return text.Length == 0 ? [] : [text];
    }

    public override string ToString() => JsonSerializer.Serialize(this, Readable);
}

/// <summary>A list of sections that survives a column of CSV: there it is written as a JSON array.</summary>
internal sealed class SectionList<T>(IList<T> items) : ValueList<T>(items)
{
    /// <summary>The list, or null where it is null or empty.</summary>
    public static IReadOnlyList<T>? OfAny(IReadOnlyList<T>? items) =>
        items is { Count: > 0 } ? items as SectionList<T> ?? new SectionList<T>([.. items]) : null;

    public override string ToString() => SectionText.Write(this);
}
