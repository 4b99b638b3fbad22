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
    public IReadOnlyList<string>? Argument { get; internal init => field = TextList.OfAny(value); }

    /// <summary>The stage to build; null means the last one.</summary>
    public string? Target { get; internal init; }

    /// <summary>Network mode of RUN steps; null means the engine's default.</summary>
    public string? Network { get; internal init; }

    /// <summary>Platforms as <c>os/arch[/variant]</c>.</summary>
    public IReadOnlyList<string>? Platform { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Labels as <c>name=value</c>.</summary>
    public IReadOnlyList<string>? Label { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Secrets as <c>id=…,src=…</c> or <c>id=…,env=…</c>: where they are, never what they are.</summary>
    public IReadOnlyList<string>? Secret { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Cache sources.</summary>
    public IReadOnlyList<string>? CacheFrom { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Cache destinations.</summary>
    public IReadOnlyList<string>? CacheTo { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Extra hosts as <c>host:address</c>.</summary>
    public IReadOnlyList<string>? AddHost { get; internal init => field = TextList.OfAny(value); }

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
