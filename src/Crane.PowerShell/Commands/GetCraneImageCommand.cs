using System.Management.Automation;
using Crane.Completion;
using Crane.Content;
using Crane.Inspecting;
using Crane.Loading;
using Crane.Stores;

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
public sealed class GetCraneImageCommand : RegistryCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>The images, as [registry/]path[:tag][@digest].</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Names of images, containers, plans, results or tags.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Shows local images: of an engine, given as for Invoke-CranePull, or of a layout folder, oci:FOLDER.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EngineCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>Which image of one for several platforms, such as linux/arm64, or windows/amd64:10.0.20348 with a version of Windows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    private protected override void Process()
    {
        foreach (var name in Name)
            Gather(() => new ImageWish(name, ImageName.ParseGiven(name), []), name);
        foreach (var input in InputObject)
            Gather(() => ImageWish.Of(input, isLocal: Engine is not null), input);
    }

    private protected override void Finish() => Read(request =>
        {
            var platform = Platform is null ? null : PlatformText.Read(Platform);
            var engine = LayoutPath.Resolve(this, Engine);
            return InspectAllAsync(request with { Engine = engine }, platform);
        });

    private Func<PipelinePump, CancellationToken, Task> InspectAllAsync(StoreRequest request, ImagePlatform? platform) => async (pump, cancellation) =>
    {
        await using var places = new LocalFirst<IImageInspector>(
            Engine is null ? await Adapters.Current.OpenInspectorAsync(request, isLocal: false, cancellation) : null,
            () => Adapters.Current.OpenInspectorAsync(request, isLocal: true, cancellation));
        var shown = new Queue<Task<CraneImage>>();
        using var limit = new SemaphoreSlim(AtOnce);
        foreach (var wish in Wishes)
            shown.Enqueue(InspectAsync(wish));
        foreach (var wish in Wishes)
        {
            try
            {
                var image = await shown.Dequeue();
                await pump.PostAsync(() => WriteObject(image));
            }
            catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
            {
                await pump.PostAsync(() => WriteErrors([CraneException.From(failure).About(wish.Target)]));
            }
        }

        async Task<CraneImage> InspectAsync(ImageWish wish)
        {
            await limit.WaitAsync(cancellation);
            try
            {
                return await places.FindAsync(
                    wish.Image, (inspector, _) => inspector.InspectAsync(wish.Image, platform, wish.Remote, cancellation));
            }
            finally
            {
                limit.Release();
            }
        }
    };
}
