using System.Text.Json;

namespace Crane.Core.Tests.Names;

/// <summary>The vectors of names and of retagging, as the files hold them.</summary>
internal static class NameVectors
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<NameVector> Names { get; } = Read<NameVector>("names.json");

    public static IReadOnlyList<RetagVector> Retags { get; } = Read<RetagVector>("retag.json");

    private static List<T> Read<T>(string file) => JsonSerializer.Deserialize<List<T>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", file)), Options)!;
}

public sealed record NameVector(
    string Name, bool Valid, string? Registry, string? Repository, string? Tag, string? Digest, string? Familiar);

public sealed record RetagVector(
    string Image, string? Registry, string? OverrideUser, string? Remote, string? Local, string? Error);
