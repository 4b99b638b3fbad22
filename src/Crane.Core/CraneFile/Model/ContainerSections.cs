using Crane.CraneFile.Model;

namespace Crane;

/// <summary>The <c>build</c> section of a container. The keys are the flags of <c>docker build</c>; null means not set.</summary>
public sealed record ContainerBuild
{
    internal ContainerBuild() { }

    /// <summary>Full path of the context folder, or the URL of a git or http context.</summary>
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

    /// <summary>Secrets as <c>id=…,src=…</c> or <c>id=…,env=…</c>: never their values.</summary>
    public IReadOnlyList<string>? Secret { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Cache sources.</summary>
    public IReadOnlyList<string>? CacheFrom { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Cache destinations.</summary>
    public IReadOnlyList<string>? CacheTo { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Extra hosts as <c>host:address</c>.</summary>
    public IReadOnlyList<string>? AddHost { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Named contexts as <c>name=value</c>: a folder, an address, or <c>docker-image://</c> and an image.</summary>
    public IReadOnlyList<string>? BuildContext { get; internal init => field = StringList.OfAny(value); }

    internal static ContainerBuild Of(SectionValues values) => new()
    {
        Context = values.String(nameof(Context)) ?? "",
        File = values.String(nameof(File)),
        Argument = values.Strings(nameof(Argument)),
        Target = values.String(nameof(Target)),
        Network = values.String(nameof(Network)),
        Platform = values.Strings(nameof(Platform)),
        Label = values.Strings(nameof(Label)),
        Secret = values.Strings(nameof(Secret)),
        CacheFrom = values.Strings(nameof(CacheFrom)),
        CacheTo = values.Strings(nameof(CacheTo)),
        AddHost = values.Strings(nameof(AddHost)),
        BuildContext = values.Strings(nameof(BuildContext)),
    };

    /// <summary>The context; the whole section as JSON if it has more, so that CSV keeps it.</summary>
    public override string ToString()
    {
        var contextOnly = new ContainerBuild { Context = Context };
        return this == contextOnly ? Context : SectionText.Write(this);
    }
}

/// <summary>Host commands before and after a build, and before an image gets its name, from <c>hooks</c> of the container or of a group that contains it.</summary>
public sealed record ContainerHook
{
    internal ContainerHook() { }

    /// <summary>Runs before the build; null for none.</summary>
    public string? PreBuild { get; internal init; }

    /// <summary>Runs after the build; null for none.</summary>
    public string? PostBuild { get; internal init; }

    /// <summary>Runs before a pulled, pushed or copied image gets its name, and keeps it from that by failing; null for none.</summary>
    public string? PreTag { get; internal init; }

    /// <summary>Only the command that concerns moves as well; null for none.</summary>
    internal ContainerHook? GateOnly => PreTag is null ? null : this with { PreBuild = null, PostBuild = null };

    internal static ContainerHook Of(SectionValues values) => new()
    {
        PreBuild = values.String(nameof(PreBuild)),
        PostBuild = values.String(nameof(PostBuild)),
        PreTag = values.String(nameof(PreTag)),
    };

    /// <summary>The commands as JSON, so that CSV keeps them.</summary>
    public override string ToString() => SectionText.Write(this);
}

/// <summary>The <c>pull</c> section of a container.</summary>
public sealed record ContainerPull
{
    internal ContainerPull() { }

    /// <summary>Registry to pull from, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>How long a new image must have been seen before a lock takes it, such as <c>3d</c>; null if the section does not say.</summary>
    public string? MinimumAge { get; internal init; }

    internal bool IsDirective => Registry is { Length: > 0 } || OverrideUser is { Length: > 0 };

    /// <summary>Whether it is <c>pull: false</c>: the image is pulled by its own name, whatever the default.</summary>
    internal bool IsOff { get; init; }

    internal static ContainerPull Of(SectionValues values) => new()
    {
        Registry = values.String(nameof(Registry)),
        OverrideUser = values.String(nameof(OverrideUser)),
        MinimumAge = values.String(nameof(MinimumAge)),
    };

    /// <summary>The directives as in <c>registry=r.co; override_user=me</c>, also in CSV.</summary>
    public override string ToString() => DirectiveText.Write(
        this, ("registry", [Registry]), ("override_user", [OverrideUser]), ("minimum_age", [MinimumAge]));
}

/// <summary>The <c>push</c> section of a container.</summary>
public sealed record ContainerPush
{
    internal ContainerPush() { }

    /// <summary>Registry to push to, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>Whether the image is never pushed.</summary>
    public bool Skip { get; internal init; }

    /// <summary>Tags to push under instead of the image's own; null means its own.</summary>
    public IReadOnlyList<string>? Tag { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Whether a target that exists is overwritten; null for the default.</summary>
    public OverwriteMode? Overwrite { get; internal init; }

    /// <summary>Patterns of tags that are never overwritten, whatever else is said; null for none.</summary>
    public IReadOnlyList<string>? NeverOverwrite { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Patterns of tags that are always overwritten; null for none.</summary>
    public IReadOnlyList<string>? AlwaysOverwrite { get; internal init => field = StringList.OfAny(value); }

    /// <summary>Whether it says where to push: a tag alone does not.</summary>
    internal bool IsDirective => !Skip && (Registry is { Length: > 0 } || OverrideUser is { Length: > 0 });

    internal static ContainerPush Of(SectionValues values) => new()
    {
        Registry = values.String(nameof(Registry)),
        OverrideUser = values.String(nameof(OverrideUser)),
        Skip = values.Flag(nameof(Skip)),
        Tag = values.Strings(nameof(Tag)),
        Overwrite = values.Member<OverwriteMode>(nameof(Overwrite)),
        NeverOverwrite = values.Strings(nameof(NeverOverwrite)),
        AlwaysOverwrite = values.Strings(nameof(AlwaysOverwrite)),
    };

    /// <summary>The directives as in <c>registry=r.co; tag=1,latest; overwrite=lease; never=v*</c>, also in CSV.</summary>
    public override string ToString() => DirectiveText.Write(
        this,
        ("registry", [Registry]),
        ("override_user", [OverrideUser]),
        ("skip", Skip ? ["true"] : null),
        ("tag", Tag),
        ("overwrite", [Overwrite?.ToString().ToLowerInvariant()]),
        ("never", NeverOverwrite),
        ("always", AlwaysOverwrite));
}

/// <summary>An image in a Dockerfile that the crane file declares, so that no builder may look for it in a public registry.</summary>
public sealed record DeclaredBase
{
    internal DeclaredBase() { }

    /// <summary>The image, as the Dockerfile writes it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The container that declares it; null if the Dockerfile has another tag of that image.</summary>
    public string? Container { get; internal init; }

    /// <summary>Where to pull it from; null if the crane file does not say, as for an image that is only built here.</summary>
    public string? PullReference { get; internal init; }

    internal static DeclaredBase Of(SectionValues values) => new()
    {
        Name = values.String(nameof(Name)) ?? "",
        Container = values.String(nameof(Container)),
        PullReference = values.String(nameof(PullReference)),
    };

    /// <summary>All of it as JSON, so that CSV keeps it.</summary>
    public override string ToString() => SectionText.Write(this);
}

/// <summary>How to connect to a registry: an entry of <c>registries</c> in a crane file.</summary>
public sealed record RegistrySetting
{
    internal RegistrySetting() { }

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
        RegistryHost = values.String(nameof(RegistryHost)) ?? "",
        Insecure = values.Flag(nameof(Insecure)),
        CertificateAuthority = values.String(nameof(CertificateAuthority)),
        Mirror = values.Strings(nameof(Mirror)),
    };

    /// <summary>The setting as JSON, so that CSV keeps it.</summary>
    public override string ToString() => SectionText.Write(this);
}
