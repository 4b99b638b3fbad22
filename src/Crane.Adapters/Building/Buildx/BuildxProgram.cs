using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Docker's plugin Buildx, and how to run it.</summary>
/// <param name="Path">The full path of the program.</param>
/// <param name="Arguments">The arguments before Buildx's own: none where the program is the plugin itself.</param>
internal sealed record BuildxProgram(string Path, IReadOnlyList<string> Arguments)
{
    private const string Plugin = "docker-buildx";
    private const string Driver = "Driver:";

    // A line of progress contains the output of a step since the previous one.
    private const int MaxLine = 16 * 1024 * 1024;

    // The first with machine-readable progress.
    private static readonly Version Oldest = new(0, 13);

    // The first that reads DOCKER_AUTH_CONFIG.
    private static readonly Version FirstWithVariable = new(0, 26);

    public Version Version { get; init; } = new();

    public bool ReadsCredentialVariable => Version >= FirstWithVariable;

    /// <summary>Whether it is docker's plugin itself, and not docker, which runs the plugin.</summary>
    public bool IsPlugin => Arguments.Count == 0;

    /// <summary>Finds a usable Buildx, where docker itself looks for it.</summary>
    /// <exception cref="CraneException">BuildFailed where there is none, or it is too old.</exception>
    public static async Task<BuildxProgram> FindAsync(DockerEnvironment environment, CancellationToken cancellation)
    {
        if (Find(environment) is not { } program)
            throw BuildxErrors.None();
        Version? version = null;
        var exitCode = await program.RunAsync(
            ["version"], new Dictionary<string, string?>(), "", line => version ??= VersionIn(line), cancellation);
        if (exitCode != 0 || version is null)
            throw BuildxErrors.None();
        return version >= Oldest ? program with { Version = version } : throw BuildxErrors.TooOld(program, version, Oldest);
    }

    /// <summary>The version in a line of <c>buildx version</c>: <c>github.com/docker/buildx v0.29.1 COMMIT</c>; else null.</summary>
    public static Version? VersionIn(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var word, ..])
            return null;
        var numbers = word.TrimStart('v').Split('.', '-', '+');
        return numbers.Length >= 2
            && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new Version(major, minor)
                : null;
    }

    /// <summary>Whether a builder belongs to an engine, and so sees its images.</summary>
    /// <param name="builder">The name of the builder; null for Buildx's default.</param>
    /// <param name="variables">As for <see cref="RunAsync"/>.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="CraneException">BuildFailed for an unknown builder.</exception>
    public async Task<bool> UsesEngineAsync(string? builder, IReadOnlyDictionary<string, string?> variables, CancellationToken cancellation)
    {
        List<string> lines = [];
        var exitCode = await RunAsync(builder is null ? ["inspect"] : ["inspect", builder], variables, "", lines.Add, cancellation);
        if (exitCode != 0)
            throw BuildxErrors.Failed(string.Join(' ', lines).Trim());
        return lines.Find(line => line.StartsWith(Driver, StringComparison.Ordinal))?[Driver.Length..].Trim() == "docker";
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments. Every user of the machine can see them: no secrets.</param>
    /// <param name="variables">Variables to set, or with null, to remove.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">Receives each line of both streams, one at a time.</param>
    /// <param name="cancellation">Kills it, with every process that it has started.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CraneException">BuildFailed where the system cannot run it.</exception>
    public async Task<int> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> variables, string input, Action<string> output,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path, Arguments.Concat(arguments));
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var gate = new object();
        OutputLines[] streams = [new(MaxLine, Take), new(MaxLine, Take)];
        try
        {
            return await ProgramRun.RunAsync(start, input, streams[0].Take, streams[1].Take, cancellation);
        }
        catch (Win32Exception exception)
        {
            throw BuildxErrors.NotStarted(this, exception);
        }
        finally
        {
            foreach (var stream in streams)
                stream.End();
        }

        void Take(string line)
        {
            lock (gate)
                output(line);
        }
    }

    /// <summary>The command line without options.</summary>
    public override string ToString() => string.Join(' ', [Path, .. Arguments]);

    // In docker's order: folders of the configuration, of the user, of the machine.
    private static BuildxProgram? Find(DockerEnvironment environment)
    {
        var name = environment.IsWindows ? $"{Plugin}.exe" : Plugin;
        IEnumerable<string> folders =
        [
            .. DockerConfigFile.Load(environment)?.PluginFolders ?? [],
            System.IO.Path.Combine(environment.ConfigFolder, "cli-plugins"),
            .. environment.PluginFolders,
        ];
        if (folders.Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } plugin)
            return new BuildxProgram(plugin, []);
        if (environment.FindProgram("docker") is { } docker)
            return new BuildxProgram(docker, ["buildx"]);
        return environment.FindProgram(Plugin) is { } program ? new BuildxProgram(program, []) : null;
    }
}

/// <summary>
/// The socket that makes plugins of docker's command line end with it: a plugin connects to it, and stops when the connection is
/// closed, however the other process ended.
/// </summary>
internal sealed class PluginSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _plugins = [];

    private PluginSocket(string path) => Path = path;

    public string Path { get; }

    /// <summary>Opens a socket in a folder; null where the system has none, or the path is too long.</summary>
    public static PluginSocket? Open(string folder)
    {
        var socket = new PluginSocket(System.IO.Path.Combine(folder, "plugin"));
        try
        {
            socket._listener.Bind(new UnixDomainSocketEndPoint(socket.Path));
            socket._listener.Listen();
            _ = socket.AcceptAsync();
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_plugins)
            _plugins.ForEach(plugin => plugin.Dispose());
    }

    // Nothing is sent over it.
    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var plugin = await _listener.AcceptAsync();
                lock (_plugins)
                    _plugins.Add(plugin);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }
}
