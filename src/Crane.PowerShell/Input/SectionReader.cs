using Crane.CraneFile.Model;

namespace Crane.Input;

/// <summary>
/// Reads the sections of containers and plans. A section is an object with properties, or, after CSV or JSON of small depth,
/// the string that it was written as. The owner is the container or plan, as messages name it.
/// </summary>
internal sealed class SectionReader(PSObject input, string owner)
{
    public ContainerBuild? Build() =>
        Section(nameof(CraneContainer.Build), SectionKeys.Build, ContextOrJson) is { } values ? ContainerBuild.Of(values) : null;

    public ContainerPull? Pull() =>
        Section(nameof(CraneContainer.Pull), SectionKeys.Pull, Directives) is { } values ? ContainerPull.Of(values) : null;

    public ContainerPush? Push() =>
        Section(nameof(CraneContainer.Push), SectionKeys.Push, Directives) is { } values ? ContainerPush.Of(values) : null;

    public ContainerHook? Hook() =>
        Section(nameof(CraneContainer.Hook), SectionKeys.Hook, Json) is { } values ? ContainerHook.Of(values) : null;

    /// <summary>What is said about registries: a list of settings, or one; each of them, or the whole list, may have become JSON.</summary>
    public IReadOnlyList<RegistrySetting> RegistrySettings() => List(
        nameof(CraneContainer.RegistrySetting), SectionKeys.RegistrySetting,
        values => RegistrySetting.Of(values) is { RegistryHost.Length: > 0 } setting ? setting : null,
        $"a list of settings, each with a {nameof(RegistrySetting.RegistryHost)}");

    /// <summary>What the crane file says of the images of a Dockerfile, in the same forms.</summary>
    public IReadOnlyList<DeclaredBase> DeclaredBases() => List(
        nameof(CraneContainer.DeclaredBase), SectionKeys.DeclaredBase,
        values => DeclaredBase.Of(values) is { Name.Length: > 0 } declared ? declared : null,
        $"a list of images, each with a {nameof(DeclaredBase.Name)}");

    private IReadOnlyList<T> List<T>(string name, SectionKeys keys, Func<SectionValues, T?> read, string wanted)
        where T : class
    {
        return [.. Items(input.Plain(name)).Select(item =>
            item is PlainMap map && read(new SectionValues(keys, map, owner)) is { } section ? section : throw Refuse(name, wanted, item))];

        IEnumerable<object?> Items(object? value) => value switch
        {
            null or "" => [],
            string text => SectionText.Parse(text, keys, owner) is var parsed and not string ? Items(parsed) : [text],
            IReadOnlyList<object?> items => items.SelectMany(item => item is null ? [item] : Items(item)),
            _ => [value],
        };
    }

    private SectionValues? Section(string name, SectionKeys keys, Func<string, SectionKeys, SectionValues> ofText) =>
        input.Plain(name) switch
        {
            null or "" => null,
            string text => ofText(text, keys),
            PlainMap map => new SectionValues(keys, map, owner),
            var other => throw Refuse(name, "a section", other),
        };

    // A string is the context, or the whole section where there was more to say.
    private SectionValues ContextOrJson(string text, SectionKeys keys) => text.StartsWith('{')
        ? Json(text, keys)
        : new SectionValues(keys, new PlainMap([(nameof(ContainerBuild.Context), text)]), owner);

    private SectionValues Directives(string text, SectionKeys keys) => DirectiveText.Read(text, keys, owner);

    private SectionValues Json(string text, SectionKeys keys) => SectionText.Read(text, keys, owner);

    private CraneException Refuse(string name, string wanted, object? value) => new(
        CraneErrorId.InvalidValue, $"The property '{name}' of {owner} must be {wanted}, not {PlainMap.KindOf(value)}.",
        "Leave it as Get-CraneContainer or Get-CraneRetagPlan wrote it.");
}
