namespace Crane;

/// <summary>The build server that shows annotations.</summary>
public enum AnnotationFormat
{
    /// <summary>Workflow commands of GitHub Actions, one line for each error.</summary>
    GitHub,

    /// <summary>A Code Quality report of GitLab: one JSON array.</summary>
    GitLab,

    /// <summary>Logging commands of Azure Pipelines, one line for each error.</summary>
    AzurePipelines,
}
