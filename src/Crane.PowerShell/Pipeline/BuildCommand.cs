using System.Management.Automation;
using Crane.Building;

namespace Crane.Commands;

/// <summary>What the cmdlets that build images have in common: how they are built in this run.</summary>
public abstract class BuildCommand : EngineCommand
{
    /// <summary>Does every step anew, whatever the builder has in its cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>
    /// Fetches bases even if they are here, to see whether they have changed: those that the crane file declares from where it
    /// pulls them, not those that containers of this run make.
    /// </summary>
    [Parameter]
    public SwitchParameter Pull { get; set; }

    /// <summary>
    /// Build arguments: a hashtable of names and values, or strings, NAME=value, or NAME for the value that the environment has.
    /// They win over those of the crane file.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[] BuildArgument { get; set; } = [];

    /// <summary>The stage to build, in place of what the crane file says.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>The network of RUN steps, in place of what the crane file says: none, host, default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>
    /// <para>What builds: Engine, the builder that every engine has in it, or Buildx, which runs BuildKit on any of its
    /// builders and can do every key of a build section.</para>
    /// <para>Auto, which is the default, takes the engine where it can do all that is planned, else Buildx where that is
    /// installed.</para>
    /// </summary>
    [Parameter]
    public BuilderKind Builder { get; set; }

    /// <summary>
    /// The name of one of Buildx's builders, made by docker buildx create; it means -Builder Buildx. Without it Buildx takes
    /// the one that docker buildx use or the variable BUILDX_BUILDER has chosen, else the engine's BuildKit.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BuilderName { get; set; }

    /// <summary>
    /// The platforms to build for, such as linux/arm64, in place of what the crane file says. Several need Buildx, and an engine
    /// with containerd's image store.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>What an image is to the crane files that were read; null where none was.</summary>
    internal Func<ImageName, DeclaredBase?>? DeclaredImages => Declared;

    /// <summary>What every build of this run is done with.</summary>
    internal BuildOptions Options => new() { NoCache = NoCache };

    /// <summary>What this run says in place of the crane file.</summary>
    internal BuildOverride Override { get; private set; } = new();

    private protected override void Finish()
    {
        if (TryCheck(() => BuildArguments.Read(BuildArgument)) is not { } arguments)
            return;
        Override = new BuildOverride
        {
            Argument = arguments,
            Target = Target,
            Network = Network,
            Platform = Platform,
        };
        base.Finish();
    }
}
