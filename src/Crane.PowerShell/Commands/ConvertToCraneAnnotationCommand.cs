using Crane.Annotations;
using Crane.Commands.Base;
using Crane.Input;

namespace Crane.Commands;

/// <summary>Turns errors into annotations, which a build server shows at their lines.</summary>
/// <remarks>
/// <para>Takes the issues of Test-CraneFile, error records such as those of -ErrorVariable, and failed results; other results are passed
/// over. GitHub Actions and Azure Pipelines read annotations from the output of a step, one line for each. GitLab reads a Code Quality
/// report: write the output to the file that the job names under artifacts:reports:codequality.</para>
/// <para>Files are given by their path below the root of the repository: GITHUB_WORKSPACE, CI_PROJECT_DIR, BUILD_SOURCESDIRECTORY, or
/// else the current location. Text in an error cannot begin a command of its own.</para>
/// <para>Annotations do not fail a pipeline; its script does that with exit 1.</para>
/// </remarks>
/// <input cref="PSObject">Issues of Test-CraneFile, error records, or results.</input>
/// <output cref="string">One line for each error or, for GitLab, one JSON array.</output>
/// <example>
/// Fail a pipeline on a broken crane file
/// <code>
/// $issues = Test-CraneFile
/// $issues | ConvertTo-CraneAnnotation -As GitHub
/// if ($issues) { exit 1 }
/// </code>
/// <para>In a pipeline -As is not needed.</para>
/// </example>
/// <example>
/// Show what a run could not move
/// <code>
/// $results = Invoke-CranePull -ErrorAction SilentlyContinue
/// $results | ConvertTo-CraneAnnotation -As AzurePipelines
/// if ($results.Status -contains 'Failed') { exit 1 }
/// </code>
/// <para>Without the last line the script succeeds, as PowerShell's scripts do after errors that end no command.</para>
/// </example>
/// <seealso cref="TestCraneFileCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsData.ConvertTo, "CraneAnnotation")]
[OutputType(typeof(string))]
public sealed class ConvertToCraneAnnotationCommand : CraneCommand
{
    // Where build servers have the repository.
    private static readonly string[] Roots = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"];

    private readonly List<Annotation> _annotations = [];

    /// <summary>Issues of Test-CraneFile, error records, or results of pulls, builds, pushes and copies; live or read back.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowNull, AllowEmptyCollection]
    public PSObject[]? InputObject { get; set; }

    /// <summary>
    /// The build server. The default is the one that runs this session, by the variables GITHUB_ACTIONS, GITLAB_CI and TF_BUILD.
    /// </summary>
    [Parameter]
    public AnnotationFormat? As { get; set; }

    private AnnotationReader Reader => field ??= new(Root);

    private string Root => Roots.Select(Environment.GetEnvironmentVariable).FirstOrDefault(folder => !string.IsNullOrEmpty(folder))
        ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    private protected override void Process()
    {
        foreach (var input in InputObject ?? [])
        {
            Try(
                () =>
                {
                    if (input is not null && Reader.Read(PipedObject.Of(input)) is { } annotation)
                        _annotations.Add(annotation);
                },
                input);
        }
    }

    private protected override void Finish() => WriteObjects(AnnotationWriter.Write(_annotations, Format()));

    private AnnotationFormat Format() => As
        ?? (IsSet("GITHUB_ACTIONS") ? AnnotationFormat.GitHub
            : IsSet("GITLAB_CI") ? AnnotationFormat.GitLab
            : IsSet("TF_BUILD") ? AnnotationFormat.AzurePipelines
            : throw new CraneException(
                CraneErrorId.InvalidValue, "No build server is found: none of GITHUB_ACTIONS, GITLAB_CI and TF_BUILD is set.",
                "Give -As GitHub, GitLab or AzurePipelines."));

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
