using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Errors;
using Crane.Oci;

namespace Crane.Adapters.Engine;

/// <summary>
/// The lines of an engine's stream, with a maximum length. Docker's client gets only whole lines: it would keep an endless one in memory.
/// </summary>
/// <param name="source">The stream; disposed with this one.</param>
/// <param name="wait">Waits for the next line.</param>
internal sealed class EngineLines(
    Stream source, Func<Func<CancellationToken, Task<bool>>, CancellationToken, Task<bool>> wait) : AsyncReadStream
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int Limit = 32 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly MemoryStream _line = new();
    private ReadOnlyMemory<byte> _received;
    private ReadOnlyMemory<byte> _left;

    /// <summary>The last line, for messages.</summary>
    public string Last => Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd();

    /// <exception cref="InvalidDataException">A line is longer than <see cref="Limit"/>.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left.IsEmpty && !await wait(NextAsync, cancellationToken))
            return 0;
        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        _line.SetLength(0);
        var isWhole = false;
        while (!isWhole && (!_received.IsEmpty || await ReceiveAsync(cancellation)))
        {
            var end = _received.Span.IndexOf((byte)'\n');
            isWhole = end >= 0;
            var length = isWhole ? end + 1 : _received.Length;
            if (_line.Length + length > Limit)
                throw new InvalidDataException($"a line of more than {Limit / (1024 * 1024)} million characters");
            _line.Write(_received.Span[..length]);
            _received = _received[length..];
        }

        // Docker's client reads a number without a line end as the start of a longer one.
        if (!isWhole && _line.Length > 0)
            _line.WriteByte((byte)'\n');
        _left = Translated(_line.GetBuffer().AsMemory(0, (int)_line.Length));
        return !_left.IsEmpty;
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellation)
    {
        _received = _buffer.AsMemory(0, await source.ReadAsync(_buffer, cancellation));
        return !_received.IsEmpty;
    }

    // Old engines and podman return an error in a field that docker's client does not read.
    private static ReadOnlyMemory<byte> Translated(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf("\"error\""u8) < 0 || line.Span.IndexOf("\"errorDetail\""u8) >= 0)
            return line;
        try
        {
            var message = JsonNode.Parse(line.Span)!;
            message["errorDetail"] = new JsonObject { ["message"] = message["error"]?.DeepClone() };
            return JsonSerializer.SerializeToUtf8Bytes(message, EngineJson.Default.JsonNode);
        }
        catch (Exception unreadable) when (JsonErrors.IsUnreadable(unreadable))
        {
            return line;
        }
    }
}
