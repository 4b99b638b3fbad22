using System.Collections.ObjectModel;

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
