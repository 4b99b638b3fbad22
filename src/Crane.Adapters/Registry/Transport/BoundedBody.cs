namespace Crane.Adapters.Registry.Transport;

/// <summary>Reads a body that has no business being big.</summary>
internal static class BoundedBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>The body; null where it has more bytes than that, which are left unread.</summary>
    /// <exception cref="CraneException">RegistryUnreachable where it breaks off.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage answer, int limit, CancellationToken cancellation)
    {
        var length = answer.Content.Headers.ContentLength;
        if (length > limit)
            return null;

        // What the registry says of its length is a hint, and no reason to take that much memory.
        var bytes = new byte[Math.Min(length + 1 ?? FirstBuffer, FirstBuffer)];
        var count = 0;
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        while (await body.ReadAsync(bytes.AsMemory(count), cancellation) is > 0 and var read)
        {
            count += read;
            if (count > limit)
                return null;
            if (count == bytes.Length)
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, limit + 1));
        }

        return bytes.AsMemory(0, count);
    }
}
