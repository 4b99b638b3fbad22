using Crane.Completion;
using Crane.Input;
using Crane.Moving.Run;

namespace Crane.Commands.Base;

/// <summary>The base of the cmdlets that move images between registries and an engine.</summary>
public abstract class EngineMoveCommand : PlanCommand
{
    private const string ReferenceSet = "Reference";

    private protected EngineMoveCommand() { }

    /// <summary>The image to read.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageCompleter)), ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Destination"), ArgumentCompleter(typeof(ImageCompleter)), ValidateNotNullOrEmpty]
    public string Target { get; set; } = "";

    /// <summary>The container that the plan is for; shown in the result, errors and progress.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <summary>The plan's operation. The default is this cmdlet's; any that it does not run is an error.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>
    /// <para>The engine that holds the local images: the name of a docker context, or an address such as
    /// unix:///run/docker.sock, ssh://USER@HOST, tcp://HOST:2376, https://HOST:2376 or npipe:////./pipe/docker_engine. With several,
    /// everything is done on each of them, and the Engine of a result says where; one that cannot be reached does not affect the
    /// others.</para>
    /// <para>To pull and push without an engine, give a folder as oci:FOLDER: an OCI image layout, which is created if there is
    /// none.</para>
    /// <para>The default is the variable CRANE_ENGINE, with semicolons between several, otherwise what docker itself would use. The
    /// name docker means the latter even if CRANE_ENGINE is set. See about_Crane.</para>
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string[]? Engine { get; set; }

    /// <summary>
    /// Moves images even if they are up to date. A pull may then remove the last name of an image that exists nowhere else; a push
    /// may remove platforms from the target, and replaces it whatever it is, except where overwrite is never.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Names all images or none: their content is moved first, and if one of them fails, all names stay as they were. The others
    /// are then Canceled. A run that was killed is finished or put back by the next one.
    /// </summary>
    [Parameter]
    public SwitchParameter Atomic { get; set; }

    /// <summary>
    /// Goes by the digests in the lock file crane.lock, beside the crane file. Images are pulled by them: what the lock does not have is
    /// the error NotLocked, and what the crane file has changed since is LockOutdated. Where the lock says what the target of a push had,
    /// a target that has something else now is TargetMoved. The lock itself stays as it is: see <see cref="UpdateCraneLockCommand"/>.
    /// </summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.CertificateAuthority"/>
    [Parameter(ParameterSetName = ReferenceSet), Parameter(ParameterSetName = InputObjectSet), ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.Insecure"/>
    [Parameter(ParameterSetName = ReferenceSet), Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter Insecure { get; set; }

    internal override IReadOnlyList<EngineChoice> Engines => EngineList.Of(SessionState.Path, Engine);

    private protected override bool IsLocked => Locked;

    internal override RunOptions Options => base.Options with { Force = Force, IsAtomic = Atomic };

    private protected override NamedRegistries Registries =>
        field ??= new(SessionState.Path, Insecure, CertificateAuthority, WriteWarning);

    private protected override RetagPlan? PlanFromParameters => ParameterSetName != ReferenceSet ? null : new RetagPlan
    {
        Container = Container,
        Operation = Operation ?? Operations[0],
        Source = Source,
        Target = Target,
    };

    private protected override void Finish()
    {
        if (Registries.AreGiven && Engines.Any(engine => !FileSystemPath.IsLayout(engine.Engine)))
            WriteWarning(
                "An engine pulls and pushes with settings of its own, whatever -Insecure and -CertificateAuthority say."
                    + " Set in the engine which registries it trusts, or move images without it: with -Engine oci:FOLDER, or with"
                    + " Copy-CraneImage.");
        base.Finish();
    }
}
