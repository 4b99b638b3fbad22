using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// What Buildx is to take for docker's configuration: the user's own, and before it the credentials that were given. These are
/// handed over in a variable, so that no secret is on the disk. A Buildx too old for that gets a configuration in the folder of
/// the run.
/// </summary>
/// <param name="Folder">Docker's folder.</param>
/// <param name="Credentials">The value of DOCKER_AUTH_CONFIG; null for the user's own.</param>
internal sealed record BuildxConfig(string Folder, string? Credentials)
{
    private const string Variable = "DOCKER_AUTH_CONFIG";

    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(BuildxConfig);

    /// <summary>Makes it.</summary>
    /// <param name="program">Buildx.</param>
    /// <param name="run">The folder of the run.</param>
    /// <param name="credentials">What there is for registries.</param>
    /// <param name="registries">The registries that bases come from.</param>
    /// <param name="environment">The user's own configuration.</param>
    /// <param name="cancellation">Ends waiting for credential helpers.</param>
    /// <exception cref="CraneException">As of <see cref="RegistryCredentials.GetAsync"/>.</exception>
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
        text, (text, entry) => DockerConfigText.With(
            text, entry.Key, entry.Value is { } credential ? DockerConfigText.Entry(credential, "") : DockerConfigText.NoCredential()));

    // A helper for all registries would come before what is in the file, so what it has is written there, too.
    private static string Write(string folder, Dictionary<string, RegistryCredential?> known, DockerEnvironment environment)
    {
        // A builder may be called as a context is.
        if (!environment.IsWindows && Path.Combine(environment.ConfigFolder, "contexts") is var contexts && Directory.Exists(contexts))
            Directory.CreateSymbolicLink(Path.Combine(folder, "contexts"), contexts);
        var config = JsonNode.Parse(Text("{}", known.Where(entry => entry.Value is not null)))!;
        if (DockerConfigFile.Load(environment)?.Proxies is { } proxies)
            config["proxies"] = JsonNode.Parse(proxies.GetRawText());
        WholeFile.Write(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(config.ToJsonString()));
        return folder;
    }
}

/// <summary>The variables by which Buildx reaches the same engine, and makes nothing that nobody asked for.</summary>
internal static class BuildxEnvironment
{
    /// <param name="endpoint">The engine that images are loaded into.</param>
    /// <param name="config">Docker's configuration.</param>
    /// <param name="socket">By which it ends with this process; null for none.</param>
    /// <param name="environment">The user's own, which says where the builders are kept.</param>
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
            // What a bake file may read is what its crane file names: nobody is there to be asked.
            ["BUILDX_BAKE_ENTITLEMENTS_FS"] = "0",
            // Neither the arguments of builds in the metadata, nor a git process for each target: both are for provenances.
            ["BUILDX_METADATA_PROVENANCE"] = "disabled",
            ["BUILDX_METADATA_WARNINGS"] = null,
            ["BUILDX_GIT_INFO"] = "false",
        };
        if (config.Credentials is { } credentials)
            variables["DOCKER_AUTH_CONFIG"] = credentials;
        if (socket is not null)
        {
            variables["DOCKER_CLI_PLUGIN_SOCKET"] = socket.Path;
            // By this one a plugin knows that it is run as one.
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
