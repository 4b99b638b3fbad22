using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Docker's plugin Buildx, and how it is run.</summary>
/// <param name="Path">Full path of the program.</param>
/// <param name="Arguments">What comes before Buildx's own arguments: none where the program is docker's plugin itself.</param>
internal sealed record BuildxProgram(string Path, IReadOnlyList<string> Arguments)
{
    private const string Plugin = "docker-buildx";
    private const string Driver = "Driver:";

    // One of the lines in which Buildx tells its progress has what a step has printed meanwhile.
    private const int LongestLine = 16 * 1024 * 1024;

    // The first that tells its progress in a form for programs.
    private static readonly Version Oldest = new(0, 13);

    // The first with a docker command line in it that reads DOCKER_AUTH_CONFIG.
    private static readonly Version FirstWithVariable = new(0, 26);

    public Version Version { get; init; } = new();

    /// <summary>Whether it reads the variable DOCKER_AUTH_CONFIG.</summary>
    public bool ReadsCredentialVariable => Version >= FirstWithVariable;

    /// <summary>Whether it is docker's plugin, and not docker that finds the plugin.</summary>
    public bool IsPlugin => Arguments.Count == 0;

    /// <summary>Finds a Buildx that works, where docker itself looks for it.</summary>
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

    /// <summary>The version in what <c>buildx version</c> says: <c>github.com/docker/buildx v0.29.1 COMMIT</c>; null for another line.</summary>
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

    /// <summary>Whether a builder is that of an engine, which sees the engine's images.</summary>
    /// <param name="builder">The name of the builder; null for the one that Buildx itself would take.</param>
    /// <param name="variables">The environment of the program.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <exception cref="CraneException">BuildFailed where Buildx knows no such builder.</exception>
    public async Task<bool> UsesEngineAsync(
        string? builder, IReadOnlyDictionary<string, string?> variables, CancellationToken cancellation)
    {
        List<string> lines = [];
        var exitCode = await RunAsync(builder is null ? ["inspect"] : ["inspect", builder], variables, "", lines.Add, cancellation);
        if (exitCode != 0)
            throw BuildxErrors.Failed(string.Join(' ', lines).Trim());
        return lines.Find(line => line.StartsWith(Driver, StringComparison.Ordinal)) is { } line && line[Driver.Length..].Trim() == "docker";
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments. Everybody on the machine sees them: nothing secret may be there.</param>
    /// <param name="variables">Variables that it has other values of, null for none.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="output">Takes each line that it prints, on either stream; one at a time.</param>
    /// <param name="cancellation">Ends it, with every process that it has started.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CraneException">BuildFailed where the system does not run it.</exception>
    public async Task<int> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> variables, string input, Action<string> output,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path, Arguments.Concat(arguments));
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var gate = new object();
        OutputLines[] streams = [new(LongestLine, Take), new(LongestLine, Take)];
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

    /// <summary>The command line as a person would write it.</summary>
    public override string ToString() => string.Join(' ', [Path, .. Arguments]);

    // Docker's own order: directories of the configuration, of the user, of the machine.
    private static BuildxProgram? Find(DockerEnvironment environment)
    {
        var name = environment.IsWindows ? $"{Plugin}.exe" : Plugin;
        IEnumerable<string> directories =
        [
            .. DockerConfigFile.Load(environment)?.PluginFolders ?? [],
            System.IO.Path.Combine(environment.ConfigFolder, "cli-plugins"),
            .. environment.PluginFolders,
        ];
        if (directories.Select(directory => System.IO.Path.Combine(directory, name)).FirstOrDefault(File.Exists) is { } plugin)
            return new BuildxProgram(plugin, []);
        if (environment.FindProgram("docker") is { } docker)
            return new BuildxProgram(docker, ["buildx"]);
        return environment.FindProgram(Plugin) is { } program ? new BuildxProgram(program, []) : null;
    }
}
