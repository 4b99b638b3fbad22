using System.Net;

namespace Crane;

/// <summary>Which local store, and with which credentials it speaks to registries.</summary>
/// <param name="Engine">
/// <c>docker</c>, a context name, <c>unix://</c>, <c>npipe://</c>, <c>tcp://</c>, or <c>oci:FOLDER</c>; null follows the environment.
/// </param>
/// <param name="Credentials">Given credentials by registry; other registries take docker's own configuration.</param>
internal sealed record StoreRequest(string? Engine, IReadOnlyDictionary<string, NetworkCredential> Credentials)
{
    /// <summary>How registries are spoken to, as crane files say; those that none speaks of are not in it.</summary>
    public IReadOnlyList<RegistrySetting> Registries { get; init; } = [];

    /// <summary>Takes a line for each request to the store, without credentials: what Debug shows.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Takes a sentence for what is waited for: what Verbose shows.</summary>
    public Action<string>? Step { get; init; }

    /// <summary>Takes what the user should know beside results and errors; the same may come several times.</summary>
    public Action<string>? Warn { get; init; }
}
