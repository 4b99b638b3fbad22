using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;

namespace Crane.Adapters.Building.Buildx;

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
