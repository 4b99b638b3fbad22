namespace Crane.Adapters.Machine;

/// <summary>
/// What docker's programs take from their machine: variables and folders. It is passed in, so that tests and hosts need not
/// change the environment of the process.
/// </summary>
/// <param name="Variables">Returns the value of a variable; null where it is not set.</param>
/// <param name="HomeFolder">The user's home folder.</param>
internal sealed record DockerEnvironment(Func<string, string?> Variables, string HomeFolder)
{
    public static DockerEnvironment OfProcess { get; } = new(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Whether engines listen on named pipes, and programs have extensions.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The socket of docker's engine for all users.</summary>
    public string DockerSocket { get; init; } = "/var/run/docker.sock";

    /// <summary>The socket of podman's service for all users.</summary>
    public string PodmanSocket { get; init; } = "/run/podman/podman.sock";

    /// <summary>The folders of docker's plugins for all users, in docker's order.</summary>
    public IReadOnlyList<string> PluginFolders { get; init; } = OperatingSystem.IsWindows()
        ?
        [
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Docker", "cli-plugins"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Docker", "cli-plugins"),
        ]
        :
        [
            "/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins",
            "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins",
        ];

    /// <summary>The folders <c>certs.d</c> of docker and podman for all users; in them, each registry has a folder of its name.</summary>
    public IReadOnlyList<string> CertificateFolders { get; init; } = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "docker", "certs.d")]
        : ["/etc/docker/certs.d", "/etc/containers/certs.d"];

    /// <summary>Docker's folder of this user: <c>DOCKER_CONFIG</c>, else <c>.docker</c> at home.</summary>
    public string ConfigFolder => Get("DOCKER_CONFIG") ?? Path.Combine(HomeFolder, ".docker");

    /// <summary>The folder of this user's configurations: <c>XDG_CONFIG_HOME</c>, else <c>.config</c> at home.</summary>
    public string UserConfigFolder => Get("XDG_CONFIG_HOME") ?? Path.Combine(HomeFolder, ".config");

    /// <summary>The folder of what programs of this user remember: <c>XDG_STATE_HOME</c>, else that of the system.</summary>
    public string UserStateFolder =>
        Get("XDG_STATE_HOME") is { } folder && Path.IsPathFullyQualified(folder) ? folder
        : IsWindows ? Get("LOCALAPPDATA") ?? Path.Combine(HomeFolder, "AppData", "Local")
        : OperatingSystem.IsMacOS() ? Path.Combine(HomeFolder, "Library", "Application Support")
        : Path.Combine(HomeFolder, ".local", "state");

    /// <summary>The folder of this user's caches: <c>XDG_CACHE_HOME</c>, else that of the system.</summary>
    public string UserCacheFolder =>
        Get("XDG_CACHE_HOME") is { } folder && Path.IsPathFullyQualified(folder) ? folder
        : IsWindows ? Get("LOCALAPPDATA") ?? Path.Combine(HomeFolder, "AppData", "Local")
        : OperatingSystem.IsMacOS() ? Path.Combine(HomeFolder, "Library", "Caches")
        : Path.Combine(HomeFolder, ".cache");

    /// <summary>The value of a variable; null where it is not set or, as for docker, empty.</summary>
    public string? Get(string name) => Variables(name) is { Length: > 0 } value ? value : null;

    /// <summary>Finds a program on the PATH, as a shell does; null where there is none, or the name is a path.</summary>
    public string? FindProgram(string name)
    {
        if (name.AsSpan().ContainsAny('/', '\\'))
            return null;
        string[] extensions = IsWindows ? [".exe", ".cmd", ".bat"] : [""];
        return (Get("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            // An empty or relative entry means the current directory, which may contain programs of others.
            .Where(Path.IsPathFullyQualified)
            .SelectMany(directory => extensions, (directory, extension) => Path.Combine(directory, name + extension))
            .FirstOrDefault(File.Exists);
    }
}
