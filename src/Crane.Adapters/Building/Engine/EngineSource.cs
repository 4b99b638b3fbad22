using Crane.Adapters.Building.Dockerfiles;

namespace Crane.Adapters.Building;

/// <summary>What an engine builds from: a folder that is sent to it, or an address that it fetches.</summary>
internal sealed class EngineSource
{
    private readonly BuildContext? _context;
    private readonly RemoteContext? _remote;

    private EngineSource(BuildContext? context, RemoteContext? remote, SteppedDockerfile? dockerfile) =>
        (_context, _remote, Dockerfile) = (context, remote, dockerfile);

    /// <summary>The Dockerfile; null where only the engine sees it.</summary>
    public SteppedDockerfile? Dockerfile { get; }

    /// <summary>The images that the builder needs, each once; null where only the engine sees the Dockerfile.</summary>
    public IReadOnlyList<ImageName>? Images => Dockerfile?.Images;

    /// <summary>The address for the engine; null for a folder.</summary>
    public string? Remote => _remote?.ForEngine();

    /// <summary>Opens the source of a build.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for a context or Dockerfile that is missing or faulty; InvalidValue for one that needs BuildKit.
    /// </exception>
    public static EngineSource Open(ContainerBuild build, Func<string, string?> variables)
    {
        if (RemoteContext.Of(build.Context) is { } remote)
            return new(null, remote, null);
        var context = BuildContext.Open(build.Context, build.File);
        return new(context, null, SteppedDockerfile.Read(context.DockerfilePath, DockerfileOptions.Of(build, variables)));
    }

    /// <summary>The Dockerfile's name in the context; null for the engine's default.</summary>
    public string? DockerfileName(ContainerBuild build) => _context is null ? build.File : _context.Dockerfile;

    /// <summary>What is sent; null where the engine fetches it.</summary>
    /// <param name="warn">Takes a message for each thing that is left out.</param>
    public HttpContent? Content(Action<string> warn) => _context is null ? null : new ContextContent(_context, warn);

    /// <summary>A text of the engine without the user and password that the address may hold: engines repeat it.</summary>
    public string Mask(string text) => _remote?.Mask(text) ?? text;
}
