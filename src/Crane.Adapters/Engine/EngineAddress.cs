using System.Globalization;
using System.Text.RegularExpressions;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Engine;

/// <summary>Reads the address of an engine.</summary>
internal static partial class EngineAddress
{
    private const int Port = 2375;
    private const int TlsPort = 2376;

    /// <summary>What an engine can be, as advice.</summary>
    public const string Forms =
        "An engine is docker, the name of a docker context, unix:///PATH, ssh://USER@HOST, tcp://HOST:PORT, "
        + "https://HOST:PORT, npipe:////./pipe/NAME, or oci:FOLDER for a folder of images.";

    /// <summary>Whether it is an address, not a name.</summary>
    public static bool IsAddress(string engine) => engine.Contains("://", StringComparison.Ordinal);

    /// <summary>The endpoint of an address.</summary>
    /// <exception cref="CraneException">InvalidValue for an address that is not valid or not supported.</exception>
    public static EngineEndpoint Parse(string address, EngineTls? tls, string origin, DockerEnvironment environment)
    {
        var split = address.IndexOf("://", StringComparison.Ordinal);
        var (scheme, rest) = (address[..split].ToLowerInvariant(), address[(split + 3)..]);
        return scheme switch
        {
            "unix" => Unix(rest, address, origin, environment),
            "npipe" => Pipe(rest, address, origin, environment),
            "tcp" => Tcp(rest, address, tls, origin),
            "http" => Tcp(rest, address, null, origin),
            "https" => Tcp(rest, address, tls ?? new EngineTls(null, Verify: true), origin),
            "ssh" => Ssh(rest, address, origin, environment),
            _ => throw Invalid(address, origin, $"unsupported scheme '{scheme}://'", Forms),
        };
    }

    /// <summary>The error for what is neither an address nor a valid context name.</summary>
    public static CraneException NotAnEngine(string engine, string origin) => Invalid(
        engine, origin, "it is neither an address nor the name of a docker context",
        Instead(engine));

    // What was probably meant. The path of a socket is always absolute.
    private static string Instead(string engine) =>
        HostAndPort().IsMatch(engine) ? $"For an engine at that address write tcp://{engine}."
        : !engine.AsSpan().ContainsAny("/\\") ? Forms
        : engine.StartsWith('/') && !Directory.Exists(engine)
            ? $"For the socket at that path write unix://{engine}; for a folder of images, oci:{engine}."
        : $"For a folder of images write oci:{engine}.";

    private static UnixEndpoint Unix(string path, string address, string origin, DockerEnvironment environment)
    {
        // As in docker, the address without a path is the default socket.
        if (path.Length == 0)
            path = environment.DockerSocket;
        // The smallest limit of all platforms: 104, with the byte that ends the path.
        const int Limit = 103;
        return path.Length <= Limit
            ? new UnixEndpoint(path, origin)
            : throw Invalid(
                address, origin, $"the path of a socket has at most {Limit} characters, not {path.Length}",
                "Make a symbolic link to the socket under a shorter path.");
    }

    private static PipeEndpoint Pipe(string rest, string address, string origin, DockerEnvironment environment)
    {
        if (!environment.IsWindows)
            throw Invalid(address, origin, "named pipes exist on Windows only", "Use unix:// or tcp:// here.");
        return rest.Replace('\\', '/').TrimStart('/').Split('/') is [{ Length: > 0 } server, var pipe, { Length: > 0 } name]
            && pipe.Equals("pipe", StringComparison.OrdinalIgnoreCase)
                ? new PipeEndpoint(server, name, origin)
                : throw Invalid(address, origin, "it has no pipe name", "Write it as npipe:////./pipe/docker_engine.");
    }

