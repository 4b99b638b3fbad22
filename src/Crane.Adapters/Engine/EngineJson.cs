using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>
/// Readers and writers of docker's JSON, made at compile time: the first use costs no reflection. Names are compared
/// without case, as Go does, whose programs write some of them with capitals and some without.
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

/// <summary>What engines add to a message for programs, which docker's client leaves as JSON.</summary>
internal static class MessageFacts
{
    /// <summary>The fact of that name; null where the message has none.</summary>
    public static JsonElement? Fact(this JSONMessage message, string name) => (message.Aux?.ExtensionData ?? new Dictionary<string, object>())
        .FirstOrDefault(fact => fact.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value as JsonElement?;
}
