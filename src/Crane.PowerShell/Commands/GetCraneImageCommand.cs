using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Oci;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Shows the digest, platforms, layers, sizes and labels of images.</summary>
/// <remarks>
/// <para>Without -Engine an image is looked up in its registry, without pulling it; with -Engine among the local images of an
/// engine or a folder. A name without a registry is looked up first among the local images of the engine or folder that
/// Invoke-CranePull would use, then on Docker Hub; Store says where it was found. A multi-platform image is shown as an index with
/// its images in Manifest; use -Platform to show one of them.</para>
/// <para>For a container, its PullReference is shown. For a plan or a result, the image in the registry is shown: the Source of a
/// pull, or the Target of a push or copy. With -Engine the plain name is shown for all of these.</para>
/// <para>The Digest of an image in an engine is one that a registry has or had. If there are several, it is the one of the
/// PullReference or of the pull's Source. An image that exists only locally has no digest, unless the engine uses containerd's image
/// store, where every image has one.</para>
/// <para>-CertificateAuthority and -Insecure are for all registries in the names. Without them, the registries section of the crane
/// file in the current location or its nearest parent, if there is one, says how to connect.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers whose images are shown, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">Plans or results whose images are shown.</input>
/// <input cref="CraneTag">Tags whose images are shown.</input>
/// <input cref="string">Names of images; also as objects that have a Name and nothing else that matters.</input>
/// <example>
/// Look at an image before pulling it
/// <code>
/// Get-CraneImage docker.io/library/alpine:3 | Select-Object Digest, Platform
/// (Get-CraneImage docker.io/library/alpine:3 -Platform linux/arm64).SizeBytes
/// </code>
/// <para>The first line shows the index, the second the size of its image for one platform.</para>
/// </example>
/// <example>
/// Compare local images with the registry
/// <code>
/// Get-CraneContainer | Where-Object PullReference | ForEach-Object {
///     [pscustomobject]@{
///         Container = $_.Name
///         Registry  = ($_ | Get-CraneImage).Digest
///         Local     = ($_ | Get-CraneImage -Engine docker).Digest
///     }
/// }
/// </code>
/// <para>Invoke-CranePull moves the images that differ. To replace one that was built here and never pushed, it needs
/// -Force.</para>
/// </example>
/// <example>
/// Find the largest layers that were pushed
/// <code>
/// Invoke-CranePush | Where-Object Target | Get-CraneImage | ForEach-Object Layer |
///     Sort-Object SizeBytes -Descending | Select-Object -First 5
/// </code>
/// <para>Sizes in a registry are those of compressed layers. Skipped plans have no Target.</para>
/// </example>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="CopyCraneImageCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneImage", DefaultParameterSetName = NameSet)]
[OutputType(typeof(CraneImage))]
public sealed class GetCraneImageCommand : CraneCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    private const int Parallelism = 8;

    /// <summary>The images, as [registry/]path[:tag][@digest].</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet)]
    [ArgumentCompleter(typeof(ImageCompleter)), ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Names of images, containers, plans, results or tags.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Shows local images of an engine, given as for Invoke-CranePull, or of a layout folder, oci:FOLDER.</summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>The platform of a multi-platform image, such as linux/arm64, or with a Windows version windows/amd64:10.0.20348.</summary>
    [Parameter, ArgumentCompleter(typeof(PlatformCompleter)), ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.CertificateAuthority"/>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <inheritdoc cref="ConnectCraneRegistryCommand.Insecure"/>
    [Parameter]
    public SwitchParameter Insecure { get; set; }

    private NamedRegistries Registries => field ??= new(SessionState.Path, Insecure, CertificateAuthority, WriteWarning);

    private ImageQuery<IImageInspector> Query => field ??= new(
        this, Engine, Credential, RegistryCredential, Registries, Parallelism, Adapters.Current.OpenInspectorAsync, Inspect);

    private protected override void Process()
    {
        foreach (var name in Name)
            Query.Add(() => ImageRequest.Of(name), name);
        foreach (var input in InputObject)
            Query.Add(() => ImageRequest.Of(PipedObject.Of(input), isLocal: Engine is not null), input);
    }

    private protected override void Finish() => Query.Finish();

    private Lookup<IImageInspector> Inspect()
    {
        var platform = Platform is null ? null : ImageRequest.PlatformOf(Platform);
        return async (inspector, _, request, emit, cancellation) =>
            await emit(await inspector.InspectAsync(request.Image, platform, request.Remote, cancellation));
    }
}
