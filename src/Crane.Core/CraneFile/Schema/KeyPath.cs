namespace Crane.CraneFile.Schema;

/// <summary>The keys that lead to a value. Linked, because it is written out for errors only.</summary>
internal sealed record KeyPath(KeyPath? Parent, string Key)
{
    public KeyPath Down(string key) => new(this, key);

    /// <summary><c>containers.web.push</c>; the top of the file is <c>the file</c>.</summary>
    public override string ToString() => Parent is null ? Key : $"{Parent}.{Key}";
}
