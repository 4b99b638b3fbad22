namespace Crane.Adapters.Registry.Transport;

/// <summary>How long a registry is waited for.</summary>
internal sealed record RegistryTimeouts
{
    /// <summary>Until a connection is there, TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two pieces of a body, in either direction.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until reading is answered.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until writing is answered: a registry reads a whole blob again before it says that it has it.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(5);
}
