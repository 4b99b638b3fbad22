using System.Management.Automation;

namespace Crane.Commands;

/// <summary>
/// Reads containers, live or from another program's hands. A section is an object with properties, or, after CSV,
/// the text that it was written as.
/// </summary>
internal static class ContainerReader
{
    private const string OverrideUserKey = "override_user";

    public static bool IsContainer(PSObject input) =>
        input.BaseObject is CraneContainer || (input.Has(nameof(CraneContainer.Name)) && input.Has(nameof(CraneContainer.Image)));

    /// <summary>The container.</summary>
    /// <exception cref="CraneException">InvalidValue for an object that is none, or that was cut off on its way.</exception>
    public static CraneContainer Read(PSObject input) =>
        input.BaseObject as CraneContainer ?? (IsContainer(input) ? Rebuild(input) : throw InputErrors.NeitherNor(input, "a container"));

    /// <summary>The build section of a container or plan.</summary>
    public static ContainerBuild? BuildSection(PSObject input) => Section(input, nameof(CraneContainer.Build), BuildOf, BuildOf);

    /// <summary>The hooks of a container or plan.</summary>
    public static ContainerHook? HookSection(PSObject input) =>
        Section(input, nameof(CraneContainer.Hook), HookOf, text => HookOf(InputJson.Object(text)));

    /// <summary>The registry settings of a container or plan.</summary>
    public static IReadOnlyList<RegistrySetting> RegistrySettings(PSObject input) =>
        [.. input.NestedList(nameof(CraneContainer.RegistrySetting)).Select(SettingOf)];

    private static CraneContainer Rebuild(PSObject input) => new()
    {
        Name = input.Text(nameof(CraneContainer.Name)) ?? "",
        Image = input.Text(nameof(CraneContainer.Image)),
        Build = BuildSection(input),
        Pull = Section(input, nameof(CraneContainer.Pull), PullOf, PullOf),
        Push = Section(input, nameof(CraneContainer.Push), PushOf, PushOf),
        PullReference = input.Text(nameof(CraneContainer.PullReference)),
        PushReference = input.Text(nameof(CraneContainer.PushReference)),
        Requires = input.Texts(nameof(CraneContainer.Requires)),
        Group = input.Texts(nameof(CraneContainer.Group)),
        Hook = HookSection(input),
        RegistrySetting = RegistrySettings(input),
        Path = input.Text(nameof(CraneContainer.Path)),
        Line = input.Number(nameof(CraneContainer.Line)),
    };

    private static T? Section<T>(PSObject input, string name, Func<PSObject, T> ofObject, Func<string, T> ofText)
        where T : class =>
        input.Nested(name) is { } section ? ofObject(section)
        : input.Text(name) is { } text ? ofText(text)
        : null;

    private static ContainerBuild BuildOf(PSObject build) => new()
    {
        Context = build.Text(nameof(ContainerBuild.Context)) ?? "",
        File = build.Text(nameof(ContainerBuild.File)),
        Argument = build.Texts(nameof(ContainerBuild.Argument)),
        Target = build.Text(nameof(ContainerBuild.Target)),
        Network = build.Text(nameof(ContainerBuild.Network)),
        Platform = build.Texts(nameof(ContainerBuild.Platform)),
        Label = build.Texts(nameof(ContainerBuild.Label)),
        Secret = build.Texts(nameof(ContainerBuild.Secret)),
        CacheFrom = build.Texts(nameof(ContainerBuild.CacheFrom)),
        CacheTo = build.Texts(nameof(ContainerBuild.CacheTo)),
        AddHost = build.Texts(nameof(ContainerBuild.AddHost)),
    };

    // A context, or the whole section as JSON where there was more to say.
    private static ContainerBuild BuildOf(string text) =>
        text.StartsWith('{') ? BuildOf(InputJson.Object(text)) : new ContainerBuild { Context = text };

    private static ContainerHook HookOf(PSObject hook) => new()
    {
        PreBuild = hook.Text(nameof(ContainerHook.PreBuild)),
        PostBuild = hook.Text(nameof(ContainerHook.PostBuild)),
    };

    private static RegistrySetting SettingOf(PSObject setting) => new()
    {
        RegistryHost = setting.Text(nameof(RegistrySetting.RegistryHost)) ?? "",
        Insecure = setting.Flag(nameof(RegistrySetting.Insecure)),
        CertificateAuthority = setting.Text(nameof(RegistrySetting.CertificateAuthority)),
        Mirror = setting.Texts(nameof(RegistrySetting.Mirror)),
    };

    private static ContainerPull PullOf(PSObject pull)
    {
        Check(pull, nameof(CraneContainer.Pull), nameof(ContainerPull.Registry), nameof(ContainerPull.OverrideUser));
        return new ContainerPull
        {
            Registry = pull.Text(nameof(ContainerPull.Registry)),
            OverrideUser = User(pull),
        };
    }

    // As the crane file and CSV write it, too.
    private static string? User(PSObject section) => section.Text(nameof(ContainerPull.OverrideUser)) ?? section.Text(OverrideUserKey);

    // What is passed over here would go to a registry that nobody meant: a misspelt one counts as none.
    private static void Check(PSObject section, string name, params string[] known)
    {
        if (section.Properties.FirstOrDefault(property => property.Name != OverrideUserKey
            && !known.Contains(property.Name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new CraneException(
                CraneErrorId.UnknownKey, $"The {name} of a container has the property '{unknown.Name}', which means nothing.",
                $"It can have {string.Join(", ", known)}.")
            {
                Target = section,
            };
        }
    }

    private static ContainerPull PullOf(string text)
    {
        var directives = DirectiveText.Read(text);
        return new ContainerPull
        {
            Registry = directives.GetValueOrDefault("registry"),
            OverrideUser = directives.GetValueOrDefault(OverrideUserKey),
        };
    }

    private static ContainerPush PushOf(PSObject push)
    {
        Check(
            push, nameof(CraneContainer.Push),
            nameof(ContainerPush.Registry), nameof(ContainerPush.OverrideUser), nameof(ContainerPush.Skip), nameof(ContainerPush.Tag));
        return new ContainerPush
        {
            Registry = push.Text(nameof(ContainerPush.Registry)),
            OverrideUser = User(push),
            Skip = push.Flag(nameof(ContainerPush.Skip)),
            Tag = push.Texts(nameof(ContainerPush.Tag)),
        };
    }

    private static ContainerPush PushOf(string text)
    {
        var directives = DirectiveText.Read(text);
        return new ContainerPush
        {
            Registry = directives.GetValueOrDefault("registry"),
            OverrideUser = directives.GetValueOrDefault(OverrideUserKey),
            Skip = directives.ContainsKey("skip"),
            Tag = directives.GetValueOrDefault("tag")?.Split(',') ?? [],
        };
    }
}
