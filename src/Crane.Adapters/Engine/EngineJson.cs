using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>
/// Reads and writes docker's JSON without reflection. Names are case-insensitive, as in Go.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContextMeta))]
[JsonSerializable(typeof(JSONMessage))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(DockerOCIImageConfig))]
[JsonSerializable(typeof(AuthConfig))]
[JsonSerializable(typeof(Dictionary<string, AuthConfig>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class EngineJson : JsonSerializerContext;

/// <summary>The part of a message for programs, which docker's client leaves as JSON.</summary>
internal static class MessageFacts
{
    public static JsonElement? Fact(this JSONMessage message, string name) =>
        (message.Aux?.ExtensionData ?? new Dictionary<string, object>())
            .FirstOrDefault(fact => fact.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value as JsonElement?;
}
