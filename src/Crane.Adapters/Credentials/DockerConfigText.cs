using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crane.Adapters.Credentials;

/// <summary>
/// The text of docker's <c>config.json</c> with other entries in <c>auths</c>; all else in it stays, in its order.
/// </summary>
internal static class DockerConfigText
{
    private const string Section = "auths";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        // It is read by programs and people, not by browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text with that entry for a registry, in place of the one that docker would write.</summary>
    /// <param name="text">The text so far; empty for none.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="entry">What is known of it.</param>
    /// <exception cref="JsonException">For a text that is not docker's.</exception>
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

    /// <summary>The text without any entry for a registry; null where there is none.</summary>
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

    /// <summary>The entry of a credential that is kept in the file itself, as <c>docker login</c> writes it.</summary>
    /// <param name="credential">What is kept.</param>
    /// <param name="user">Whose it is, where a token does not say that.</param>
    public static JsonObject Entry(RegistryCredential credential, string user) => credential switch
    {
        PasswordCredential given => new() { ["auth"] = Basic(given.UserName, given.Password) },
        IdentityTokenCredential given => new() { ["auth"] = Basic(user, ""), ["identitytoken"] = given.Token },
        BearerTokenCredential given => new() { ["registrytoken"] = given.Token },
        _ => throw new ArgumentException("There is no entry for it.", nameof(credential)),
    };

    /// <summary>The entry by which docker goes without a credential, and asks no helper for one.</summary>
    public static JsonObject NoCredential() => new() { ["auth"] = "" };

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static JsonObject Parse(string text)
    {
        try
        {
            // Docker takes an empty file for an empty configuration.
            var root = string.IsNullOrWhiteSpace(text)
                ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is not a JSON object");
            // A key that stands twice comes out only when an object is looked into.
            _ = Auths(root)?.Count ?? root.Count;
            return root;
        }
        catch (ArgumentException twice)
        {
            throw new JsonException("a key stands in it twice", twice);
        }
    }

    // Docker's own reader takes a key in capitals, too. What is no object there is somebody's mistake, and is not written over.
    private static JsonObject? Auths(JsonObject root)
    {
        var key = root.ContainsKey(Section)
            ? Section : root.Select(entry => entry.Key).FirstOrDefault(key => key.Equals(Section, StringComparison.OrdinalIgnoreCase));
        return key is null || root[key] is not { } node
            ? null : node as JsonObject ?? throw new JsonException($"{key} is not a JSON object");
    }

    /// <summary>As docker indents, which is with tabs.</summary>
    private static string Write(JsonObject root) =>
        string.Join('\n', root.ToJsonString(Indented).ReplaceLineEndings("\n").Split('\n').Select(WithTabs));

    // No string has a line break in it, so what a line begins with is nothing but its depth.
    private static string WithTabs(string line)
    {
        var text = line.TrimStart(' ');
        return new string('\t', (line.Length - text.Length) / 2) + text;
    }
}
