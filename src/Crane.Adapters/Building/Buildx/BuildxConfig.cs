using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// Docker's configuration for Buildx: the user's own, and above it the credentials that were passed, in a variable, so that no
/// secret is on the disk. A Buildx too old for that gets a configuration in the folder of the run.
/// </summary>
/// <param name="Folder">The folder of the configuration.</param>
/// <param name="Credentials">The value of DOCKER_AUTH_CONFIG; null for the user's own.</param>
internal sealed record BuildxConfig(string Folder, string? Credentials)
{
    private const string Variable = "DOCKER_AUTH_CONFIG";

    // Never the secret.
    public override string ToString() => nameof(BuildxConfig);

    /// <exception cref="CraneException">As <see cref="RegistryCredentials.GetAsync"/>.</exception>
    public static async Task<BuildxConfig> CreateAsync(
        BuildxProgram program, RunFolder run, RegistryCredentials credentials, IEnumerable<string> registries,
        DockerEnvironment environment, CancellationToken cancellation)
    {
        var known = new Dictionary<string, RegistryCredential?>(StringComparer.Ordinal);
        foreach (var registry in credentials.GivenRegistries.Concat(registries))
            known[RegistryKey.Canonical(registry)] = await credentials.GetAsync(registry, cancellation);
        // Buildx does not build where a helper fails.
        var failed = known.Keys.Where(registry => credentials.FailureOf(registry) is not null).ToList();
        if (!credentials.GivenRegistries.Any() && failed.Count == 0)
            return new BuildxConfig(environment.ConfigFolder, null);
        try
        {
            if (!program.ReadsCredentialVariable)
                return new BuildxConfig(Write(run.Path, known, environment), null);
            var given = credentials.GivenRegistries.Select(RegistryKey.Canonical);
            return new BuildxConfig(environment.ConfigFolder, Text(
                environment.Get(Variable) ?? "", known.Where(entry => given.Contains(entry.Key) || failed.Contains(entry.Key))));
        }
        catch (JsonException exception)
        {
            throw DockerConfigFile.Unusable(Variable, $"is not valid: {exception.Message}");
        }
    }

    private static string Text(string text, IEnumerable<KeyValuePair<string, RegistryCredential?>> known) => known.Aggregate(
        text, (text, entry) => DockerConfigEditor.With(
            text, entry.Key, entry.Value is { } credential ? DockerConfigEditor.Entry(credential, "") : DockerConfigEditor.NoCredential()));

    // A helper for all registries would take precedence over the file, so its credentials are written there, too.
    private static string Write(string folder, Dictionary<string, RegistryCredential?> known, DockerEnvironment environment)
    {
        // A builder may have the name of a context.
        if (!environment.IsWindows && Path.Combine(environment.ConfigFolder, "contexts") is var contexts && Directory.Exists(contexts))
            Directory.CreateSymbolicLink(Path.Combine(folder, "contexts"), contexts);
        var config = JsonNode.Parse(Text("{}", known.Where(entry => entry.Value is not null)))!;
        if (DockerConfigFile.Load(environment)?.Proxies is { } proxies)
            config["proxies"] = JsonNode.Parse(proxies.GetRawText());
        WholeFile.Write(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(config.ToJsonString()));
        return folder;
    }
}

/// <summary>The variables that make Buildx use the same engine and produce nothing else.</summary>
internal static class BuildxEnvironment
{
    public static Dictionary<string, string?> Of(
        EngineEndpoint endpoint, BuildxConfig config, PluginSocket? socket, DockerEnvironment environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["DOCKER_HOST"] = endpoint is TcpEndpoint { Root: var root } ? $"tcp://{root.Authority}" : endpoint.Address,
            ["DOCKER_CONTEXT"] = null,
            ["DOCKER_TLS"] = null,
            ["DOCKER_TLS_VERIFY"] = null,
            ["DOCKER_CONFIG"] = config.Folder,
            ["BUILDX_CONFIG"] = environment.Get("BUILDX_CONFIG") ?? Path.Combine(environment.ConfigFolder, "buildx"),
            // A bake file reads only what its crane file names: no confirmation is needed.
            ["BUILDX_BAKE_ENTITLEMENTS_FS"] = "0",
            // No build arguments in the metadata and no git process for each target: both are for provenances.
            ["BUILDX_METADATA_PROVENANCE"] = "disabled",
            ["BUILDX_METADATA_WARNINGS"] = null,
            ["BUILDX_GIT_INFO"] = "false",
        };
        if (config.Credentials is { } credentials)
            variables["DOCKER_AUTH_CONFIG"] = credentials;
        if (socket is not null)
        {
            variables["DOCKER_CLI_PLUGIN_SOCKET"] = socket.Path;
            // This variable tells a plugin that it runs as one.
            variables["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"] = "docker";
        }
        if (endpoint is not TcpEndpoint { Tls: { } tls })
            return variables;
        variables[tls.Verify ? "DOCKER_TLS_VERIFY" : "DOCKER_TLS"] = "1";
        if (tls.Folder is { } folder)
            variables["DOCKER_CERT_PATH"] = folder;
        return variables;
    }
}
