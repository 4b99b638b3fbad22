using System.Text.Json;
using System.Text;
using Crane.Adapters.Machine;
using Crane.Names;

namespace Crane.Adapters.Credentials;

/// <summary>A user's docker configuration: <c>config.json</c>, or the part of it in <c>DOCKER_AUTH_CONFIG</c>.</summary>
/// <remarks>An entry is validated when it is used, so that an invalid one of another registry does no harm.</remarks>
internal sealed class DockerConfigFile
{
    private readonly JsonElement _root;

    private DockerConfigFile(string origin, JsonElement root)
    {
        Origin = origin;
        _root = root;
    }

    /// <summary>The file's path or the variable's name, for messages.</summary>
    public string Origin { get; }

    /// <summary>The context that <c>docker context use</c> chose; null for none.</summary>
    public string? CurrentContext => Text(_root, "currentContext", "currentContext");

    /// <summary>The helper, without <c>docker-credential-</c>, of registries without their own; null for none.</summary>
    public string? DefaultHelper => Text(_root, "credsStore", "credsStore");

    /// <summary>Further folders with plugins of docker's command line.</summary>
    public IReadOnlyList<string> PluginFolders =>
        Readable("cliPluginsExtraDirs", () => Find(_root, "cliPluginsExtraDirs")) is { ValueKind: JsonValueKind.Array } folders
            ? [.. folders.EnumerateArray().Select(folder => Text(folder, "cliPluginsExtraDirs")).OfType<string>()]
            : [];

    /// <summary>The proxies of builds; null for none.</summary>
    public JsonElement? Proxies => Find(_root, "proxies");

