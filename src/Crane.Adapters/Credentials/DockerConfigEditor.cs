using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crane.Adapters.Credentials;

/// <summary>Changes <c>auths</c> in the JSON of docker's <c>config.json</c>; everything else stays, in its order.</summary>
internal static class DockerConfigEditor
{
    private const string Section = "auths";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        // It is read by programs and people, not by browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the JSON with an entry for a registry, under the key that docker writes.</summary>
    /// <exception cref="JsonException">The JSON is not a docker configuration.</exception>
    public static string With(string text, string registry, JsonObject entry)
    {
        var root = Parse(text);
        if (Auths(root) is not { } auths)
            root[Section] = auths = [];
        var key = RegistryKey.Canonical(registry);
        if (auths[key] is not (null or JsonObject))
            throw new JsonException($"{Section}[\"{key}\"] is not a JSON object");
        auths[key] = entry.DeepClone();
        return Write(root);
    }

    /// <summary>Returns the JSON without any entry for a registry; null where there is none.</summary>
    /// <exception cref="JsonException">As above.</exception>
    public static string? Without(string text, string registry)
    {
        var root = Parse(text);
        if (Auths(root) is not { } auths)
            return null;
        var keys = auths.Select(entry => entry.Key).Where(key => RegistryKey.Matches(key, registry)).ToList();
        foreach (var key in keys)
            auths.Remove(key);
        return keys.Count == 0 ? null : Write(root);
    }

    /// <summary>The entry of a credential stored in the file itself, as <c>docker login</c> writes it.</summary>
    public static JsonObject Entry(RegistryCredential credential, string user) => credential switch
    {
        PasswordCredential password => new() { ["auth"] = Basic(password.UserName, password.Password) },
        IdentityTokenCredential token => new() { ["auth"] = Basic(user, ""), ["identitytoken"] = token.Token },
        BearerTokenCredential token => new() { ["registrytoken"] = token.Token },
        _ => throw new ArgumentException("Unknown kind of credential.", nameof(credential)),
    };

    /// <summary>The entry that makes docker use no credential, and ask no helper for one.</summary>
    public static JsonObject NoCredential() => new() { ["auth"] = "" };

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static JsonObject Parse(string text)
    {
        try
        {
            // Docker takes an empty file for an empty configuration.
            var root = string.IsNullOrWhiteSpace(text)
                ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is not a JSON object");
            // Duplicate keys are reported only when an object is accessed.
            _ = Auths(root)?.Count ?? root.Count;
            return root;
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("it has duplicate keys", exception);
        }
    }

    // Docker ignores the case of keys. Anything but an object is a mistake that must not be overwritten.
    private static JsonObject? Auths(JsonObject root)
    {
        var key = root.ContainsKey(Section)
            ? Section : root.Select(entry => entry.Key).FirstOrDefault(key => key.Equals(Section, StringComparison.OrdinalIgnoreCase));
        return key is null || root[key] is not { } node
            ? null : node as JsonObject ?? throw new JsonException($"{key} is not a JSON object");
    }

    // Docker indents with tabs.
    private static string Write(JsonObject root) =>
        string.Join('\n', root.ToJsonString(Indented).ReplaceLineEndings("\n").Split('\n').Select(WithTabs));

    // JSON strings contain no line breaks, so leading spaces are always indentation.
    private static string WithTabs(string line)
    {
        var text = line.TrimStart(' ');
        return new string('\t', (line.Length - text.Length) / 2) + text;
    }
}
