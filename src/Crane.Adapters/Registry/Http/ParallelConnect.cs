using System.Net;
using System.Net.Sockets;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Connects to a host with several addresses (RFC 8305): if the first does not respond soon, the next is tried beside it, so that a broken
/// address family costs a quarter of a second.
/// </summary>
internal static class ParallelConnect
{
    private static readonly TimeSpan NextAfter = TimeSpan.FromMilliseconds(250);

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(host.Host, out var only) ? [only] : await Dns.GetHostAddressesAsync(host.Host, cancellation);
        var socket = await FirstAsync(
            Alternating(addresses), (address, token) => ConnectAsync(address, host.Port, token), TimeProvider.System, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The addresses in their order, alternating between both families.</summary>
    public static IReadOnlyList<IPAddress> Alternating(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count < 2)
            return addresses;
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Except(first).ToList();
        var pairs = Math.Min(first.Count, second.Count);
        return [.. first.Zip(second, (one, other) => new[] { one, other }).SelectMany(pair => pair), .. first[pairs..], .. second[pairs..]];
    }

    /// <summary>The first connection that succeeds. The others are canceled.</summary>
    /// <exception cref="SocketException">The error of the last try, where none succeeds.</exception>
    public static async Task<T> FirstAsync<T>(
        IReadOnlyList<IPAddress> addresses, Func<IPAddress, CancellationToken, Task<T>> connect, TimeProvider time,
        CancellationToken cancellation)
        where T : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<T>>();
        var next = 0;
        try
        {
            while (true)
            {
                if (next < addresses.Count)
                    running.Add(connect(addresses[next++], stop.Token));
                var isMore = next < addresses.Count;
                var ended = await Task.WhenAny([.. running, .. isMore ? [Task.Delay(NextAfter, time, stop.Token)] : Array.Empty<Task>()]);
                if (ended is not Task<T> connecting)
                    continue;
                running.Remove(connecting);
                if (connecting.IsCompletedSuccessfully || (running.Count == 0 && !isMore))
                    return await connecting;
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var late in running)
                _ = late.ContinueWith(
                    static connected => connected.Result.Dispose(), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