    /// <summary>Reads <c>config.json</c>; null where there is none.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid with the path, for a file that is not JSON or cannot be read.</exception>
    public static DockerConfigFile? Load(DockerEnvironment environment)
    {
        var path = PathIn(environment);
        try
        {
            return Parse(path, ReadText(path));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <exception cref="IOException">It cannot be read; or UnauthorizedAccessException.</exception>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(new MemoryStream(RegularFile.ReadAllBytes(path)));
        return reader.ReadToEnd();
    }

    public static string PathIn(DockerEnvironment environment) => Path.Combine(environment.ConfigFolder, "config.json");

    public static CraneException Unusable(string path, string why, Exception? inner = null) => new(
        CraneErrorId.DockerConfigInvalid, $"Docker's configuration {path} {why.TrimEnd('.')}.",
        "Repair the file and its permissions, or set DOCKER_CONFIG to another folder.", inner);

    /// <summary>Reads what <c>DOCKER_AUTH_CONFIG</c> holds; null where it is not set.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid with the variable's name.</exception>
    public static DockerConfigFile? FromVariable(DockerEnvironment environment) =>
        environment.Get("DOCKER_AUTH_CONFIG") is { } text ? Parse("DOCKER_AUTH_CONFIG", text) : null;

    /// <summary>The helper of this registry alone; null for none.</summary>
    public string? HelperFor(string registry) =>
        Entry("credHelpers", registry) is var (key, value) ? Text(value, $"credHelpers[\"{key}\"]") : null;

    /// <summary>The registries with an entry or a helper of their own. Other keys, which no image name can have, do not count.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid for a section that is not an object.</exception>
    public IReadOnlyList<string> Registries() =>
        [.. Keys("auths").Concat(Keys("credHelpers")).Select(RegistryAddress.HostOf).Where(RegistryAddress.IsHost).Distinct()];

    /// <summary>The user of the credential in the file for a registry; null for none.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public string? UserFor(string registry)
    {
        if (Entry("auths", registry) is not var (key, entry))
            return null;
        var where = $"auths[\"{key}\"]";
        return Text(entry, "auth", where) is { } auth ? Decode(auth, where).UserName : Text(entry, "username", where);
    }

    /// <summary>The credential in the file for a registry; null for none.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid for an invalid entry of that registry.</exception>
    public RegistryCredential? CredentialFor(string registry)
    {
        if (Entry("auths", registry) is not var (key, entry))
            return null;
        var where = $"auths[\"{key}\"]";
        if (entry.ValueKind != JsonValueKind.Object)
            throw Invalid($"{where} is not a JSON object");

        if (Text(entry, "identitytoken", where) is { } identity)
            return new IdentityTokenCredential(identity);
        if (Text(entry, "registrytoken", where) is { } bearer)
            return new BearerTokenCredential(bearer);
        if (Text(entry, "auth", where) is { } auth)
            return Decode(auth, where);
        return Text(entry, "username", where) is { } user
            ? new PasswordCredential(user, Text(entry, "password", where) ?? "")
            : null;
    }

    // Docker ignores the case of keys, but prefers an exact match.
    private static JsonElement? Find(JsonElement parent, string key)
    {
        if (parent.TryGetProperty(key, out var exact))
            return exact;
        foreach (var property in parent.EnumerateObject())
            if (property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        return null;
    }

    private static DockerConfigFile Parse(string origin, string text)
    {
        // Docker takes an empty file for an empty configuration.
        if (string.IsNullOrWhiteSpace(text))
            text = "{}";
        try
        {
            using var document = JsonDocument.Parse(text);
            var file = new DockerConfigFile(origin, document.RootElement.Clone());
            return file._root.ValueKind == JsonValueKind.Object ? file : throw file.Invalid("it is not a JSON object");
        }
        catch (JsonException error)
        {
            // The parser's own message may quote the text, which holds credentials.
            throw new CraneException(
                CraneErrorId.DockerConfigInvalid,
                $"Docker's configuration in {origin} is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.",
                $"Correct {origin}.");
        }
    }

    /// <summary>The entry of a registry: the key that docker writes, else the first key for the same host.</summary>
    private (string Key, JsonElement Value)? Entry(string section, string registry) =>
        Readable(section, () => FindEntry(section, registry));

    private List<string> Keys(string section) => Readable<List<string>>(
        section, () => Section(section) is { } entries ? [.. entries.EnumerateObject().Select(entry => entry.Name)] : []);

    private JsonElement? Section(string name) => Find(_root, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Object } section => section,
        _ => throw Invalid($"{name} is not a JSON object"),
    };

    private (string Key, JsonElement Value)? FindEntry(string section, string registry)
    {
        if (Section(section) is not { } entries)
            return null;
        var canonical = RegistryKey.Canonical(registry);
        if (entries.TryGetProperty(canonical, out var exact))
            return (canonical, exact);
        foreach (var entry in entries.EnumerateObject())
            if (RegistryKey.Matches(entry.Name, registry))
                return (entry.Name, entry.Value);
        return null;
    }

    /// <summary><c>user:password</c> in base64; only the first colon separates.</summary>
    private PasswordCredential Decode(string auth, string where)
    {
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var length))
            throw Invalid($"{where}.auth is not base64");
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw Invalid($"{where}.auth is not the base64 of user:password");
        // Old docker logins padded the password with zero bytes.
        return new PasswordCredential(text[..colon], text[(colon + 1)..].Trim('\0'));
    }

    private string? Text(JsonElement parent, string key, string where) =>
        Readable(where, () => Find(parent, key) is { } value ? Text(value, where == key ? key : $"{where}.{key}") : null);

    private string? Text(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => Readable(where, value.GetString) is { Length: > 0 } text ? text : null,
        _ => throw Invalid($"{where} is not a string"),
    };

    // JSON may contain an unpaired surrogate, which .NET reports only when the key or value is read.
    private T Readable<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"{where} contains an unpaired surrogate");
        }
    }

    private CraneException Invalid(string what) => new(
        CraneErrorId.DockerConfigInvalid, $"Docker's configuration in {Origin} is not valid: {what}.",
        $"Correct that place in {Origin}, or remove it and log in again.");
}

/// <summary>
/// The keys of registries in docker's configuration: hosts, URLs, and for Docker Hub the URL of its first version; as
/// <c>ConvertToHostname</c> and <c>GetAuthConfigKey</c> of docker's command line have it.
/// </summary>
internal static class RegistryKey
{
    /// <summary>Docker's key for Docker Hub.</summary>
    public const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>The key that <c>docker login</c> writes for a registry.</summary>
    public static string Canonical(string registry)
    {
        var host = RegistryAddress.HostOf(registry);
        return host == RegistryAddress.DockerHub ? DockerHub : host;
    }

    /// <summary>
    /// Whether a helper that lists this key is asked for it: a whole registry, with or without a scheme. Helpers store tokens of Docker
    /// Hub's website, too.
    /// </summary>
    public static bool IsRegistry(string key) => RegistryAddress.HostOf(key) is var host && RegistryAddress.IsHost(host)
        && (key == DockerHub || key.TrimEnd('/').EndsWith(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a key means that registry.</summary>
    public static bool Matches(string key, string registry) => RegistryAddress.HostOf(key) == RegistryAddress.HostOf(registry);
}
