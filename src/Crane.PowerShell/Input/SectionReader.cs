using Crane.CraneFile.Model;

namespace Crane.Input;

/// <summary>
/// Reads the sections of containers and plans. A section is an object with properties or, after CSV or JSON with a small depth,
/// a string. The owner is the container or plan as named in messages.
/// </summary>
internal sealed class SectionReader(PSObject input, string owner)
{
    public ContainerBuild? Build() =>
        Section(nameof(CraneContainer.Build), SectionKeys.Build, ContextOrJson) is { } values ? ContainerBuild.Of(values) : null;

    public ContainerPull? Pull() =>
        Section(nameof(CraneContainer.Pull), SectionKeys.Pull, Directives) is { } values ? ContainerPull.Of(values) : null;

    public ContainerPush? Push() =>
        Section(nameof(CraneContainer.Push), SectionKeys.ContainerPush, Directives) is { } values ? ContainerPush.Of(values) : null;

    public ContainerHook? Hook() =>
        Section(nameof(CraneContainer.Hook), SectionKeys.Hook, Json) is { } values ? ContainerHook.Of(values) : null;

    /// <summary>Reads one setting or a list; each of them, or the whole list, may have become JSON.</summary>
    public IReadOnlyList<RegistrySetting> RegistrySettings() => List(
        nameof(CraneContainer.RegistrySetting), SectionKeys.RegistrySetting,
        values => RegistrySetting.Of(values) is { RegistryHost.Length: > 0 } setting ? setting : null,
        $"a list of settings, each with a {nameof(RegistrySetting.RegistryHost)}");

    /// <inheritdoc cref="RegistrySettings"/>
    public IReadOnlyList<DeclaredBase> DeclaredBases() => List(
        nameof(CraneContainer.DeclaredBase), SectionKeys.DeclaredBase,
        values => DeclaredBase.Of(values) is { Name.Length: > 0 } declared ? declared : null,
        $"a list of images, each with a {nameof(DeclaredBase.Name)}");

    private IReadOnlyList<T> List<T>(string name, SectionKeys keys, Func<SectionValues, T?> read, string expected)
        where T : class
    {
        return [.. Items(input.PlainValue(name)).Select(Read)];

        T Read(object? item) => item is PlainMap map && read(new SectionValues(keys, map, owner)) is { } section
            ? section
            : throw Invalid(name, expected, item);

        IEnumerable<object?> Items(object? value) => value switch
        {
            null or "" => [],
            string json => SectionText.Parse(json, keys, owner) is var parsed and not string ? Items(parsed) : [json],
            IReadOnlyList<object?> items => items.SelectMany(item => item is null ? [item] : Items(item)),
            _ => [value],
        };
    }

    private SectionValues? Section(string name, SectionKeys keys, Func<string, SectionKeys, SectionValues> parse) =>
        input.PlainValue(name) switch
        {
            null or "" => null,
            string value => parse(value, keys),
            PlainMap map => new SectionValues(keys, map, owner),
            var other => throw Invalid(name, "a section", other),
        };

    // A string is the context, or the whole section as JSON if it has more keys.
    private SectionValues ContextOrJson(string value, SectionKeys keys) => value.StartsWith('{')
        ? Json(value, keys)
        : new SectionValues(keys, new PlainMap([(nameof(ContainerBuild.Context), value)]), owner);

    private SectionValues Directives(string value, SectionKeys keys) => DirectiveText.Read(value, keys, owner);

    private SectionValues Json(string json, SectionKeys keys) => SectionText.Read(json, keys, owner);

    private CraneException Invalid(string name, string expected, object? value) => new(
        CraneErrorId.InvalidValue, $"The property '{name}' of {owner} must be {expected}, not {PlainMap.KindOf(value)}.",
        "Leave it as Get-CraneContainer or Get-CraneRetagPlan wrote it.");
}
