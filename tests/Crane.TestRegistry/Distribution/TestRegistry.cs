using Crane.Testing.Distribution;
using Crane.Testing.Hosting;

namespace Crane.Testing;

/// <summary>
/// A small registry after the OCI Distribution Specification 1.1, on 127.0.0.1. Its content lies in files: blobs are
/// streamed, however big they are.
/// </summary>
/// <example><code>await using var registry = await TestRegistry.StartAsync();</code></example>
public sealed class TestRegistry : IAsyncDisposable
{
    private readonly WebServer _server;
    private readonly string _root;
    private readonly bool _isTemporary;

    private TestRegistry(WebServer server, string root, bool isTemporary) =>
        (_server, _root, _isTemporary) = (server, root, isTemporary);

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Host and port, as names of images begin with.</summary>
    public string Host => _server.Address.Authority;

    /// <summary>What it was asked so far.</summary>
    public RequestLog Requests => _server.Requests;

    /// <summary>Starts one; it ends when it is disposed of.</summary>
    public static async Task<TestRegistry> StartAsync(TestRegistryOptions? options = null)
    {
        options ??= new();
        var root = options.Root ?? Directory.CreateTempSubdirectory("crane-registry-").FullName;
        var api = new RegistryApi(root, options);
        var server = await WebServer.StartAsync(api.HandleAsync, options.Port, options.Tls);
        return new TestRegistry(server, root, isTemporary: options.Root is null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_isTemporary)
            Directory.Delete(_root, recursive: true);
    }
}
