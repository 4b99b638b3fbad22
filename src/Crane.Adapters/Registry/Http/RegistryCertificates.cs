using System.Security.Cryptography.X509Certificates;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The certificates of a user for a registry: of authorities to trust, and of clients to send. They come from the
/// crane file and from the <c>certs.d</c> folders of docker and podman: <c>HOST[:PORT]/*.crt</c>, <c>*.cert</c> with
/// <c>*.key</c>.
/// </summary>
internal sealed record RegistryCertificates(X509Certificate2Collection Authorities, X509Certificate2Collection Client)
{
    public static RegistryCertificates Find(string registry, RegistrySetting? setting, DockerEnvironment environment)
    {
        var files = new CertificateFiles(
            $"the registry '{registry}'",
            "Correct or remove the file, or see registries.HOST.ca in the crane file. A client's NAME.cert needs its NAME.key beside it.");
        var found = new RegistryCertificates([], []);
        foreach (var path in Files(registry, setting, environment))
            found.Add(path, isAuthority: path == setting?.CertificateAuthority, files);
        return found;
    }

    /// <summary>The files that they are read from.</summary>
    public static IEnumerable<string> Files(string registry, RegistrySetting? setting, DockerEnvironment environment)
    {
        var files = Folders(registry, environment).SelectMany(FilesIn);
        return setting?.CertificateAuthority is { } authority ? files.Prepend(authority) : files;
    }

    private static IEnumerable<string> Folders(string registry, DockerEnvironment environment)
    {
        // A file name has no colon there; docker omits it.
        var name = environment.IsWindows ? registry.Replace(":", "", StringComparison.Ordinal) : registry;
        string[] users =
        [
            Path.Combine(environment.ConfigFolder, "certs.d"),
            Path.Combine(environment.UserConfigFolder, "docker", "certs.d"),
            Path.Combine(environment.UserConfigFolder, "containers", "certs.d"),
        ];
        return environment.CertificateFolders.Concat(users).Select(folder => Path.Combine(folder, name));
    }

    private void Add(string path, bool isAuthority, CertificateFiles files)
    {
        switch (Path.GetExtension(path))
        {
            case var extension when isAuthority || extension == ".crt":
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

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray();
        }
        catch (Exception absent) when (absent is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // A folder for root alone is meant for the engine.
            return [];
        }
    }
}
