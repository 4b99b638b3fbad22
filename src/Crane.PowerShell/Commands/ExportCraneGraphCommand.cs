using Crane.Commands.Base;
using Crane.Completion;
using Crane.Graphs;
using Crane.Graphs.Drawing;
using Crane.Input;
using Crane.Loading;
using Crane.Status;

namespace Crane.Commands;

/// <summary>Draws a stack: its images, what they are built on, and the registries that they come from and go to.</summary>
/// <remarks>
/// <para>An arrow leads from an image to each one whose Dockerfile names it: a solid one for the FROM that its layers begin with, a dashed
/// one for other uses, such as COPY --from. Dotted arrows lead from the registry that an image is pulled from, and to the one it is pushed
/// to. Dockerfiles are read as for a build; no engine and no registry is contacted.</para>
/// <para>With rows of <see cref="GetCraneStatusCommand"/> from the pipeline, each image has a color and says where it stands. Rows of
/// several engines are one image, in the worst of their states.</para>
/// <para>Mermaid draws at most 500 arrows in a README. In a larger stack, images that nothing is built on, and that have the same base,
/// registries and state, become one box in that format; if that is not enough, registries are left out, and after that there is a
/// warning. The other formats show everything.</para>
/// <para>A page in the format Html is one file that needs no network, with a list and a search. The keys / and Esc begin and end a search,
/// the arrow keys move through the list, Enter shows an image and what it is connected with; + and - zoom, 0 shows all.</para>
/// </remarks>
/// <input cref="ImageStatus">Rows of Get-CraneStatus, live or read back from JSON, CSV or CliXml.</input>
/// <input cref="string">Names of containers or groups.</input>
/// <input cref="CraneContainer">Containers, live or read back.</input>
/// <input cref="PSObject">Objects with a property LiteralPath or PSPath, such as files.</input>
/// <output cref="string">The picture, without -FilePath.</output>
/// <output cref="FileInfo">The file that was written, with -FilePath and -PassThru.</output>
/// <example>
/// See where a stack stands, in a browser
/// <code>
/// Get-CraneStatus | Export-CraneGraph -FilePath stack.html -PassThru | Invoke-Item
/// </code>
/// <para>The format is that of the file's extension.</para>
/// </example>
/// <example>
/// Show the stack in a README
/// <code>
/// '```mermaid', (Export-CraneGraph -As Mermaid), '```' | Set-Content stack.md
/// </code>
/// <para>GitHub and GitLab draw it.</para>
/// </example>
/// <example>
/// Draw an image and everything that is built on it
/// <code>
/// Export-CraneGraph os -WithDependent -FilePath os.svg
/// </code>
/// <para>The picture is readable on a light and on a dark background.</para>
/// </example>
/// <example>
/// Draw with Graphviz
/// <code>
/// Export-CraneGraph -As Dot | dot -Tpdf -o stack.pdf
/// </code>
/// <para>Graphviz is another program, which arranges the boxes by itself.</para>
/// </example>
/// <seealso cref="GetCraneStatusCommand"/>
/// <seealso cref="GetCraneContainerCommand"/>
/// <seealso cref="ExportCraneBakeFileCommand"/>
[Cmdlet(VerbsData.Export, "CraneGraph", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportCraneGraphCommand : ExportCommand
{
    private readonly List<CraneContainer> _containers = [];
    private readonly List<GraphImage> _images = [];

    /// <inheritdoc cref="GetCraneContainerCommand.Name"/>
    [Parameter(Position = 0, ParameterSetName = PathSet), Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ContainerCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// Rows of <see cref="GetCraneStatusCommand"/>, names of containers or groups, or containers: live, or objects with the same properties, such as those read back from
    /// JSON, CSV or CliXml.
    /// </summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The format. The default is that of the extension of <see cref="ExportCommand.FilePath"/>: .svg, .html or .htm, .dot or .gv; otherwise
    /// Mermaid.
    /// </summary>
    [Parameter]
    public GraphFormat? As { get; set; }

    /// <summary>The title of a page or picture. The default is the name of the crane file's folder.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    private GraphFormat Format => As ?? System.IO.Path.GetExtension(FilePath)?.ToUpperInvariant() switch
    {
        ".SVG" => GraphFormat.Svg,
        ".HTML" or ".HTM" => GraphFormat.Html,
        ".DOT" or ".GV" => GraphFormat.Dot,
        _ => GraphFormat.Mermaid,
    };

    private string TitleOrDefault => Title
        ?? (_containers.Select(container => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(container.Path)))
            .FirstOrDefault(folder => !string.IsNullOrEmpty(folder)) is { } name
            ? $"The images of {name}"
            : "The images of a stack");

    internal override bool TakesStatus => true;

    private PipelineReader Piped => field ??= new(this, _containers.AddRange, Read);

    private protected override void Process()
    {
        if (InputObject is { } input)
            Piped.Add(input);
        else
            _containers.AddRange(SelectContainers(Name));
    }

    private protected override void Finish()
    {
        Piped.Finish();
        base.Finish();
        var (targets, errors) = StatusTargets.Of(_containers, Adapters.Current.Dockerfiles, Declared);
        // An image whose Dockerfile cannot be read is drawn without its base.
        WriteErrors([.. errors, .. targets.Select(target => target.Base?.Error).OfType<CraneException>()]);
        IReadOnlyList<GraphImage> images = [.. _images, .. targets.Select(GraphImage.Of)];
        if (images.Count == 0)
            return;
        Export(Draw(ImageGraph.Of(images)), "the picture");
    }

    private string Draw(ImageGraph graph)
    {
        switch (Format)
        {
            case GraphFormat.Dot:
                return DotWriter.Write(graph);
            case GraphFormat.Svg:
                return SvgWriter.Write(graph, TitleOrDefault);
            case GraphFormat.Html:
                return HtmlWriter.Write(graph, TitleOrDefault);
            default:
                var (text, fits) = MermaidWriter.Write(graph);
                if (!fits)
                    WriteWarning("The stack is too large for Mermaid's default limits, so GitHub does not draw it. Use -As Svg or Html.");
                return text;
        }
    }

    private void Read(PSObject input)
    {
        if (StatusReader.IsStatus(input))
        {
            _images.Add(GraphImage.Of(StatusReader.Read(input)));
        }
        else if (ContainerReader.IsContainer(input))
        {
            _containers.Add(ContainerReader.Read(input, RetagOperation.Pull, RetagOperation.Build, RetagOperation.Push));
        }
        else
        {
            throw input.NotRecognized("a row of Get-CraneStatus or a container", "the output of Get-CraneStatus or Get-CraneContainer");
        }
    }
}
