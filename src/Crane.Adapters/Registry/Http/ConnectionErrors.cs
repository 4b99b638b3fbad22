using System.Net.Sockets;
using System.Security.Authentication;

namespace Crane.Adapters.Registry.Http;

/// <summary>The errors of requests that get no response.</summary>
internal static class ConnectionErrors
{
    private const string CheckAddress =
        "Check the registry's name and port, that it is running, and that no firewall or proxy is in between.";

    private const string CheckProxy = "Check the variable, and that the proxy is running; NO_PROXY lists the hosts that do not use it.";

    public static CraneException Of(string title, HttpRequestException exception, string? proxy)
    {
        // Checks of ours that run inside the handshake say best what is wrong.
        if (Causes(exception).OfType<CraneException>().FirstOrDefault() is { } ours)
            return ours;
        // A proxy looks up names itself, and is what we connect to.
        var reached = proxy is null ? $"{title} could not be reached" : $"{proxy}, used for {Inner(title)}, could not be reached";
        var advice = proxy is null ? CheckAddress : CheckProxy;
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Error(
                $"{reached}: its host name cannot be resolved ({Words(exception)}).", advice, exception,
                isTransient: Causes(exception).OfType<SocketException>().Any(cause => cause.SocketErrorCode == SocketError.TryAgain)),
            HttpRequestError.SecureConnectionError when !IsBroken(exception) => Error(
                $"{title} does not speak TLS, or refused the handshake: {Words(exception)}.",
                "If it uses plain http, set registries.HOST.insecure in the crane file or, if no crane file names the image, use "
                + "-Insecure; if it requires a client certificate, put client.cert and client.key into docker's "
                + "certs.d/HOST.", exception, isTransient: false),
            HttpRequestError.ProxyTunnelError => Error(
                $"{title} could not be reached through {Inner(proxy ?? "the proxy")}: {Words(exception)}.",
                "Check HTTPS_PROXY and NO_PROXY, and the user and password in them.", exception, isTransient: false),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => Error(
                $"{title} does not speak HTTP: {Words(exception)}.",
                "Check the registry's name and port. TLS on a loopback address is detected automatically.",
                exception, isTransient: false),
            HttpRequestError.ConnectionError => Error($"{reached}: {Words(exception)}.", advice, exception, isTransient: true),
            _ => Error($"{title} could not be reached: {Words(exception)}.", CheckAddress, exception, isTransient: true),
        };
    }

    public static CraneException NotConnected(string title, TimeSpan limit, Exception exception, string? proxy) => Error(
        $"{title} could not be reached within {limit.TotalSeconds:0.#} seconds{(proxy is null ? "" : $" through {Inner(proxy)}")}.",
        proxy is null ? CheckAddress : CheckProxy, exception, isTransient: true);

    public static CraneException Silent(string title, TimeSpan limit) => Error(
        $"{title} did not respond within {limit.TotalSeconds:0.#} seconds.", CheckAddress, new TimeoutException(), isTransient: true);

    /// <summary>A body broke off: with an exception, or because a limit was over.</summary>
    public static CraneException Broken(string title, Exception? exception, TimeSpan limit, bool isWhole) => exception switch
    {
        not null => Error(
            $"{title} broke off in the middle of a response: {Words(exception)}.", CheckAddress, exception, isTransient: true),
        null when isWhole => Error(
            $"{title} did not complete a short response within {limit.TotalSeconds:0.#} seconds.",
            CheckAddress, new TimeoutException(), isTransient: true),
        null => Error(
            $"{title} sent nothing for {limit.TotalSeconds:0.#} seconds in the middle of a response.",
            CheckAddress, null, isTransient: true),
    };

    /// <summary>Whether the server may use the other scheme of http and https.</summary>
    public static bool SuggestsOtherScheme(CraneException error) => error.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.InvalidResponse
            or HttpRequestError.ResponseEnded or HttpRequestError.ProxyTunnelError or HttpRequestError.Unknown,
    };

    /// <summary>Whether nothing listens there.</summary>
    public static bool IsRefused(CraneException error) => error.InnerException
        is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    // In the middle of a sentence.
    private static string Inner(string text) => text.StartsWith("The ", StringComparison.Ordinal) ? $"t{text[1..]}" : text;

    // A connection that is cut in the middle of a handshake may pass; a handshake that fails does not.
    private static bool IsBroken(HttpRequestException exception) =>
        !Causes(exception).Any(cause => cause is AuthenticationException)
        && Causes(exception).Any(cause => cause is IOException or SocketException);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string Words(Exception exception) => Causes(exception).Last().Message.TrimEnd('.');

    private static CraneException Error(string message, string advice, Exception? inner, bool isTransient) =>
        new(CraneErrorId.RegistryUnreachable, message, advice, inner) { IsTransient = isTransient };
}
