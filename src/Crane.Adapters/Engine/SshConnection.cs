using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Machine;
using Crane.Planning;

namespace Crane.Adapters.Engine;

/// <summary>
/// Connects to an engine on another machine as docker does: <c>ssh … -- HOST docker system dial-stdio</c> joins its input and output
/// to the engine there. There is one process for each connection.
/// </summary>
internal static class SshConnection
{
    // BatchMode: docker leaves ssh free to ask for a password or about an unknown host key. A module in a runbook must not wait at a
    // prompt, and several connections would ask at the same time. So whatever ssh would ask about is an error at once, and a host key
    // is accepted only where the user's own configuration of ssh says so.
    private static readonly string[] Options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-T"];

    /// <summary>Starts ssh. Whether it reaches the engine shows when the stream is read.</summary>
    /// <exception cref="CraneException">EngineUnreachable where there is no ssh, or the system cannot run it.</exception>
    public static Stream Open(SshEndpoint endpoint)
    {
        var program = endpoint.Program ?? throw EngineErrors.NoSsh(endpoint);
        try
        {
            return ProgramStream.Start("ssh", new ProcessStartInfo(program, Arguments(endpoint)));
        }
        catch (Win32Exception exception)
        {
            throw EngineErrors.SshNotStarted(endpoint, program, exception);
        }
    }

    public static IEnumerable<string> Arguments(SshEndpoint endpoint)
    {
        string[] host = endpoint.Socket is { } socket ? [$"--host=unix://{socket}"] : [];
        // One argument, for a shell there.
        return [.. Options, .. endpoint.Login, "--", endpoint.Host, ShellText.Line(["docker", .. host, "system", "dial-stdio"])];
    }
}

/// <summary>An engine that is reached by ssh.</summary>
/// <param name="User">The user to log in as; null for ssh's default.</param>
/// <param name="Host">A host, or a name in the user's configuration of ssh.</param>
/// <param name="Port">The port of the ssh server; null for ssh's default.</param>
/// <param name="Socket">The path of the engine's socket there; null for the default of docker there.</param>
/// <param name="Program">The path of ssh on this machine; null where it is not on the PATH.</param>
internal sealed record SshEndpoint(
    string Address, string? User, string Host, int? Port, string? Socket, string? Program, string Origin)
    : EngineEndpoint(Address, Origin, LocalRoot)
{
    /// <summary>The arguments of ssh for the user and the port.</summary>
    public IReadOnlyList<string> Login
    {
        get
        {
            string[] user = User is null ? [] : ["-l", User];
            return Port is null ? user : [.. user, "-p", $"{Port}"];
        }
    }

    /// <summary>The command that shows a user why there is no connection.</summary>
    public string Trial => ShellText.Line(["ssh", .. Login, Host, "docker", "version"]);
}
