using System.Net;
using System.Net.Sockets;
using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Hosts with several addresses, some of which lead nowhere.</summary>
public sealed class ParallelConnectTests
{
    private static readonly IPAddress Swallowed = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress Refused = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Good = IPAddress.Parse("192.0.2.2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_that_is_silent_holds_up_no_other()
    {
        var given = new TaskCompletionSource<Connection>();
        var connection = await ConnectAsync([Swallowed, Good], Cancellation, given.Task);
        Assert.Equal(Good, connection.Address);

        // One that comes about too late is closed.
        var late = new Connection(Swallowed);
        given.SetResult(late);
        Assert.True(late.IsClosed);
    }

    [Fact]
    public async Task Address_that_refuses_is_followed_by_the_next_at_once() =>
        Assert.Equal(Good, (await ConnectAsync([Refused, Refused, Good], Cancellation)).Address);

    [Fact]
    public async Task Host_that_refuses_on_every_address_is_an_error() =>
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => ConnectAsync([Refused, Refused], Cancellation))).SocketErrorCode);

    [Fact]
    public async Task Cancellation_ends_all_attempts()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConnectAsync([Swallowed, Swallowed], stop.Token));
    }

    [Fact]
    public void Families_take_turns()
    {
        var addresses = new[] { "2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1" };
        Assert.Equal(
            ["2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"],
            ParallelConnect.Alternating(addresses.Select(IPAddress.Parse).ToList()).Select(address => address.ToString()));
    }

    private static Task<Connection> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, CancellationToken cancellation, Task<Connection>? swallowed = null) =>
        ParallelConnect.FirstAsync(
            addresses,
            async (address, token) => address.Equals(Good) ? new Connection(address)
                : address.Equals(Refused) ? throw new SocketException((int)SocketError.ConnectionRefused)
                : await (swallowed ?? SilenceAsync(token)),
            new InstantTime(),
            cancellation);

    private static async Task<Connection> SilenceAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("A silent address has been heard.");
    }

    private sealed class Connection(IPAddress address) : IDisposable
    {
        public IPAddress Address => address;

        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
