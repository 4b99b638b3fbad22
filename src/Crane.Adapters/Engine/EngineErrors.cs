using System.Net.Sockets;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Engine;

/// <summary>The errors of an engine that does not respond, or not as an engine does.</summary>
internal static class EngineErrors
{
    private const string Choose =
        "Start the engine, or choose another with -Engine, CRANE_ENGINE, DOCKER_HOST or docker context use.";

    public static CraneException NoneFound(IReadOnlyList<string> sockets) => new(
        CraneErrorId.EngineUnreachable,
        $"No container engine was found: there is no socket at {string.Join(", ", sockets.Select(path => $"unix://{path}"))}.",
        Choose);

    public static CraneException AllFailed(IReadOnlyList<CraneException> errors) => errors is [var only]
        ? only
        : new(CraneErrorId.EngineUnreachable, string.Join(' ', errors.Select(error => error.Message)), Choose, errors[0]);

    public static CraneException Unreachable(EngineEndpoint endpoint, Exception exception) => Innermost(exception) switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } denied => new CraneException(
            CraneErrorId.EngineUnreachable,
            $"This user may not use the container engine at {endpoint}: permission denied.",
            "Add the user to the docker group and log in again (sudo usermod -aG docker USER), or use a rootless engine.",
            denied),
        CraneException known => known,
        ProgramFailure failure when endpoint is SshEndpoint ssh => new CraneException(
            CraneErrorId.EngineUnreachable, $"No container engine responds at {endpoint}: {failure.Message.TrimEnd('.')}.",
            $"Run this to see why: {ssh.Trial}. It also asks about an unknown host key. Crane accepts none, and enters no password: "
            + "use a key without one, or ssh-agent.",
            failure),
        // The system's message for a missing socket is about addresses.
        _ when endpoint is UnixEndpoint unix && !File.Exists(unix.Path) => new CraneException(
            CraneErrorId.EngineUnreachable, $"No container engine responds at {endpoint}: there is no such socket.", Choose, exception),
        var cause => new CraneException(
            CraneErrorId.EngineUnreachable,
            $"No container engine responds at {endpoint}: {cause.Message.TrimEnd('.')}.", Choose, exception),
    };

    public static CraneException NoSsh(SshEndpoint endpoint) => new(
        CraneErrorId.EngineUnreachable, $"The container engine at {endpoint} is reached by ssh, which is not on the PATH.",
        "Install an OpenSSH client.");

    public static CraneException SshNotStarted(SshEndpoint endpoint, string program, Exception exception) => new(
        CraneErrorId.EngineUnreachable,
        $"The container engine at {endpoint} is reached by ssh, but {program} could not be started: {exception.Message.TrimEnd('.')}.",
        "Repair or remove that program; the first ssh on the PATH is used.", exception);

    /// <summary>Whether the user may not use the engine's socket.</summary>
    public static bool IsPermissionDenied(CraneException error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied };

    public static CraneException Silent(EngineEndpoint endpoint, Exception exception) => new(
        CraneErrorId.EngineUnreachable, $"No container engine responds at {endpoint}: it did not respond in time.", Choose, exception);

    /// <summary>It has responded before, but not to this request in time.</summary>
    public static CraneException Late(EngineEndpoint endpoint, string request, TimeSpan limit, Exception exception) => new(
        CraneErrorId.EngineUnreachable,
        $"The container engine at {endpoint} hangs: no response to {request} for {limit.TotalSeconds:0.#} s.",
        "See the engine's log, and restart it if it does not recover.", exception);

    /// <summary>A response without the version of an engine API.</summary>
    public static CraneException NotAnEngine(EngineEndpoint endpoint, string response) => new(
        CraneErrorId.EngineUnreachable, $"The server at {endpoint} is not a container engine: {response}.",
        endpoint is TcpEndpoint { Tls: null }
            ? $"If the engine requires TLS, set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. {Choose}"
            : Choose);

    /// <summary>The engine failed at what always works, such as inspecting an image.</summary>
    public static CraneException Failing(EngineEndpoint endpoint, string message) => new(
        CraneErrorId.EngineUnreachable, $"The container engine at {endpoint} failed: {message}",
        "See the engine's log.");

    public static CraneException UnknownMessage(EngineEndpoint endpoint, string line) =>
        Failing(endpoint, $"it sent a progress message in an unknown format: {line}");

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
