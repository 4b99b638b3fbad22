using Crane.Completion;
using Crane.Input;

namespace Crane.Commands.Base;

/// <summary>The base of the cmdlets that build.</summary>
public abstract class BuildCommand : PlanCommand
{
    private protected BuildCommand() { }

    /// <inheritdoc cref="EngineMoveCommand.Engine"/>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string[]? Engine { get; set; }

    /// <summary>Runs every step again, without the builder's cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Always pulls base images, except those built in this run. With -Locked it changes nothing.</summary>
    [Parameter]
    public SwitchParameter Pull { get; set; }

    /// <summary>
    /// Build arguments: a hashtable of names and values, or strings: NAME=value, or NAME for the value in the environment. They
    /// override those in the crane file.
    /// </summary>
    [Parameter, ValidateNotNullOrEmpty]
    public object[] BuildArgument { get; set; } = [];

    /// <summary>The stage to build; overrides the crane file.</summary>
    [Parameter, ArgumentCompleter(typeof(StageCompleter)), ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>The network of RUN steps: none, host or default; overrides the crane file.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>The builder to use. The default is Auto. See BUILDERS in about_Crane.</summary>
    [Parameter]
    public BuilderKind Builder { get; set; }

    /// <summary>
    /// The name of a builder created with docker buildx create; implies -Builder Buildx. The default is the builder in the
    /// variable BUILDX_BUILDER or selected with docker buildx use, otherwise the engine's BuildKit.
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(BuilderCompleter)), ValidateNotNullOrEmpty]
    public string? BuilderName { get; set; }

    /// <summary>
    /// The platforms to build for, such as linux/arm64; overrides the crane file. Several platforms need Buildx, and an engine
    /// with containerd's image store.
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(PlatformCompleter)), ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>
    /// Takes base images, and images that are pulled, by the digest in the lock file crane.lock, beside the crane file. What the lock
    /// does not have is the error NotLocked, and what the crane file has changed since is LockOutdated. The lock itself stays as it is: see
    /// <see cref="UpdateCraneLockCommand"/>.
    /// </summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    internal override IReadOnlyList<EngineChoice> Engines => EngineList.Of(SessionState.Path, Engine);

    private protected override bool IsLocked => Locked;
}
