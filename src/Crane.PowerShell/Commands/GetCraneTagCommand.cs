using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Loading;
using Crane.Oci;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Lists the tags of repositories.</summary>
/// <remarks>
/// <para>Tags are requested from the registry page by page, and emitted in the registry's order as they arrive. Nothing is
/// pulled. With -Engine the tags are those of the local images of an engine or a folder. A repository without a registry is looked
/// up first in the engine or folder that Invoke-CranePull would use, then on Docker Hub. The Reference of a remote tag includes the
/// registry, also docker.io; that of a local tag has none.</para>
/// <para>For a container, the repository of its PullReference is listed; for a plan or a result, its repository in a registry: the
/// Source of a pull, or the Target of a push or copy. With -Engine it is the repository of the plain name. A tag in the input is
/// ignored.</para>
/// <para>-CertificateAuthority and -Insecure are for all registries in the names. Without them, the registries section of the crane
/// file in the current location or its nearest parent, if there is one, says how to connect. Tags keep these settings, so that
/// Get-CraneImage connects to their registries in the same way.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers whose repositories are listed, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">Plans or results whose repositories are listed.</input>
/// <input cref="string">Names of repositories; also as objects that have a Name and nothing else that matters.</input>
/// <example>
/// List versions
/// <code>
/// Get-CraneTag registry.company.co/company/service -Name 1.*
/// </code>
/// <para>-Name accepts wildcards.</para>
/// </example>
/// <example>
/// Copy every release to another registry
/// <code>
/// Get-CraneTag registry.company.co/company/service -Name v* |
///     Select-Object @{ n = 'Source'; e = 'Reference' }, @{ n = 'Target'; e = { "backup.company.co/company/service:$($_.Tag)" } } |
///     Copy-CraneImage
/// </code>
/// <para>Layers that the releases share are sent once.</para>
/// </example>
/// <example>
/// Count the tags of a crane file's images
/// <code>
/// Get-CraneContainer | Where-Object PullReference | Get-CraneTag | Group-Object Repository -NoElement
/// </code>
/// <para>Shows the number of tags in each repository.</para>
/// </example>
/// <seealso cref="GetCraneImageCommand"/>
/// <seealso cref="CopyCraneImageCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneTag", DefaultParameterSetName = RepositorySet)]
[OutputType(typeof(CraneTag))]
public sealed class GetCraneTagCommand : CraneCommand
{
    private const string RepositorySet = "Repository";
    private const string InputObjectSet = "InputObject";

    /// <summary>The repositories, as [registry/]path.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = RepositorySet)]
    [ArgumentCompleter(typeof(RepositoryCompleter)), ValidateNotNullOrEmpty]
    public string[] Repository { get; set; } = [];

    /// <summary>Names of repositories, containers, plans or results.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The tags to emit, with wildcards; case-sensitive. The default is all tags.</summary>
    [Parameter(Position = 1), ArgumentCompleter(typeof(TagCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Lists local tags of an engine, given as for Invoke-CranePull, or of a layout folder, oci:FOLDER.</summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

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

    private ImageQuery<ITagReader> Query => field ??= new(
        this, Engine, Credential, RegistryCredential, Registries, parallelism: 1, Adapters.Current.OpenTagsAsync, List);

    private protected override void Process()
    {
        foreach (var repository in Repository)
            Query.Add(() => ImageRequest.Of(repository), repository);
        foreach (var input in InputObject)
            Query.Add(() => ImageRequest.Of(PipedObject.Of(input), isLocal: Engine is not null), input);
    }

    private protected override void Finish() => Query.Finish();

    private Lookup<ITagReader> List()
    {
        var patterns = Name.Select(name => Wildcards.Of(name, "-Name")).ToList();
        return async (reader, isLocal, request, emit, cancellation) =>
        {
            await foreach (var tag in reader.TagsAsync(request.Image, cancellation))
                if (patterns.Any(pattern => pattern.IsMatch(tag)))
                    await emit(new CraneTag(request.Image, tag, isLocal) { RegistrySetting = isLocal ? null : request.Settings });
        };
    }
}
