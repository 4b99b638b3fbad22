using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Engine;

/// <summary>
/// The docker contexts of a user: one folder each in <c>contexts/meta</c> and <c>contexts/tls</c>, named with the SHA-256 of the
/// context's name.
/// </summary>
internal static class DockerContexts
{
    /// <summary>Names of all contexts, sorted; unreadable ones are skipped.</summary>
    public static IReadOnlyList<string> Names(DockerEnvironment environment)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(MetaFolder(environment))
                .Select(folder => NameIn(Path.Combine(folder, "meta.json")))
                .OfType<string>()
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where the engine of a context listens, and its TLS.</summary>
    /// <exception cref="CraneException">UnknownContext, with the names of all contexts; DockerConfigInvalid for a broken one.</exception>
    public static DockerContext Get(string name, DockerEnvironment environment, string origin)
    {
        var id = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name))).ToLowerInvariant();
        var path = Path.Combine(MetaFolder(environment), id, "meta.json");
        var meta = Read(path, environment, name, origin);
        if (meta.Endpoints?.Docker is not { Host: { Length: > 0 } host } endpoint)
            throw new CraneException(
                CraneErrorId.DockerConfigInvalid, $"The docker context '{name}' has no docker endpoint: {path}.",
                $"Give it one with: docker context update {name} --docker host=…");

        var tlsFolder = Path.Combine(environment.ConfigFolder, "contexts", "tls", id, "docker");
        var hasTls = Directory.Exists(tlsFolder);
        return new DockerContext(host, hasTls || endpoint.SkipTlsVerify
            ? new EngineTls(hasTls ? tlsFolder : null, Verify: !endpoint.SkipTlsVerify)
            : null);
    }

    private static string MetaFolder(DockerEnvironment environment) =>
        Path.Combine(environment.ConfigFolder, "contexts", "meta");

    private static ContextMeta Read(string path, DockerEnvironment environment, string name, string origin)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path), EngineJson.Default.ContextMeta) ?? new ContextMeta();
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unknown(name, origin, Names(environment));
        }
        catch (Exception broken) when (JsonErrors.IsUnreadable(broken) || broken is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.DockerConfigInvalid, $"The docker context '{name}' cannot be read from {path}: {JsonErrors.Words(broken)}.",
                $"Remove it with: docker context rm {name}. Then create it again with: docker context create {name} --docker host=…",
                broken);
        }
    }

    private static CraneException Unknown(string name, string origin, IReadOnlyList<string> names) => new(
        CraneErrorId.UnknownContext,
        $"There is no docker context '{name}' ({origin}). "
        + (names.Count == 0 ? "This user has no contexts." : $"Available: {string.Join(", ", names)}."),
        EngineAddress.Forms);

    private static string? NameIn(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path), EngineJson.Default.ContextMeta)?.Name;
        }
        catch (Exception broken) when (JsonErrors.IsUnreadable(broken) || broken is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>The endpoint of a docker context.</summary>
/// <param name="Host">Its address, as passed to <c>docker context create</c>.</param>
/// <param name="Tls">Its own TLS, whatever the variables say; null for none.</param>
internal sealed record DockerContext(string Host, EngineTls? Tls);

/// <summary>A context's <c>meta.json</c>.</summary>
internal sealed record ContextMeta(string? Name = null, ContextEndpoints? Endpoints = null);

internal sealed record ContextEndpoints(ContextEndpoint? Docker);

internal sealed record ContextEndpoint(string? Host, bool SkipTlsVerify);
