namespace Crane;

/// <summary>The format of a picture of a stack.</summary>
public enum GraphFormat
{
    /// <summary>A Mermaid flowchart, which GitHub and GitLab draw in Markdown.</summary>
    Mermaid,

    /// <summary>A graph for Graphviz.</summary>
    Dot,

    /// <summary>A picture for browsers and Markdown.</summary>
    Svg,

    /// <summary>A page with the picture, a list and a search, in one file.</summary>
    Html,
}
