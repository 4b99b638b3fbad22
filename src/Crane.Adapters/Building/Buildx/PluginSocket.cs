using System.Net.Sockets;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The socket by which docker's command line takes its plugins along when it ends: a plugin connects to it, and stops when
/// the connection does, in whatever way the other process may have ended.
/// </summary>
internal sealed class PluginSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _plugins = [];

    private PluginSocket(string path) => Path = path;

    public string Path { get; }

    /// <summary>Opens one in a folder; null where the system has none, or the folder's path is too long for one.</summary>
    public static PluginSocket? Open(string folder)
    {
        var socket = new PluginSocket(System.IO.Path.Combine(folder, "plugin"));
        try
        {
            socket._listener.Bind(new UnixDomainSocketEndPoint(socket.Path));
            socket._listener.Listen();
            _ = socket.AcceptAsync();
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_plugins)
            _plugins.ForEach(plugin => plugin.Dispose());
    }

    // Nothing is said on it.
    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var plugin = await _listener.AcceptAsync();
                lock (_plugins)
                    _plugins.Add(plugin);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }
}