    private static TcpEndpoint Tcp(string rest, string address, EngineTls? tls, string origin)
    {
        var scheme = tls is null ? "http" : "https";
        // tcp://:2375 is the local machine.
        if (rest.StartsWith(':'))
            rest = $"127.0.0.1{rest}";
        if (!Uri.TryCreate($"{scheme}://{rest.TrimEnd('/')}/", UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw Invalid(address, origin, "it has no valid host and port", "Write it as tcp://HOST:PORT.");
        if (uri.UserInfo.Length > 0)
            throw Invalid(address, origin, "an engine address has no user name and password", "Use TLS certificates.");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw Invalid(address, origin, "an engine address has no query and no fragment", "Write it as tcp://HOST:PORT.");
        var root = HasPort(rest, uri) ? uri : new UriBuilder(uri) { Port = tls is null ? Port : TlsPort }.Uri;
        return new TcpEndpoint(address, root, tls, origin);
    }

    /// <summary>Whether the address has a port. Uri takes 80 and 443 for none.</summary>
    private static bool HasPort(string rest, Uri uri) =>
        !uri.IsDefaultPort || rest.Split('/')[0].EndsWith($":{uri.Port}", StringComparison.Ordinal);

    private static SshEndpoint Ssh(string rest, string address, string origin, DockerEnvironment environment)
    {
        var match = SshForm().Match(rest);
        if (match.Groups["password"].Success)
            throw Invalid(address, origin, "an engine address has no password", "Log in with a key; ssh-agent can hold it.");
        var user = Given("user");
        if (!match.Success
            || user?.StartsWith('-') == true
            || (match.Groups["port"].Value is { Length: > 0 } digits && !ushort.TryParse(digits, out _)))
            throw Invalid(
                address, origin, "it has no valid user, host and port",
                "Write it as ssh://USER@HOST:PORT, or ssh://NAME with a name of ~/.ssh/config.");
        // As in docker, a path is that of the engine's socket.
        var path = Uri.UnescapeDataString(match.Groups["path"].Value);
        return new SshEndpoint(
            address, user, match.Groups["host"].Value,
            Given("port") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null,
            path.Trim('/').Length == 0 ? null : path, environment.FindProgram("ssh"), origin);

        string? Given(string part) => match.Groups[part].Value is { Length: > 0 } value ? Uri.UnescapeDataString(value) : null;
    }

    // Neither user nor host can be taken for an option of ssh, and neither has a character that is special to a shell.
    [GeneratedRegex(
        @"^(?:(?<user>[\w.%+-]+)?(?<password>:.*)?@)?(?:\[(?<host>[\w:.%]+)\]|(?<host>\w[\w.-]*))"
        + @"(?::(?<port>\d*))?(?<path>/[^?#]*)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SshForm();

    [GeneratedRegex(@"^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();

    private static CraneException Invalid(string address, string origin, string why, string advice) => new(
        CraneErrorId.InvalidValue, $"'{WithoutPassword(address)}' ({origin}) is not a valid engine: {why}.", advice);

    /// <summary>The address for a message, with its password masked.</summary>
    private static string WithoutPassword(string address)
    {
        var (scheme, at) = (address.IndexOf("://", StringComparison.Ordinal), address.LastIndexOf('@'));
        var colon = scheme < 0 || at < 0 ? -1 : address.IndexOf(':', scheme + 3);
        return colon >= 0 && colon < at ? $"{address[..colon]}:***{address[at..]}" : address;
    }
}

/// <summary>Where a container engine listens.</summary>
/// <param name="Address">The address as written: <c>unix:///var/run/docker.sock</c>, <c>tcp://host:2376</c>.</param>
/// <param name="Origin">Why this one was chosen, for messages, such as <c>from DOCKER_HOST</c>.</param>
/// <param name="Root">The base address of requests.</param>
internal abstract record EngineEndpoint(string Address, string Origin, Uri Root)
{
    // Engines require the header Host also where there is none.
    protected static readonly Uri LocalRoot = new("http://docker/");

    public sealed override string ToString() => $"{Address} ({Origin})";
}

internal sealed record UnixEndpoint(string Path, string Origin) : EngineEndpoint($"unix://{Path}", Origin, LocalRoot);

internal sealed record PipeEndpoint(string Server, string Pipe, string Origin)
    : EngineEndpoint($"npipe:////{Server}/pipe/{Pipe}", Origin, LocalRoot);

internal sealed record TcpEndpoint(string Address, Uri Root, EngineTls? Tls, string Origin) : EngineEndpoint(Address, Origin, Root);
