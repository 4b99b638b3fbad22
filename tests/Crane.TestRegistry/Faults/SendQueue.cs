using System.Buffers.Binary;
using System.Net.Sockets;

namespace Crane.Testing.Faults;

/// <summary>What a connection has been given to send and the other side has not got yet.</summary>
internal static class SendQueue
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int Unacknowledged = 24;
    private const int NotSent = 144;

    /// <summary>
    /// Waits until it is empty. A reset throws the queue away, so without the wait it would be up to chance how much
    /// arrives before one. Only Linux tells; elsewhere this does not wait.
    /// </summary>
    public static async Task EmptyAsync(Socket socket, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var info = new byte[NotSent + sizeof(uint)]; // struct tcp_info of linux/tcp.h, up to tcpi_notsent_bytes
        do
        {
            await Task.Delay(1, cancellation);
            socket.GetRawSocketOption(Tcp, TcpInfo, info);
        }
        while (Field(Unacknowledged) > 0 || Field(NotSent) > 0);

        uint Field(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(offset));
    }
}
