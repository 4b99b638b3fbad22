using Crane.Commands.Base;
using Crane.Input;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Copies images from registry to registry, without an engine.</summary>
/// <remarks>
/// <para>For each container the image is copied from where it is pulled to where it is pushed, without touching this machine's
/// disk. It is skipped where nothing says where it is pushed to. The digest stays the same, with all platforms that the image is for: what is signed stays signed.</para>
/// <para>All images of a run are one job. A layer that several of them need crosses once; the other repositories of the same
/// registry take it from there. An image whose digest the target has already is up to date, and takes two requests. What the
/// target shows under a tag is complete at any time: the tag is written last. A copy that was stopped, whatever the cause, goes
/// on with what is missing when it is run again.</para>
/// <para>Registries are asked over https, with the certificates that this machine, docker's certs.d folders, or the crane
/// file's registries section trust; over http only on this machine itself, or where the crane file says insecure. Proxies are those of
/// the environment. Credentials are those of -Credential, of -RegistryCredential, or of docker's configuration.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers to copy, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagPlan">Copy plans to run, live or read back.</input>
/// <input cref="RetagResult">Results of earlier copies, to be run again.</input>
/// <input cref="PSObject">Objects with the properties Source and Destination or Target, or with LiteralPath or PSPath, such as files.</input>
/// <example>
/// Copy a stack to a personal registry
/// <code>
/// Copy-CraneImage -Variable @{ USER = 'bob' }
/// </code>
/// <para>Copies the group default, or all containers, of the crane file of the current location or of its nearest parent.</para>
/// </example>
/// <example>
/// Copy one image with its signatures
/// <code>
/// Copy-CraneImage -Source registry.company.co/company/service:1.4 -Destination backup.company.co/company/service:1.4 -IncludeReferrers
/// </code>
/// <para>What refers to the image comes along: by the OCI's referrers, and by the tags of cosign.</para>
/// </example>
/// <example>
/// Copy for two platforms
/// <code>
/// Copy-CraneImage -Source docker.io/library/alpine:3 -Destination registry.company.co/base/alpine:3 -Platform linux/amd64, linux/arm64
/// </code>
/// <para>The target gets an index of just these. For one platform it gets the image itself.</para>
/// </example>
/// <example>
/// Plan, review, copy
/// <code>
/// Get-CraneRetagPlan Copy | Export-Csv copies.csv
/// Import-Csv copies.csv | Copy-CraneImage
/// </code>
/// <para>Any file with the columns Source and Target will do.</para>
/// </example>
/// <seealso cref="GetCraneRetagPlanCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommon.Copy, "CraneImage", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(RetagResult))]
public sealed class CopyCraneImageCommand : PlanCommand
{
    private const string ReferenceSet = "Reference";

    /// <summary>The image to read, in its registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write it to, with its registry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias(nameof(RetagPlan.Target)), ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <inheritdoc cref="InvokeCranePullCommand.Container"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <inheritdoc cref="InvokeCranePullCommand.Operation"/>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>
    /// The platforms to copy, such as linux/amd64 or linux/arm/v7; without it, all that the image is for. A version of Windows
    /// follows a colon, whole or its first numbers: windows/amd64:10.0.20348.
    /// </summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>Copies what refers to the images, too: signatures, attestations, bills of material.</summary>
    [Parameter]
    public SwitchParameter IncludeReferrers { get; set; }

    /// <summary>
    /// Copies foreign layers, too, which their publisher keeps outside of registries, as older base images of Windows have them.
    /// They are read from the source, or from the addresses that the image gives. Without it, they stay where they are. Every
    /// image is gone through then, as with -Force. Look at the publisher's license first.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeForeignLayer { get; set; }

    /// <summary>Goes through every image, without asking whether it is up to date; what the target has is not sent again.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IReadOnlyList<RetagOperation> Runs => [RetagOperation.Copy];

    private protected override RetagPlan? PlanOfParameters => ParameterSetName != ReferenceSet ? null : new RetagPlan
    {
        Container = Container,
        Operation = Operation ?? RetagOperation.Copy,
        Source = Source,
        Target = Destination,
    };

    private protected override void Run(IReadOnlyList<RetagPlan> plans)
    {
        if (TryCheck(Options) is { } options)
            new MoveSession(this, null, Force, (store, cancellation) =>
                Adapters.Current.OpenCopierAsync(store, options, ThrottleLimit, cancellation)).Run(plans);
    }

    private TransferOptions Options() => new()
    {
        Platforms = Platform.Select(ImageRequest.PlatformOf).ToList(),
        IncludeReferrers = IncludeReferrers,
        IncludeForeignLayers = IncludeForeignLayer,
    };
}
