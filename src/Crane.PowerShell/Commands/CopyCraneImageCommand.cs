using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Copies images between registries, without an engine.</summary>
/// <remarks>
/// <para>Copies each container's image from where it is pulled from to where it is pushed to, without using the local disk.
/// Containers without a push target are skipped. The digest and all platforms of an image stay the same, so signatures remain
/// valid.</para>
/// <para>All images of a run are copied as a single job. A layer that several images need is sent once; other repositories of the
/// same registry mount it. An image whose digest the target already has is up to date and takes two requests. Tags are written
/// last, so they always refer to complete images. If a copy was interrupted, run it again: only what is missing is sent.</para>
/// <para>Connections use https, with the certificates trusted by the system, docker's certs.d folders, or the crane file's
/// registries section. Plain http is used only on this machine, and where the crane file says insecure or -Insecure is given. Proxies come from the
/// environment, credentials from -Credential, -RegistryCredential, or docker's configuration.</para>
/// <para>-CertificateAuthority and -Insecure are for all registries in the names. Without them, -Source and -Destination also use the
/// registries section of the crane file in the current location or its nearest parent, if there is one.</para>
/// </remarks>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers to copy, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Copy plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier copies, to be run again.</input>
/// <input cref="PSObject">
/// Objects or hashtables with Source and Target or Destination, with a Name alone, or with LiteralPath or PSPath, such as files.
/// </input>
/// <example>
/// Copy a stack to a personal registry
/// <code>
/// Copy-CraneImage -Variable @{ USER = 'bob' }
/// </code>
/// <para>Copies the group default, or all containers, of the crane file in the current location or its nearest parent.</para>
/// </example>
/// <example>
/// Copy one image with its signatures
/// <code>
/// Copy-CraneImage -Source registry.company.co/company/service:1.4 -Destination backup.company.co/company/service:1.4 -IncludeReferrers
/// </code>
/// <para>Copies everything that refers to the image, too: OCI referrers and cosign's tags.</para>
/// </example>
/// <example>
/// Copy two platforms
/// <code>
/// Copy-CraneImage -Source docker.io/library/alpine:3 -Destination registry.company.co/base/alpine:3 -Platform linux/amd64, linux/arm64
/// </code>
/// <para>The target gets an index of these two. For a single platform it gets the image itself.</para>
/// </example>
/// <example>
/// Send images back upstream
/// <code>
/// Copy-CraneImage service -From mine -To official -Tag 1.4
/// </code>
/// <para>Copies the image from one of the crane file's remotes to another. With Get-CraneRetagPlan Copy, which has the same
/// parameters, it can be reviewed first.</para>
/// </example>
/// <example>
/// Plan, review, copy
/// <code>
/// Get-CraneRetagPlan Copy | Export-Csv copies.csv
/// Import-Csv copies.csv | Copy-CraneImage
/// </code>
/// <para>Any file with the columns Source and Target works.</para>
/// </example>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommon.Copy, "CraneImage", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class CopyCraneImageCommand : PlanCommand
{
    private const string ReferenceSet = "Reference";

    /// <summary>
    /// The remote of the crane file to copy from. With <see cref="From"/> and <see cref="To"/>, the pull and push sections of the
    /// containers do not count, except push.skip, and what is built here is copied as well. The tag is that of the image.
    /// </summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(RemoteCompleter)), ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>The remote of the crane file to copy to; its overwrite applies.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(RemoteCompleter)), ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>The image to read, in a registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageCompleter)), ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write, including the registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias(nameof(RetagPlan.Target)), ArgumentCompleter(typeof(ImageCompleter)), ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <inheritdoc cref="EngineMoveCommand.Container"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <inheritdoc cref="EngineMoveCommand.Operation"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>
    /// The platforms to copy, such as linux/amd64 or linux/arm/v7. The default is all platforms of the image. A Windows version
    /// or its first numbers can follow a colon: windows/amd64:10.0.20348.
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(PlatformCompleter)), ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>Also copies what refers to the images: signatures, attestations, SBOMs.</summary>
    [Parameter]
    public SwitchParameter IncludeReferrers { get; set; }

    /// <summary>
    /// Also copies foreign layers, which publishers keep outside of registries, as in older Windows base images. They are read
    /// from the source or from the addresses in the image, and every image is processed, as with -Force. Check the publisher's
    /// license first.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeForeignLayer { get; set; }

    /// <summary>Processes every image without checking whether it is up to date. What the target has is not sent again.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Whether an image that the target has already is replaced. Lease, the default, refuses with TargetMoved if somebody
    /// else has changed it: if it is not what the plan says. Without a resolved plan it is replaced. Never refuses with
    /// TargetExists. Always replaces it.</para>
    /// <para>This overrides the crane file. Registries cannot compare and replace in one step, so a change by somebody else in the
    /// last milliseconds is not noticed.</para>
    /// </summary>
    [Parameter]
    public OverwriteMode? Overwrite { get; set; }

    /// <inheritdoc cref="EngineMoveCommand.Atomic"/>
    [Parameter]
    public SwitchParameter Atomic { get; set; }

    /// <summary>
    /// Takes images by the digest in the lock file crane.lock, beside the crane file. What the lock does not have is the error
    /// NotLocked, and what the crane file has changed since is LockOutdated. If the lock says what the target had, a target that has
    /// something else now is TargetMoved. The lock itself stays as it is: see <see cref="UpdateCraneLockCommand"/>.
    /// </summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.CertificateAuthority"/>
    [Parameter(ParameterSetName = ReferenceSet), Parameter(ParameterSetName = InputObjectSet), ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.Insecure"/>
    [Parameter(ParameterSetName = ReferenceSet), Parameter(ParameterSetName = InputObjectSet)]
    public SwitchParameter Insecure { get; set; }

    private protected override NamedRegistries Registries =>
        field ??= new(SessionState.Path, Insecure, CertificateAuthority, WriteWarning);

    private protected override bool IsLocked => Locked;

    internal override RunOptions Options => base.Options with { Force = Force, IsAtomic = Atomic, Overwrite = Overwrite };

    private protected override (string From, string To)? Route => RouteOf(From, To);

    private protected override IReadOnlyList<RetagOperation> Operations => [RetagOperation.Copy];

    private protected override RetagPlan? PlanFromParameters => ParameterSetName != ReferenceSet ? null : new RetagPlan
    {
        Container = Container,
        Operation = Operation ?? RetagOperation.Copy,
        Source = Source,
        Target = Destination,
    };

    private protected override void Run(IReadOnlyList<RetagPlan> plans)
    {
        if (TryGet(TransferOptions) is { } options)
            new MoveSession(this, [new EngineChoice(null, "")], options, (store, cancellation) =>
                Adapters.Current.OpenCopierAsync(store, options, ThrottleLimit, cancellation)).Run(plans);
    }

    private TransferOptions TransferOptions() => new()
    {
        Platforms = Platform.Select(ImageRequest.PlatformOf).ToList(),
        IncludeReferrers = IncludeReferrers,
        IncludeForeignLayers = IncludeForeignLayer,
    };
}
