using Crane.Names;

namespace Crane.Planning;

/// <summary>Merges the registry settings of several plans.</summary>
internal static class RegistrySettings
{
    /// <summary>Returns one setting for each registry.</summary>
    /// <exception cref="CraneException">SettingConflict, where two for one registry differ.</exception>
    public static IReadOnlyList<RegistrySetting> Merge(IEnumerable<RegistrySetting> settings)
    {
        var byHost = new Dictionary<string, RegistrySetting>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            if (RegistryAddress.HostOf(setting.RegistryHost) is var host && !byHost.TryAdd(host, setting)
                && byHost[host] with { RegistryHost = setting.RegistryHost } != setting)
                throw new CraneException(
                    CraneErrorId.SettingConflict, $"There are two different settings for registry '{setting.RegistryHost}'.",
                    "Give crane files the same entry under 'registries' and, if they are used, the same -Insecure and"
                        + " -CertificateAuthority; or run what differs one after the other.")
                { Subject = setting };
        }

        return [.. byHost.Values];
    }
}
