namespace Crane;

/// <summary>Settings of registries that survive a column of CSV: there they are written as a JSON array.</summary>
internal sealed class RegistrySettingList(IList<RegistrySetting> items) : ValueList<RegistrySetting>(items)
{
    /// <summary>The list, or null where it is null or empty.</summary>
    public static IReadOnlyList<RegistrySetting>? OfAny(IReadOnlyList<RegistrySetting>? items) =>
        items is { Count: > 0 } ? items as RegistrySettingList ?? new RegistrySettingList([.. items]) : null;

    public override string ToString() => SectionText.Write(this);
}
