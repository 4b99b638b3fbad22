using System.Text.Json.Serialization;

namespace Crane.Adapters.Docker;

/// <summary>
/// Readers and writers of docker's JSON, made at compile time: the first use costs no reflection. Names are compared
/// without case, as Go does, whose programs write some of them with capitals and some without.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContextMeta))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(EngineImage))]
[JsonSerializable(typeof(EngineDistribution))]
[JsonSerializable(typeof(EngineListed[]))]
[JsonSerializable(typeof(EngineError))]
[JsonSerializable(typeof(RegistryAuth))]
[JsonSerializable(typeof(Dictionary<string, RegistryAuth>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class DockerJson : JsonSerializerContext;
