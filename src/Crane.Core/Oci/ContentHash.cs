using System.Globalization;
using System.Text.Json;
using Crane.Names;

namespace Crane.Oci;

/// <summary>
/// Identifies an image by its platform, layers and configuration, the same in every registry and store. Its digest does not: a push or a
/// pull may rewrite a manifest, and an engine may not even have one.
/// </summary>
internal static class ContentHash
{
    /// <summary>The label with the inputs of a build, which is no part of the content.</summary>
    public const string InputLabel = "crane.inputs";

    private const int Length = 32;
    private const string Labels = "Labels";
    private const string Healthcheck = "Healthcheck";

    // In Go these are numbers of nanoseconds, in .NET they are not.
    private static readonly HashSet<string> Durations = ["Interval", "Timeout", "StartPeriod", "StartInterval"];

    // The settings of the OCI image specification and Docker's own. Builders write more, about the container that they built in.
    private static readonly HashSet<string> Settings =
    [
        "ArgsEscaped", "Cmd", "Entrypoint", "Env", "ExposedPorts", Healthcheck, "OnBuild", "Shell", "StopSignal", "User", "Volumes",
        "WorkingDir",
    ];

    /// <summary>The hash of an image.</summary>
    /// <param name="platform">Operating system, architecture and variant, as written in its configuration.</param>
    /// <param name="layers">Digests of the uncompressed layers, base first.</param>
    /// <param name="settings">The part <c>config</c> of its configuration; an undefined value for none.</param>
    /// <exception cref="FormatException">A setting has another type than it should.</exception>
    public static string Of(
        (string? Os, string? Architecture, string? Variant) platform, IReadOnlyList<string> layers, JsonElement settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            string?[] made = [platform.Os, platform.Architecture, platform.Variant, .. layers];
            foreach (var part in made)
                json.WriteStringValue(part ?? "");
            json.WriteStartObject();
            if (settings.ValueKind == JsonValueKind.Object)
                Write(json, settings);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return Digest.OfSha256(stream.ToArray()).Hex[..Length];
    }

    private static void Write(Utf8JsonWriter json, JsonElement settings)
    {
        foreach (var (name, value) in DescriptorReader.Strings(settings, Labels).OrderBy(label => label.Key, StringComparer.Ordinal))
            if (name != InputLabel)
                json.WriteString($"label {name}", value);
        foreach (var setting in Sorted(settings).Where(setting => Settings.Contains(setting.Name) && !IsEmpty(setting.Value)))
        {
            json.WritePropertyName(setting.Name);
            WriteValue(json, setting.Value, isHealthcheck: setting.Name == Healthcheck);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, JsonElement value, bool isHealthcheck)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var entry in Sorted(value))
        {
            json.WritePropertyName(entry.Name);
            if (isHealthcheck && Durations.Contains(entry.Name) && entry.Value.ValueKind == JsonValueKind.Number
                && entry.Value.TryGetInt64(out var nanoseconds))
                json.WriteStringValue(TimeSpan.FromTicks(nanoseconds / 100).ToString("c", CultureInfo.InvariantCulture));
            else
                entry.Value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static IEnumerable<JsonProperty> Sorted(JsonElement value) =>
        value.EnumerateObject().OrderBy(entry => entry.Name, StringComparer.Ordinal);

    // Some engines and builders omit empty values, and some do not.
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
