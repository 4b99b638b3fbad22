namespace Crane.Adapters.Registry.Transport;

/// <summary>The errors of a registry that answers, but not what was asked for.</summary>
internal static class AnswerFaults
{
    /// <summary>It answers again and again that it cannot answer now.</summary>
    public static async Task<CraneException> UnavailableAsync(
        string peer, HttpResponseMessage answer, bool isTransient, CancellationToken cancellation)
    {
        using (answer)
        {
            var wait = answer.Headers.RetryAfter switch
            {
                { Delta: { } pause } => $" It asks to wait {pause.TotalSeconds:0} seconds.",
                { Date: { } date } => $" It asks to wait until {date:u}.",
                _ => "",
            };
            return Unavailable(peer, await StatusAsync(answer, cancellation), isTransient, wait);
        }
    }

    /// <summary>The same, of which the status is known.</summary>
    public static CraneException Unavailable(string peer, string status, bool isTransient, string wait = "") => new(
        CraneErrorId.RegistryUnreachable, $"{peer} answered {status}.{wait}",
        "Try again later, or with a smaller -ThrottleLimit. Registries that limit downloads let those who log in have more.")
    {
        IsTransient = isTransient,
    };

    /// <summary>The status of an answer with what its body says about it, without a full stop.</summary>
    public static async Task<string> StatusAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var message = (await ErrorBody.ReadAsync(answer, cancellation)).Message;
        var status = $"{(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
        return message is null
            ? WebPage.Is(answer) ? $"{status}, with a web page" : status
            : $"{status}: {message.TrimEnd('.')}";
    }

    /// <summary>It answers at its root, but not as a registry does.</summary>
    public static CraneException NotARegistry(string peer, string status) => new(
        CraneErrorId.RegistryUnreachable, $"{peer} answered {status}, which is not what a registry answers at /v2/.",
        "Check the registry's name and port.");

    /// <summary>It sends us somewhere that we do not go.</summary>
    public static CraneException Redirect(string peer, string why) => new(
        CraneErrorId.RegistryUnreachable, $"{peer} answered with a redirect {why}.",
        "This is the registry's configuration: the address under which it says that it, or its storage, is reached.");

    /// <summary>A host that it sent us to does not let us in: its redirect may have been too old.</summary>
    public static CraneException RefusedElsewhere(string peer, Uri address, string status) => new(
        CraneErrorId.RegistryUnreachable, $"{peer} pointed to '{address.Authority}', which answered {status}.",
        "This is the registry's configuration: its storage does not let in whom it sends there. Check this machine's clock, too.")
    {
        IsTransient = true,
    };
}
