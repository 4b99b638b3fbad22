using System.Net;

namespace Crane.Adapters.Registry.Http;

/// <summary>The body of a request, which may have to be sent more than once.</summary>
internal sealed class RequestBody(Func<HttpContent> make, long size)
{
    public long Size => size;

    /// <summary>Whether any of it has been sent in the latest try.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The body for the next try.</summary>
    public HttpContent Make(StepTimeout timeout, TimeSpan stall, TimeSpan response)
    {
        HasBegun = false;
        return new Content(this, make(), timeout, stall, response);
    }

    /// <summary>Records that it is being sent, and limits how long the other side may take to read it.</summary>
    private sealed class Content : HttpContent
    {
        private readonly RequestBody _body;
        private readonly HttpContent _inner;
        private readonly StepTimeout _timeout;
        private readonly TimeSpan _stall;
        private readonly TimeSpan _response;

        public Content(RequestBody body, HttpContent inner, StepTimeout timeout, TimeSpan stall, TimeSpan response)
        {
            (_body, _inner, _timeout, _stall, _response) = (body, inner, timeout, stall, response);
            foreach (var (name, values) in inner.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _body.HasBegun = true;
            await using var watched = new WatchedStream(stream, _timeout, _stall);
            _timeout.End();
            await _inner.CopyToAsync(watched, context, cancellationToken);
            _timeout.Begin(_response);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>
    /// Writes to a connection without closing it, each write within a timeout. A slow source of an upload does not count.
    /// </summary>
    private sealed class WatchedStream(Stream connection, StepTimeout timeout, TimeSpan limit) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            timeout.Begin(limit);
            await connection.WriteAsync(buffer, cancellationToken);
            timeout.End();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

        public override void Flush() => connection.Flush();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException("Bodies are written asynchronously.");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
