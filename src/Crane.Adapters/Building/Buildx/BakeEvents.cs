using System.Text.Json.Serialization;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// A line of <c>--progress=rawjson</c>: BuildKit's <c>client.SolveStatus</c>
/// (https://github.com/moby/buildkit/blob/master/client/graph.go).
/// </summary>
internal sealed record BakeEvents(BakeVertex[]? Vertexes, BakeOutput[]? Logs);

/// <summary>A step, each time that something about it changes.</summary>
internal sealed record BakeVertex(string? Digest, string? Name, DateTimeOffset? Started, bool Cached, string? Error);

/// <summary>What a step prints.</summary>
internal sealed record BakeOutput(string? Vertex, byte[]? Data);

/// <summary>What <c>--metadata-file</c> says about a target.</summary>
internal sealed record BakeMetadata(
    [property: JsonPropertyName("containerimage.digest")] string? Digest,
    [property: JsonPropertyName("containerimage.config.digest")] string? ConfigDigest);

/// <summary>Readers of Buildx's JSON, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(BakeEvents))]
[JsonSerializable(typeof(Dictionary<string, BakeMetadata>))]
internal sealed partial class BakeJson : JsonSerializerContext;
