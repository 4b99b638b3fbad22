namespace Crane.Planning;

/// <summary>What the plans of a run say about registries, taken together.</summary>
internal static class RegistrySettings
{
    /// <summary>The settings of all plans, one for each registry.</summary>
    /// <exception cref="CraneException">InvalidValue where plans of several crane files disagree.</exception>
    public static IReadOnlyList<RegistrySetting> Of(IEnumerable<RetagPlan> plans)
    {
        var settings = new Dictionary<string, (RegistrySetting Setting, RetagPlan Plan)>(StringComparer.OrdinalIgnoreCase);
        foreach (var plan in plans)
        {
            foreach (var setting in plan.RegistrySetting ?? [])
            {
                if (settings.TryAdd(setting.RegistryHost, (setting, plan)) || settings[setting.RegistryHost].Setting == setting)
                    continue;
                var other = settings[setting.RegistryHost].Plan;
                throw new CraneException(
                    CraneErrorId.InvalidValue,
                    $"{Who(other)} and {Who(plan)} differ about how the registry '{setting.RegistryHost}' is spoken to.",
                    "Give both crane files the same entry under 'registries', or run them one after the other.")
                {
                    Target = plan,
                };
            }
        }

        return settings.Values.Select(entry => entry.Setting).ToList();

        static string Who(RetagPlan plan) => plan.Path is null ? $"The plan for '{plan.Target}'" : $"'{plan.Container}' of {plan.Path}";
    }
}
