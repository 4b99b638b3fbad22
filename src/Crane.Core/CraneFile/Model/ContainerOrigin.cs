using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Model;

/// <summary>
/// Where a container and its values stand in the crane files, for errors that are found later. It is no part of what a
/// container is: any two are equal, so that containers and plans which say the same are equal, too.
/// </summary>
/// <param name="place">The key of the container; null where it comes from no crane file.</param>
/// <param name="values">Its values.</param>
internal sealed class ContainerOrigin(ScalarNode? place, IReadOnlyList<ValueOrigin> values)
{
    /// <summary>Of what came from no crane file, or through another program's hands.</summary>
    public static ContainerOrigin Unknown { get; } = new(null, []);

    /// <summary>The error with the place of the container.</summary>
    public CraneException Locate(CraneException error) => place is null ? error : error.At(place.Location);

    /// <summary>The value of a key; null where it was not given.</summary>
    /// <param name="key">The key, from the container down: <c>push.registry</c>.</param>
    /// <param name="text">The item of a list that is meant; null for the first.</param>
    public ValueOrigin? Find(string key, string? text = null)
    {
        var all = values.Where(value => value.Name == key && value.Text.Length > 0).ToList();
        return all.Find(value => value.Text == text) ?? all.FirstOrDefault();
    }

    public override bool Equals(object? obj) => obj is ContainerOrigin;

    public override int GetHashCode() => 0;
}

/// <summary>Where a value stands, what it became, and the variables that it came from.</summary>
internal sealed record ValueOrigin(string Section, string Key, ScalarNode Node, string Text, IReadOnlyList<string> Variables)
{
    /// <summary>The key from the container down: <c>push.registry</c>.</summary>
    public string Name => Section.Length > 0 ? $"{Section}.{Key}" : Key;

    /// <summary>An error about the value, with its place, whose it is and where it came from.</summary>
    /// <param name="error">The error.</param>
    /// <param name="owner">Whose it is: <c>container `web`</c>.</param>
    public CraneException Locate(CraneException error, string owner)
    {
        var from = Variables.Count == 0 ? "" : $" (from {string.Join(", ", Variables.Distinct().Select(name => $"${{{name}}}"))})";
        return error.In($"'{Name}' of {owner}{from}").At(Node.Location);
    }
}
