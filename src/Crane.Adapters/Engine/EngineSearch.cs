using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Engine;

/// <summary>
/// Chooses the engine: the one of -Engine, else <c>CRANE_ENGINE</c>, else as docker finds it: <c>DOCKER_HOST</c>,
/// <c>DOCKER_CONTEXT</c>, the current context, and last the platform's sockets.
/// </summary>
internal sealed class EngineSearch(DockerEnvironment environment)
{
    private const string DefaultContext = "default";

    /// <summary>The layout folder in place of an engine; null for an engine.</summary>
    /// <exception cref="CraneException">InvalidValue for an address without a folder, and for several engines.</exception>
    public string? LayoutFolder(string? engine) => LayoutAddress.TryParse(Chosen(engine, "").Engine, out var folder) ? folder : null;

    /// <summary>The endpoints to try, best first: the chosen one, or all default ones that exist.</summary>
    /// <exception cref="CraneException">
    /// InvalidValue, UnknownContext, DockerConfigInvalid, NotSupportedByBuilder for a layout folder; EngineUnreachable where there is none.
    /// </exception>
    public IReadOnlyList<EngineEndpoint> Find(string? engine, string origin = EngineChoice.FromParameter)
    {
        var (chosen, because) = Chosen(engine, origin);
        return chosen is null ? AsDocker() : Named(chosen, because);
    }

    private (string? Engine, string Origin) Chosen(string? engine, string origin)
    {
        if (!string.IsNullOrEmpty(engine))
            return (engine, origin);
        var chosen = environment.Get("CRANE_ENGINE");
        return chosen?.Contains(';', StringComparison.Ordinal) == true
            ? throw new CraneException(
                CraneErrorId.InvalidValue, $"'{chosen}' (from CRANE_ENGINE) are several engines, but this command uses one.",
                "Choose one with -Engine.")
            : (chosen, "from CRANE_ENGINE");
    }

    private IReadOnlyList<EngineEndpoint> Named(string engine, string origin)
    {
        if (engine == "docker")
            return AsDocker();
        if (LayoutAddress.TryParse(engine, out _))
            throw new CraneException(
                CraneErrorId.NotSupportedByBuilder, $"'{engine}' ({origin}) is a layout folder, which cannot build images.",
                "Use a container engine here: docker, the name of a docker context, or an address such as unix:///PATH.");
        return EngineAddress.IsAddress(engine)
            ? [EngineAddress.Parse(engine, EngineTls.FromVariables(environment), origin, environment)]
            : Context(engine, origin);
    }

    private IReadOnlyList<EngineEndpoint> AsDocker()
    {
        if (environment.Get("DOCKER_HOST") is { } host)
            return [Host(host)];
        if (environment.Get("DOCKER_CONTEXT") is { } context)
            return Context(context, "from DOCKER_CONTEXT");
        return DockerConfigFile.Load(environment) is { CurrentContext: { } current } file
            ? Context(current, $"the current docker context, from {file.Origin}")
            : Platform();
    }

    private EngineEndpoint Host(string host)
    {
        // In docker, HOST:PORT without a scheme is tcp.
        var address = EngineAddress.IsAddress(host) ? host : $"tcp://{host}";
        return EngineAddress.Parse(address, EngineTls.FromVariables(environment), "from DOCKER_HOST", environment);
    }

    private IReadOnlyList<EngineEndpoint> Context(string name, string origin)
    {
        if (name == DefaultContext)
            return environment.Get("DOCKER_HOST") is { } host ? [Host(host)] : Platform();
        if (name.AsSpan().ContainsAny("/\\: "))
            throw EngineAddress.NotAnEngine(name, origin);
        var context = DockerContexts.Get(name, environment, origin);
        var because = $"docker context '{name}', {origin}";
        return EngineAddress.IsAddress(context.Host)
            ? [EngineAddress.Parse(context.Host, context.Tls, because, environment)]
            : throw EngineAddress.NotAnEngine(context.Host, because);
    }

    private IReadOnlyList<EngineEndpoint> Platform()
    {
        if (environment.IsWindows)
            return [new PipeEndpoint(".", "docker_engine", "default location")];

        var sockets = Sockets().ToList();
        var existing = sockets.Where(File.Exists).ToList();
        return existing.Count > 0
            ? [.. existing.Select(path => new UnixEndpoint(path, "default location"))]
            : throw EngineErrors.NoneFound(sockets);
    }

    private IEnumerable<string> Sockets()
    {
        var runtime = environment.Get("XDG_RUNTIME_DIR");
        yield return environment.DockerSocket;
        if (runtime is not null)
            yield return Path.Combine(runtime, "docker.sock");
        yield return Path.Combine(environment.HomeFolder, ".docker", "run", "docker.sock");
        if (runtime is not null)
            yield return Path.Combine(runtime, "podman", "podman.sock");
        yield return environment.PodmanSocket;
    }
}
