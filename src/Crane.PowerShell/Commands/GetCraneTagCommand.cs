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
/// <para>The registry is asked, page by page; each tag is emitted as it comes in, in the registry's order. Nothing is
/// pulled. With -Engine the tags are those of the local images of an engine or a folder. A repository without a registry is
/// looked for there first, in the engine or folder that Invoke-CranePull would take, and on Docker Hub only where it is not there.
/// The Reference of a tag has its registry, docker.io too; that of a local one has none.</para>
/// <para>From a container, the repository of its PullReference is meant, or with -Engine that of its plain name; from a plan or a
/// result, that of its side in a registry: the Source of a pull, the Target of a push or copy. The tag of a name that is given does
/// not matter.</para>
/// </remarks>
/// <input cref="CraneContainer">Containers whose repositories are listed, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="RetagResult">Plans or results whose repositories are listed.</input>
/// <input cref="string">Names of repositories.</input>
/// <example>
/// See which versions there are
/// <code>
/// Get-CraneTag registry.company.co/company/service -Name 1.*
/// </code>
/// <para>-Name takes wildcards.</para>
/// </example>
/// <example>
/// Copy every release to another registry
/// <code>
/// Get-CraneTag registry.company.co/company/service -Name v* |
///     Select-Object @{ n = 'Source'; e = 'Reference' }, @{ n = 'Target'; e = { "backup.company.co/company/service:$($_.Tag)" } } |
///     Copy-CraneImage
/// </code>
/// <para>Layers that the releases have in common cross once.</para>
/// </example>
/// <example>
/// The tags of what a crane file names
/// <code>
/// Get-CraneContainer | Where-Object PullReference | Get-CraneTag | Group-Object Repository -NoElement
/// </code>
/// <para>Counts the tags of each repository.</para>
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
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = RepositorySet), ValidateNotNullOrEmpty]
    public string[] Repository { get; set; } = [];

    /// <summary>Names of repositories, containers, plans or results.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The tags to emit: with wildcards, upper and lower case as they are. All, where none are named.</summary>
    [Parameter(Position = 1), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Lists local tags: of an engine, given as for Invoke-CranePull, or of a layout folder, oci:FOLDER.</summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    private ImageQuery<ITagReader> Query => field ??= new(
        this, Engine, Credential, RegistryCredential, atOnce: 1, Adapters.Current.OpenTagsAsync, List);

    private protected override void Process()
    {
        foreach (var repository in Repository)
            Query.Take(() => ImageRequest.Of(repository), repository);
        foreach (var input in InputObject)
            Query.Take(() => ImageRequest.Of(input, isLocal: Engine is not null), input);
    }

    private protected override void Finish() => Query.Finish();

    private Look<ITagReader> List()
    {
        var patterns = Name.Select(Pattern).ToList();
        return async (reader, isLocal, request, emit, cancellation) =>
        {
            await foreach (var tag in reader.TagsAsync(request.Image, cancellation))
                if (patterns.Any(pattern => pattern.IsMatch(tag)))
                    await emit(new CraneTag(request.Image, tag, isLocal));
        };
    }

    private static WildcardPattern Pattern(string name)
    {
        try
        {
            var pattern = new WildcardPattern(name);
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException cause)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"-Name '{name}' is not a valid wildcard pattern.", "Close the bracket.", cause)
            {
                Target = name,
            };
        }
    }
}
