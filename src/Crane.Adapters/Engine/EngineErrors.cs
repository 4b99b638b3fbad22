using System.Net.Sockets;

namespace Crane.Adapters.Engine;

/// <summary>The errors of an engine that does not answer, or not as an engine does.</summary>
internal static class EngineErrors
{
    private const string Choose =
        "Start the engine, or choose another with -Engine, CRANE_ENGINE, DOCKER_HOST or docker context use.";

    /// <summary>None of the usual sockets exists.</summary>
    public static CraneException NoneFound(IReadOnlyList<string> sockets) => new(
        CraneErrorId.EngineUnreachable,
        $"No container engine was found: there is no socket at {string.Join(", ", sockets.Select(path => $"unix://{path}"))}.",
        Choose);

    /// <summary>All that were tried, in one error.</summary>
    public static CraneException NoneAnswers(IReadOnlyList<CraneException> errors) => errors is [var only]
        ? only
        : new(CraneErrorId.EngineUnreachable, string.Join(' ', errors.Select(error => error.Message)), Choose, errors[0]);

    /// <summary>The connection could not be made, or broke.</summary>
    public static CraneException Unreachable(EngineEndpoint endpoint, Exception exception) => Innermost(exception) switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } denied => new CraneException(
            CraneErrorId.EngineUnreachable,
            $"The container engine at {endpoint} may not be used by this user: permission denied.",
            "Add the user to the docker group and log in again (sudo usermod -aG docker USER), or use a rootless engine.",
            denied),
        // The system's own words for a path without a socket are about addresses.
        _ when endpoint is UnixEndpoint unix && !File.Exists(unix.Path) => new CraneException(
            CraneErrorId.EngineUnreachable, $"No container engine answers at {endpoint}: there is no such socket.", Choose, exception),
        var cause => new CraneException(
            CraneErrorId.EngineUnreachable,
            $"No container engine answers at {endpoint}: {cause.Message.TrimEnd('.')}.", Choose, exception),
    };

    /// <summary>Whether an engine is there but its socket is not for this user.</summary>
    public static bool IsPermissionDenied(CraneException error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied };

    /// <summary>Nothing came back in time.</summary>
    public static CraneException Silent(EngineEndpoint endpoint, Exception exception) => new(
        CraneErrorId.EngineUnreachable, $"No container engine answers at {endpoint}: it did not answer in time.", Choose, exception);

    /// <summary>It answers, but not this in time.</summary>
    public static CraneException Late(EngineEndpoint endpoint, string request, TimeSpan limit, Exception exception) => new(
        CraneErrorId.EngineUnreachable,
        $"The container engine at {endpoint} hangs: it has said nothing for {limit.TotalSeconds:0.#} s about {request}.",
        "Look at the engine's own log, and restart it where it does not recover.", exception);

    /// <summary>Something answered that does not say which engine API it speaks.</summary>
    public static CraneException NotAnEngine(EngineEndpoint endpoint, string answer) => new(
        CraneErrorId.EngineUnreachable, $"What answers at {endpoint} is not a container engine: {answer}.",
        endpoint is TcpEndpoint { Tls: null }
            ? $"If the engine wants TLS, set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. {Choose}"
            : Choose);

    /// <summary>The engine failed at something that always works, such as looking at an image.</summary>
    public static CraneException Failing(EngineEndpoint endpoint, string answer) => new(
        CraneErrorId.EngineUnreachable, $"The container engine at {endpoint} does not work: {answer}",
        "Look at the engine's own log.");

    /// <summary>It said something about a pull, a push or a build that cannot be read.</summary>
    public static CraneException UnknownMessage(EngineEndpoint endpoint, string line) =>
        Failing(endpoint, $"it sent a progress message in a form that is not known: {line}");

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
