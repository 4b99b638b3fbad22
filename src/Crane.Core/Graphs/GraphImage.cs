using Crane.Status;

namespace Crane.Graphs;

/// <summary>An image to draw: its name, what it is built on, and the names that it has in registries.</summary>
/// <param name="Container">The name of its container.</param>
/// <param name="Image">Its plain name.</param>
internal sealed record GraphImage(string Container, string Image)
{
    /// <summary>The image whose layers it begins with; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>The images that its Dockerfile uses.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>The name that it is pulled from; null if it is not pulled.</summary>
    public string? Official { get; init; }

    /// <summary>The names that it is pushed to.</summary>
    public IReadOnlyList<string> Personal { get; init; } = [];

    /// <summary>Where it stands; null if that is not known.</summary>
    public SyncState? State { get; init; }

    /// <summary>The same in a few words; empty if that is not known.</summary>
    public string Summary { get; init; } = "";

    public static GraphImage Of(StatusTarget target) => new(target.Container.Name, target.Plain.ToString())
    {
        Parent = target.Base?.Image?.ToString(),
        Uses = [.. (target.Base?.Uses ?? []).Select(name => name.ToString())],
        Official = target.Official?.RemoteName,
        Personal = [.. target.Personal.Select(name => name.RemoteName)],
    };

    public static GraphImage Of(ImageStatus row) => new(row.Container, row.Image)
    {
        Parent = row.BaseName,
        Uses = row.Uses,
        Official = row.Official,
        Personal = row.Personal is { } personal ? [personal] : [],
        State = row.State,
        Summary = row.Summary,
    };

    /// <summary>What tells an image from others, however its name is written.</summary>
    internal static string KeyOf(string name) => ImageName.TryParse(name, out var image) ? image.FullName : name;
}
