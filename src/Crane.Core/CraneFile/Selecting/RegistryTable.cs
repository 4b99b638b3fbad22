using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Names;

namespace Crane.CraneFile.Selecting;

/// <summary>The <c>registries</c> of a stack by their expanded hosts.</summary>
internal sealed class RegistryTable
{
    private readonly Dictionary<string, MapNode> _registries = new(StringComparer.Ordinal);

    /// <param name="errors">Receives an error for each invalid host.</param>
    public RegistryTable(CraneStack stack, IVariables variables, List<CraneException> errors)
    {
        var names = new ValueReader("the crane file", variables, errors);
        foreach (var (key, value) in stack.Registries?.Entries ?? [])
        {
            var failures = errors.Count;
            var host = names.Key(key, "registries");
            if (errors.Count == failures && value is MapNode registry)
                Add(host, registry, key.Location, errors);
        }
    }

    // An invalid host would match no image, and its settings would be ignored.
    private void Add(string key, MapNode registry, SourceLocation location, List<CraneException> errors)
    {
        try
        {
            var address = RegistryAddress.Parse(key);
            if (address.PathPrefix is not null)
                throw new CraneException(
                    CraneErrorId.InvalidRegistry, $"'{key}' has a path, but 'registries' configures whole registries.",
                    $"Write '{address.Host}'.");
            var host = RegistryAddress.HostOf(address.Host);
            if (!_registries.TryAdd(host, registry))
                throw new CraneException(
                    CraneErrorId.DuplicateKey, $"'registries' configures {host} twice; '{key}' is another name for it.",
                    "Remove one of them.");
        }
        catch (CraneException error)
        {
            errors.Add(error.At(location));
        }
    }

    /// <summary>The settings of the registries of images, and of their mirrors.</summary>
    public IReadOnlyList<RegistrySetting> Of(IEnumerable<ImageName?> images, ValueReader values)
    {
        if (_registries.Count == 0)
            return [];
        var settings = new List<RegistrySetting>();
        var hosts = new Queue<string>(images.OfType<ImageName>().Select(image => image.Registry));
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (hosts.TryDequeue(out var host))
        {
            if (!known.Add(RegistryAddress.HostOf(host)) || !_registries.TryGetValue(RegistryAddress.HostOf(host), out var registry))
                continue;
            var setting = Read(host, registry, values);
            settings.Add(setting);
            foreach (var mirror in setting.Mirror)
            {
                try
                {
                    hosts.Enqueue(RegistryAddress.Parse(WithoutScheme(mirror)).Host);
                }
                catch (CraneException error)
                {
                    values.Report(error, $"registries.{host}.mirrors", mirror);
                }
            }
        }
        return settings;
    }

    /// <summary>A mirror may have a scheme and a path, as in docker's settings.</summary>
    private static string WithoutScheme(string mirror) =>
        mirror.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? mirror[(scheme + 3)..] : mirror;

    private static RegistrySetting Read(string host, MapNode registry, ValueReader values)
    {
        var section = $"registries.{host}";
        return new RegistrySetting
        {
            RegistryHost = host,
            Insecure = values.Flag(registry, section, "insecure"),
            CertificateAuthority = values.Path(registry, section, "ca"),
            Mirror = values.Strings(registry, section, "mirrors"),
        };
    }
}
