using System.Security.Cryptography.X509Certificates;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Registry.Transport.Tls;

/// <summary>
/// The certificates that a user keeps for a registry: those of authorities to trust, and those to show. They come from the
/// crane file and from the <c>certs.d</c> folders of docker and podman: <c>HOST[:PORT]/*.crt</c>, <c>*.cert</c> with
/// <c>*.key</c>.
/// </summary>
/// <param name="Authorities">What is trusted beside the system's authorities.</param>
/// <param name="Client">Who we say that we are, if the registry asks.</param>
internal sealed record RegistryCertificates(X509Certificate2Collection Authorities, X509Certificate2Collection Client)
{
    /// <summary>Finds them.</summary>
    /// <exception cref="CraneException">InvalidValue, with the file, for one that cannot be used.</exception>
    public static RegistryCertificates Find(string registry, RegistrySetting? setting, DockerEnvironment environment)
    {
        var files = new CertificateFiles(
            $"the registry '{registry}'",
            "Correct or remove the file, or see registries.HOST.ca in the crane file. A client's NAME.cert needs its NAME.key beside it.");
        var found = new RegistryCertificates([], []);
        if (setting?.CertificateAuthority is { } given)
            found.Authorities.AddRange(files.Authorities(given));
        foreach (var folder in Folders(registry, environment))
            found.Add(folder, files);
        return found;
    }

    private static IEnumerable<string> Folders(string registry, DockerEnvironment environment)
    {
        // A file's name has no colon there; docker leaves it out.
        var name = environment.IsWindows ? registry.Replace(":", "", StringComparison.Ordinal) : registry;
        string[] users =
        [
            Path.Combine(environment.ConfigFolder, "certs.d"),
            Path.Combine(environment.UserConfigFolder, "docker", "certs.d"),
            Path.Combine(environment.UserConfigFolder, "containers", "certs.d"),
        ];
        return environment.CertificateFolders.Concat(users).Select(folder => Path.Combine(folder, name));
    }

    private void Add(string folder, CertificateFiles files)
    {
        foreach (var path in FilesIn(folder))
        {
            switch (Path.GetExtension(path))
            {
                case ".crt":
                    Authorities.AddRange(files.Authorities(path));
                    break;
                case ".cert":
                    Client.Add(files.Pair(path, Path.ChangeExtension(path, ".key")));
                    break;
                case ".key" when !File.Exists(Path.ChangeExtension(path, ".cert")):
                    _ = files.Pair(Path.ChangeExtension(path, ".cert"), path);
                    break;
            }
        }
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray();
        }
        catch (Exception absent) when (absent is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // What only an engine that runs as root may read is no concern of this user.
            return [];
        }
    }
}
