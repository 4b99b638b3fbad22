namespace Crane.Adapters.Registry.Transport;

/// <summary>How long a registry is waited for.</summary>
internal sealed record RegistryTimeouts
{
    // How fast a slow registry reads what it was sent before it says that it has it.
    private const double CheckedBytesPerSecond = 20e6;

    /// <summary>Until a connection is there, TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two pieces of a body, in either direction.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until reading is answered.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until a body is there that is read whole, such as a manifest or a page of tags.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Until writing is answered.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same for the largest blobs.</summary>
    public TimeSpan LongestWrite { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Until a request is answered.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="size">How many bytes the registry may have to read again before it can answer.</param>
    public TimeSpan Answer(HttpMethod method, long size)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Head)
            return Read;
        var limit = Write.TotalSeconds + (size / CheckedBytesPerSecond);
        return limit < LongestWrite.TotalSeconds ? TimeSpan.FromSeconds(limit) : LongestWrite;
    }
}
