using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Crane.Tests;

/// <summary>
/// Forwards connections to a registry. After a number of bytes in either direction, nothing passes until the gate is opened, so
/// a transfer pauses for exactly as long as a test needs. The bytes are counted for all connections together, or for each one,
/// which lets small transfers pass.
/// </summary>
public sealed class GatedRegistry : IDisposable
{
    private readonly IPEndPoint _registry;
    private readonly long _bytesBeforeGate;
    private readonly bool _isForEach;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    public GatedRegistry(IPEndPoint registry, long bytesBeforeGate, bool isForEach)
    {
        _registry = registry;
        _bytesBeforeGate = bytesBeforeGate;
        _isForEach = isForEach;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Set as soon as a transfer waits at the gate.</summary>
    public ManualResetEventSlim Reached { get; } = new();

    public void Open() => _opened.TrySetResult();

    public void Dispose()
    {
        _listener.Stop();
        Open();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var over = new CancellationTokenSource();
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_registry);
            var pumps = new[]
            {
                PumpAsync(client.GetStream(), server.GetStream(), over.Token),
                PumpAsync(server.GetStream(), client.GetStream(), over.Token),
            };
            await Task.WhenAny(pumps);
            over.Cancel();
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        var own = 0L;
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, over)) > 0;)
            {
                own += count;
                var all = Interlocked.Add(ref _bytes, count);
                if ((_isForEach ? own : all) > _bytesBeforeGate)
                {
                    Reached.Set();
                    await _opened.Task.WaitAsync(over);
                }

                await to.WriteAsync(buffer.AsMemory(0, count), over);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // One side has closed the connection.
        }
    }
}
