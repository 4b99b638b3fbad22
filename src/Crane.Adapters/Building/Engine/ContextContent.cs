using System.Net;
using Crane.Adapters.Contexts;

namespace Crane.Adapters.Building;

/// <summary>
/// A build context as the body of a request, in chunks while it is read. Where reading fails the last chunk is never
/// sent, so that no engine takes the part for the whole.
/// </summary>
internal sealed class ContextContent : HttpContent
{
    private readonly BuildContext _context;
    private readonly Action<string> _warn;

    public ContextContent(BuildContext context, Action<string> warn)
    {
        (_context, _warn) = (context, warn);
        Headers.ContentType = new("application/x-tar");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _context.WriteToAsync(stream, _warn, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
