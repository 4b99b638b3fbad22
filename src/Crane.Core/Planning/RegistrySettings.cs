using Crane.Names;

namespace Crane.Planning;

/// <summary>What is said about registries, taken together.</summary>
internal static class RegistrySettings
{
    /// <summary>The settings, one for each registry.</summary>
    /// <exception cref="CraneException">InvalidValue where two of them disagree, as those of two crane files may.</exception>
    public static IReadOnlyList<RegistrySetting> Merge(IEnumerable<RegistrySetting> settings)
    {
        var byHost = new Dictionary<string, RegistrySetting>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            if (RegistryAddress.HostOf(setting.RegistryHost) is var host && !byHost.TryAdd(host, setting)
                && byHost[host] with { RegistryHost = setting.RegistryHost } != setting)
                throw new CraneException(
                    CraneErrorId.SettingConflict,
                    $"Two crane files differ about how the registry '{setting.RegistryHost}' is spoken to.",
                    "Give both the same entry under 'registries', or run them one after the other.")
                {
                    Target = setting,
                };
        }

        return [.. byHost.Values];
    }
}
