namespace Crane.Configuration;

/// <summary>The <c>registries</c> of a stack by their expanded hosts.</summary>
internal sealed class RegistryTable
{
    private readonly Dictionary<string, MapNode> _registries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the hosts.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="names">Expands them.</param>
    /// <param name="errors">Takes an error for each host that cannot be expanded.</param>
    public RegistryTable(CraneStack stack, StackNames names, List<CraneException> errors)
    {
        foreach (var (key, value) in stack.Registries?.Entries ?? [])
        {
            var host = names.Expand(key, out var fault);
            if (fault is not null)
                errors.Add(fault.ToException("a host in 'registries'", key.Location));
            else if (value is MapNode registry)
                _registries.TryAdd(host, registry);
        }
    }

    /// <summary>The settings of the registries that images are read from or written to.</summary>
    public IReadOnlyList<RegistrySetting> Of(IEnumerable<ImageName?> images, ValueReader values)
    {
        if (_registries.Count == 0)
            return [];
        var settings = new List<RegistrySetting>();
        foreach (var host in images.OfType<ImageName>().Select(image => image.Registry).Distinct(StringComparer.OrdinalIgnoreCase))
            if (_registries.TryGetValue(host, out var registry))
                settings.Add(Read(host, registry, values));
        return settings;
    }

    private static RegistrySetting Read(string host, MapNode registry, ValueReader values)
    {
        var section = $"registries.{host}";
        return new RegistrySetting
        {
            RegistryHost = host,
            Insecure = values.Flag(registry, section, "insecure"),
            CertificateAuthority = values.Path(registry, section, "ca"),
            Mirror = values.Texts(registry, section, "mirrors"),
        };
    }
}
