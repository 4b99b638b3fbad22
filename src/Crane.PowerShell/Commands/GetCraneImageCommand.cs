using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Oci;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Shows images: their digest, platforms, layers, sizes and labels.</summary>
/// <remarks>
/// <para>Without -Engine an image is looked up in its registry, without pulling it; with -Engine among the local images of an engine
/// or a folder. A name that has no registry is looked up among the local images first, of the engine or folder that
/// Invoke-CranePull would take, and on Docker Hub only where it is not there; Store says where it was found. An image for several platforms is shown as the index that it is, with its images under Manifest; -Platform
/// shows one of them.</para>
/// <para>From a container, its PullReference is shown, or with -Engine its plain name. From a plan or a result it is what the
/// registry has, the Source of a pull and the Target of a push or copy, or with -Engine the plain name.</para>
/// <para>The Digest of an image in an engine is the one under which a registry has or had it: where there are several, that of the
/// PullReference or of the pull's Source. An image that is only here has none, unless the engine's image store is containerd's, which
/// gives one to every image.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers whose images are shown, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">Plans or results whose images are shown.</input>
/// <input cref="CraneTag">Tags whose images are shown.</input>
/// <input cref="string">Names of images.</input>
/// <example>
/// Look at an image before it is pulled
/// <code>
/// Get-CraneImage docker.io/library/alpine:3 | Select-Object Digest, Platform
/// (Get-CraneImage docker.io/library/alpine:3 -Platform linux/arm64).SizeBytes
/// </code>
/// <para>The first line shows the index, the second how many bytes its image for one platform has.</para>
/// </example>
/// <example>
/// See which local images differ from those of the registry
/// <code>
/// Get-CraneContainer | Where-Object PullReference | ForEach-Object {
///     [pscustomobject]@{
///         Container = $_.Name
///         Registry  = ($_ | Get-CraneImage).Digest
///         Local     = ($_ | Get-CraneImage -Engine docker).Digest
///     }
/// }
/// </code>
/// <para>Invoke-CranePull moves those that differ. One that was built here and pushed nowhere is replaced with -Force only.</para>
/// </example>
/// <example>
/// The largest layers of what was pushed
/// <code>
/// Invoke-CranePush | Where-Object Target | Get-CraneImage | ForEach-Object Layer | Sort-Object SizeBytes -Descending | Select-Object -First 5
/// </code>
/// <para>Sizes in a registry are those of compressed layers. What is skipped has no Target.</para>
/// </example>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="CopyCraneImageCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneImage", DefaultParameterSetName = NameSet)]
[OutputType(typeof(CraneImage))]
public sealed class GetCraneImageCommand : CraneCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    // How many images are asked about at the same time.
    private const int AtOnce = 8;

    /// <summary>The images, as [registry/]path[:tag][@digest].</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet), ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Names of images, containers, plans, results or tags.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Shows local images: of an engine, given as for Invoke-CranePull, or of a layout folder, oci:FOLDER.</summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>Which image of one for several platforms, such as linux/arm64, or windows/amd64:10.0.20348 with a version of Windows.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    private ImageQuery<IImageInspector> Query => field ??= new(
        this, Engine, Credential, RegistryCredential, AtOnce, Adapters.Current.OpenInspectorAsync, Inspect);

    private protected override void Process()
    {
        foreach (var name in Name)
            Query.Take(() => ImageRequest.Of(name), name);
        foreach (var input in InputObject)
            Query.Take(() => ImageRequest.Of(input, isLocal: Engine is not null), input);
    }

    private protected override void Finish() => Query.Finish();

    private Look<IImageInspector> Inspect()
    {
        var platform = Platform is null ? null : ImageRequest.PlatformOf(Platform);
        return async (inspector, _, request, emit, cancellation) =>
            await emit(await inspector.InspectAsync(request.Image, platform, request.Remote, cancellation));
    }
}
