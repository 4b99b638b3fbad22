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
        if (root[Section] is not JsonObject auths)
            root[Section] = auths = [];
        auths[RegistryKey.Canonical(registry)] = entry;
        return Write(root);
    }

    /// <summary>The text without any entry for a registry; null where there is none.</summary>
    /// <exception cref="JsonException">As above.</exception>
    public static string? Without(string text, string registry)
    {
        var root = Parse(text);
        if (root[Section] is not JsonObject auths)
            return null;
        var keys = auths.Select(entry => entry.Key).Where(key => RegistryKey.Matches(key, registry)).ToList();
        foreach (var key in keys)
            auths.Remove(key);
        return keys.Count == 0 ? null : Write(root);
    }

    /// <summary>The entry of a credential that is kept in the file itself, as <c>docker login</c> writes it.</summary>
    /// <param name="credential">What is kept.</param>
    /// <param name="user">Whose it is.</param>
    public static JsonObject Entry(RegistryCredential credential, string user)
    {
        var (password, identity) = credential switch
        {
            PasswordCredential given => (given.Password, null),
            IdentityTokenCredential given => ("", given.Token),
            _ => throw new ArgumentException("A bearer token is not kept.", nameof(credential)),
        };
        var entry = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")) };
        if (identity is not null)
            entry["identitytoken"] = identity;
        return entry;
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            // Docker takes an empty file for an empty configuration.
            var root = string.IsNullOrWhiteSpace(text)
                ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is not a JSON object");
            // A key that stands twice comes out only when an object is looked into.
            _ = root[Section] is JsonObject auths ? auths.Count : root.Count;
            return root;
        }
        catch (ArgumentException twice)
        {
            throw new JsonException("a key stands in it twice", twice);
        }
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
