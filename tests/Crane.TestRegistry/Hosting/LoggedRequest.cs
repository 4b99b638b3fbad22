namespace Crane.Testing;

/// <summary>
/// One request that a server was asked. It is in the log from its first byte on; its status is set before the first
/// byte of the response leaves, so that a client that has a response finds it complete in the log.
/// </summary>
public sealed class LoggedRequest
{
    private long _bytesIn;
    private long _bytesOut;

    internal LoggedRequest(string method, string path, string query, IReadOnlyDictionary<string, string> headers) =>
        (Method, Path, Query, Headers) = (method, path, query, headers);

    public string Method { get; }

    /// <summary>The path, without the query.</summary>
    public string Path { get; }

    /// <summary>The query with its <c>?</c>; empty if there is none.</summary>
    public string Query { get; }

    /// <summary>The headers as they came, by name in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The host and port that the client meant.</summary>
    public string Host => Headers.GetValueOrDefault("Host", "");

    /// <summary>The credential that came along, with its scheme; null if none did.</summary>
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>The status of the response; 0 as long as there is none.</summary>
    public int Status { get; internal set; }

    /// <summary>How much of a body came in so far.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>How much of a body went out so far.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}{Query} {Status}";

    internal void Received(long bytes) => Interlocked.Add(ref _bytesIn, bytes);

    internal void Sent(long bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
