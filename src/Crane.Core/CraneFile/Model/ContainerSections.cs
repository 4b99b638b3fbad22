using Crane.CraneFile.Model;

namespace Crane;

/// <summary>The <c>build</c> section of a container. The keys mean what the flags of <c>docker build</c> mean; null means that the file does not say.</summary>
public sealed record ContainerBuild
{
    internal ContainerBuild()
    {
    }

    /// <summary>Full path of the context folder, or the address of a git or http context.</summary>
    public string Context { get; internal init; } = "";

    /// <summary>The Dockerfile, relative to the context; null means <c>Dockerfile</c>.</summary>
    public string? File { get; internal init; }

    /// <summary>Build arguments as <c>NAME=value</c>, or <c>NAME</c> to take the value from the environment.</summary>
    public IReadOnlyList<string>? Argument { get; internal init => field = StringList.OfAny(value); }

    /// <summary>The stage to build; null means the last one.</summary>
    public string? Target { get; internal init; }

    /// <summary>Network mode of RUN steps; null means the engine's default.</summary>
    public string? Network { get; internal init; }

    /// <summary>Platforms as <c>os/arch[/variant]</c>.</summary>
    public IReadOnlyList<string>? Platform { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Labels as <c>name=value</c>.</summary>
    public IReadOnlyList<string>? Label { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Secrets as <c>id=…,src=…</c> or <c>id=…,env=…</c>: where they are, never what they are.</summary>
    public IReadOnlyList<string>? Secret { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Cache sources.</summary>
    public IReadOnlyList<string>? CacheFrom { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Cache destinations.</summary>
    public IReadOnlyList<string>? CacheTo { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Extra hosts as <c>host:address</c>.</summary>
    public IReadOnlyList<string>? AddHost { get; internal init => field = StringList.OfAny(value); }

    internal static ContainerBuild Of(SectionValues values) => new()
    {
        Context = values.Text(nameof(Context)) ?? "",
        File = values.Text(nameof(File)),
        Argument = values.Texts(nameof(Argument)),
        Target = values.Text(nameof(Target)),
        Network = values.Text(nameof(Network)),
        Platform = values.Texts(nameof(Platform)),
        Label = values.Texts(nameof(Label)),
        Secret = values.Texts(nameof(Secret)),
        CacheFrom = values.Texts(nameof(CacheFrom)),
        CacheTo = values.Texts(nameof(CacheTo)),
        AddHost = values.Texts(nameof(AddHost)),
    };

    /// <summary>The context; where more is said, all of it as a JSON object, so that a column of CSV keeps it.</summary>
    public override string ToString()
    {
        var contextOnly = new ContainerBuild { Context = Context };
        return this == contextOnly ? Context : SectionText.Write(this);
    }
}

/// <summary>Host commands around a build, from <c>hooks</c> of a container or of a group that lists it.</summary>
public sealed record ContainerHook
{
    internal ContainerHook()
    {
    }

    /// <summary>Runs before the build; null for none.</summary>
    public string? PreBuild { get; internal init; }

    /// <summary>Runs after the build; null for none.</summary>
    public string? PostBuild { get; internal init; }

    internal static ContainerHook Of(SectionValues values) => new()
    {
        PreBuild = values.Text(nameof(PreBuild)),
        PostBuild = values.Text(nameof(PostBuild)),
    };

    /// <summary>The commands as a JSON object, so that a column of CSV keeps them.</summary>
    public override string ToString() => SectionText.Write(this);
}

/// <summary>The <c>pull</c> section of a container.</summary>
public sealed record ContainerPull
{
    internal ContainerPull()
    {
    }

    /// <summary>Registry to pull from, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>Whether it says where the image is.</summary>
    internal bool IsDirective => Registry is { Length: > 0 } || OverrideUser is { Length: > 0 };

    internal static ContainerPull Of(SectionValues values) => new()
    {
        Registry = values.Text(nameof(Registry)),
        OverrideUser = values.Text(nameof(OverrideUser)),
    };

    /// <summary>The directives as in <c>registry=r.co; override_user=me</c>; what CSV shows.</summary>
    public override string ToString() => DirectiveText.Write(this, ("registry", [Registry]), ("override_user", [OverrideUser]));
}

/// <summary>The <c>push</c> section of a container.</summary>
public sealed record ContainerPush
{
    internal ContainerPush()
    {
    }

    /// <summary>Registry to push to, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>Whether the image is never pushed.</summary>
    public bool Skip { get; internal init; }

    /// <summary>Tags to push under instead of the image's own; null means its own.</summary>
    public IReadOnlyList<string>? Tag { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Whether it says where the image goes: a tag alone does not.</summary>
    internal bool IsDirective => !Skip && (Registry is { Length: > 0 } || OverrideUser is { Length: > 0 });

    internal static ContainerPush Of(SectionValues values) => new()
    {
        Registry = values.Text(nameof(Registry)),
        OverrideUser = values.Text(nameof(OverrideUser)),
        Skip = values.Flag(nameof(Skip)),
        Tag = values.Texts(nameof(Tag)),
    };

    /// <summary>The directives as in <c>registry=r.co; override_user=me; skip=true; tag=1,latest</c>; what CSV shows.</summary>
    public override string ToString() => DirectiveText.Write(
        this,
        ("registry", [Registry]),
        ("override_user", [OverrideUser]),
        ("skip", Skip ? ["true"] : null),
        ("tag", Tag));
}

/// <summary>An image of a Dockerfile that the crane file declares: no builder may look for it in a public registry.</summary>
public sealed record DeclaredBase
{
    internal DeclaredBase()
    {
    }

    /// <summary>The image, as the Dockerfile writes it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The container whose image it is; null where the Dockerfile pins another tag of that image.</summary>
    public string? Container { get; internal init; }

    /// <summary>Where it is pulled from; null where the crane file does not say, as of an image that is only built here.</summary>
    public string? PullReference { get; internal init; }

    internal static DeclaredBase Of(SectionValues values) => new()
    {
        Name = values.Text(nameof(Name)) ?? "",
        Container = values.Text(nameof(Container)),
        PullReference = values.Text(nameof(PullReference)),
    };

    /// <summary>All of it as a JSON object, so that it survives where only a text fits.</summary>
    public override string ToString() => SectionText.Write(this);
}

/// <summary>How a registry is spoken to: an entry of <c>registries</c> in a crane file.</summary>
public sealed record RegistrySetting
{
    internal RegistrySetting()
    {
    }

    /// <summary>The registry's host, with its port if it has one.</summary>
    public string RegistryHost { get; internal init; } = "";

    /// <summary>Whether plain http and unverified TLS are allowed.</summary>
    public bool Insecure { get; internal init; }

    /// <summary>Full path of a file of CA certificates to trust; null for the system's.</summary>
    public string? CertificateAuthority { get; internal init; }

    /// <summary>Registries to read from first.</summary>
    public IReadOnlyList<string> Mirror { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    internal static RegistrySetting Of(SectionValues values) => new()
    {
        RegistryHost = values.Text(nameof(RegistryHost)) ?? "",
        Insecure = values.Flag(nameof(Insecure)),
        CertificateAuthority = values.Text(nameof(CertificateAuthority)),
        Mirror = values.Texts(nameof(Mirror)),
    };

    /// <summary>The setting as a JSON object, so that it survives where only a text fits.</summary>
    public override string ToString() => SectionText.Write(this);
}
