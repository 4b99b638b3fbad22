using System.Text;

namespace Crane.Adapters.Docker;

/// <summary>The lines of an engine's stream, none of them longer than any message of an engine.</summary>
internal sealed class EngineLines(Stream stream) : IDisposable
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int Limit = 32 * 1024 * 1024;

    private readonly StreamReader _reader = new(stream);
    private readonly char[] _buffer = new char[16 * 1024];
    private int _position;
    private int _count;

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="InvalidDataException">It is longer than <see cref="Limit"/>.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (_position < _count || await FillAsync(cancellation))
        {
            var length = _buffer.AsSpan(_position, _count - _position).IndexOf('\n');
            var isWhole = length >= 0;
            if (!isWhole)
                length = _count - _position;
            if (line.Length + length > Limit)
                throw new InvalidDataException($"a line of more than {Limit / (1024 * 1024)} million characters");
            line.Append(_buffer, _position, length);
            _position += isWhole ? length + 1 : length;
            if (isWhole)
                return line.ToString();
        }

        return line.Length > 0 ? line.ToString() : null;
    }

    public void Dispose() => _reader.Dispose();

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        (_position, _count) = (0, await _reader.ReadAsync(_buffer, cancellation));
        return _count > 0;
    }
}
