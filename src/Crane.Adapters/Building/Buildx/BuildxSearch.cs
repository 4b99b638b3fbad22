using System.Globalization;
using Crane.Adapters.Credentials;
using Crane.Adapters.Programs;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Finds docker's plugin Buildx, where docker itself looks for it.</summary>
internal sealed class BuildxSearch(DockerEnvironment environment)
{
    private const string Plugin = "docker-buildx";

    // The first that tells its progress in a form for programs.
    private static readonly Version Oldest = new(0, 13);

    /// <summary>Finds a Buildx that works.</summary>
    /// <exception cref="CraneException">BuildFailed where there is none, or it is too old.</exception>
    public async Task<BuildxProgram> FindAsync(CancellationToken cancellation)
    {
        if (Find() is not { } program || await VersionAsync(program, cancellation) is not { } version)
            throw BuildxFaults.None();
        return version >= Oldest ? program with { Version = version } : throw BuildxFaults.TooOld(program, version, Oldest);
    }

    /// <summary>The version in what <c>buildx version</c> says: <c>github.com/docker/buildx v0.29.1 COMMIT</c>; null for other text.</summary>
    public static Version? VersionIn(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var word, ..])
            return null;
        var numbers = word.TrimStart('v').Split('.', '-', '+');
        return numbers.Length >= 2
            && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new Version(major, minor)
                : null;
    }

    // Docker's own order: folders of the configuration, of the user, of the machine.
    private BuildxProgram? Find()
    {
        var name = environment.IsWindows ? $"{Plugin}.exe" : Plugin;
        IEnumerable<string> folders =
        [
            .. DockerConfigFile.Load(environment)?.PluginFolders ?? [],
            Path.Combine(environment.ConfigFolder, "cli-plugins"),
            .. environment.PluginFolders,
        ];
        if (folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } plugin)
            return new BuildxProgram(plugin, []);
        if (ProgramSearch.Find("docker", environment) is { } docker)
            return new BuildxProgram(docker, ["buildx"]);
        return ProgramSearch.Find(Plugin, environment) is { } program ? new BuildxProgram(program, []) : null;
    }

    private static async Task<Version?> VersionAsync(BuildxProgram program, CancellationToken cancellation)
    {
        Version? version = null;
        var exitCode = await BuildxProcess.RunAsync(
            program, ["version"], new Dictionary<string, string?>(), "", line => version ??= VersionIn(line), cancellation);
        return exitCode == 0 ? version : null;
    }
}
