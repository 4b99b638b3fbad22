using System.Net;
using System.Text;
using Crane.Adapters.Contexts;
using Crane.Adapters.Dockerfiles;
using Crane.Building;

namespace Crane.Adapters.Building;

/// <summary>The source of an engine's build: a folder that is sent to it, or an address that it fetches.</summary>
internal sealed class EngineSource
{
    private readonly BuildContext? _context;
    private readonly RemoteContext? _remote;
    private readonly BuildBases _bases;

    private EngineSource(BuildContext? context, RemoteContext? remote, SteppedDockerfile? dockerfile, BuildBases bases) =>
        (_context, _remote, Dockerfile, _bases) = (context, remote, dockerfile, bases);

    /// <summary>The Dockerfile; null where only the engine reads it.</summary>
    public SteppedDockerfile? Dockerfile { get; }

    /// <summary>The images that the builder needs; null where only the engine reads the Dockerfile.</summary>
    public IReadOnlyList<ImageName>? Images => Dockerfile is null ? null : [.. Dockerfile.Images.Select(BaseOf).Distinct()];

    /// <summary>The address for the engine; null for a folder.</summary>
    public string? Remote => _remote?.ForEngine();

    /// <summary>Opens the source of a build.</summary>
    /// <remarks>The engine is sent a copy of the Dockerfile with the names of <paramref name="bases"/>.</remarks>
    /// <exception cref="CraneException">
    /// BuildFailed for a context or Dockerfile that is missing or faulty; NotSupportedByBuilder for one that needs BuildKit.
    /// </exception>
    public static EngineSource Open(ContainerBuild build, Func<string, string?> variables, BuildBases bases)
    {
        if (RemoteContext.Of(build.Context) is { } remote)
            return new(null, remote, null, bases);
        var context = BuildContext.Open(build.Context, build.File);
        var dockerfile = SteppedDockerfile.Read(context.DockerfilePath, DockerfileOptions.Of(build, variables));
        if (dockerfile.WithNames(name => bases.Of(name).Image) is { } renamed)
            context = BuildContext.Open(build.Context, build.File, Encoding.UTF8.GetBytes(renamed));
        return new(context, null, dockerfile, bases);
    }

    /// <summary>The Dockerfile's name in the context; null for the engine's default.</summary>
    public string? DockerfileName(ContainerBuild build) => _context is null ? build.File : _context.Dockerfile;

    /// <summary>What is sent; null where the engine fetches it.</summary>
    /// <param name="warn">Takes a message for each thing that is left out.</param>
    public HttpContent? Content(Action<string> warn) => _context is null
        ? null : new ContextContent(_context, warn) { Headers = { ContentType = new("application/x-tar") } };

    private ImageName BaseOf(ImageName name) => _bases.Of(name).Image;

    /// <summary>A message of the engine without the user and password of the address, which engines repeat.</summary>
    public string Mask(string message) => _remote?.Mask(message) ?? message;
}

/// <summary>
/// A build context as the body of a request, sent in chunks while it is read. Where reading fails the last chunk is never sent, so that no
/// engine takes a part for the whole.
/// </summary>
/// <param name="body">The context.</param>
/// <param name="warn">Takes a message for each thing that is left out.</param>
internal sealed class ContextContent(BuildContext body, Action<string> warn) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        body.WriteToAsync(stream, warn, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
