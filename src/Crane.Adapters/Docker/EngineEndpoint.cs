namespace Crane.Adapters.Docker;

/// <summary>Where a container engine listens.</summary>
/// <param name="Address">How it is written: <c>unix:///var/run/docker.sock</c>, <c>tcp://host:2376</c>.</param>
/// <param name="Origin">Why this one, for messages, such as <c>from DOCKER_HOST</c>.</param>
internal abstract record EngineEndpoint(string Address, string Origin)
{
    /// <summary>The address and why it was taken.</summary>
    public sealed override string ToString() => $"{Address} ({Origin})";
}

/// <summary>A Unix domain socket.</summary>
internal sealed record UnixEndpoint(string Path, string Origin) : EngineEndpoint($"unix://{Path}", Origin);

/// <summary>A named pipe of Windows.</summary>
internal sealed record PipeEndpoint(string Server, string Pipe, string Origin)
    : EngineEndpoint($"npipe:////{Server}/pipe/{Pipe}", Origin);

/// <summary>A TCP port, with TLS where <paramref name="Tls"/> says how.</summary>
internal sealed record TcpEndpoint(string Address, Uri Root, EngineTls? Tls, string Origin) : EngineEndpoint(Address, Origin);
