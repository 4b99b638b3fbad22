using System.Net.Sockets;
using System.Security.Authentication;

namespace Crane.Adapters.Registry.Http;

/// <summary>What keeps a request from being answered at all, in words about the registry.</summary>
internal static class ConnectionErrors
{
    private const string CheckAddress =
        "Check the registry's name and port, that it is running, and that no firewall or proxy is in between.";

    private const string CheckProxy = "Check the variable, and that the proxy is running; NO_PROXY names hosts that are reached without it.";

    public static CraneException Of(string title, HttpRequestException fault, string? proxy)
    {
        // Checks of ours that run inside the handshake say best what is wrong.
        if (Causes(fault).OfType<CraneException>().FirstOrDefault() is { } ours)
            return ours;
        // Where there is a proxy, names are looked up there, and it is the one that is connected to.
        var reached = proxy is null ? $"{title} could not be reached" : $"{proxy}, through which {Inner(title)} is reached, could not be reached";
        var advice = proxy is null ? CheckAddress : CheckProxy;
        return fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Error(
                $"{reached}: its host name is not known ({Words(fault)}).", advice, fault,
                isTransient: Causes(fault).OfType<SocketException>().Any(cause => cause.SocketErrorCode == SocketError.TryAgain)),
            HttpRequestError.SecureConnectionError when !IsBroken(fault) => Error(
                $"{title} does not speak TLS, or refused ours: {Words(fault)}.",
                "If it speaks plain http, say so with registries.HOST.insecure in the crane file; if it wants a client certificate, "
                + "put client.cert and client.key into docker's certs.d/HOST.", fault, isTransient: false),
            HttpRequestError.ProxyTunnelError => Error(
                $"{title} could not be reached through {Inner(proxy ?? "the proxy")}: {Words(fault)}.",
                "Check HTTPS_PROXY and NO_PROXY, and the user and password in them.", fault, isTransient: false),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => Error(
                $"What {title} answered is not HTTP: {Words(fault)}.",
                "Check the registry's name and port. A registry that speaks TLS on a loopback address is found out by itself.",
                fault, isTransient: false),
            HttpRequestError.ConnectionError => Error($"{reached}: {Words(fault)}.", advice, fault, isTransient: true),
            _ => Error($"{title} could not be reached: {Words(fault)}.", CheckAddress, fault, isTransient: true),
        };
    }

    public static CraneException NotConnected(string title, TimeSpan limit, Exception fault, string? proxy) => Error(
        $"{title} could not be reached within {limit.TotalSeconds:0.#} seconds{(proxy is null ? "" : $" through {Inner(proxy)}")}.",
        proxy is null ? CheckAddress : CheckProxy, fault, isTransient: true);

    public static CraneException Silent(string title, TimeSpan limit) => Error(
        $"{title} did not answer within {limit.TotalSeconds:0.#} seconds.", CheckAddress, new TimeoutException(), isTransient: true);

    /// <summary>A body broke off: with a fault, or without one, as a limit was over.</summary>
    public static CraneException Broken(string title, Exception? fault, TimeSpan limit, bool isWhole) => fault switch
    {
        not null => Error($"{title} broke off in the middle of an answer: {Words(fault)}.", CheckAddress, fault, isTransient: true),
        null when isWhole => Error(
            $"{title} has not come to the end of a short answer within {limit.TotalSeconds:0.#} seconds.",
            CheckAddress, new TimeoutException(), isTransient: true),
        null => Error(
            $"{title} sent nothing for {limit.TotalSeconds:0.#} seconds in the middle of an answer.", CheckAddress, null, isTransient: true),
    };

    /// <summary>Whether the other one of http and https may be what is spoken there.</summary>
    public static bool SuggestsOtherScheme(CraneException fault) => fault.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.InvalidResponse
            or HttpRequestError.ResponseEnded or HttpRequestError.ProxyTunnelError or HttpRequestError.Unknown,
    };

    /// <summary>Whether nothing listens there.</summary>
    public static bool IsRefused(CraneException fault) => fault.InnerException
        is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    // In the middle of a sentence.
    private static string Inner(string text) => text.StartsWith("The ", StringComparison.Ordinal) ? $"t{text[1..]}" : text;

    // A connection that is cut in the middle of a handshake may pass; a handshake that fails does not.
    private static bool IsBroken(HttpRequestException fault) =>
        !Causes(fault).Any(cause => cause is AuthenticationException) && Causes(fault).Any(cause => cause is IOException or SocketException);

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string Words(Exception fault) => Causes(fault).Last().Message.TrimEnd('.');

    private static CraneException Error(string message, string advice, Exception? inner, bool isTransient) =>
        new(CraneErrorId.RegistryUnreachable, message, advice, inner) { IsTransient = isTransient };
}
