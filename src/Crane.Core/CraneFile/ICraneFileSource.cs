using Crane.CraneFile.Variables;

namespace Crane.CraneFile;

/// <summary>Where crane files come from: finds, reads, merges and checks them. Touches the disk and nothing else.</summary>
internal interface ICraneFileSource
{
    /// <summary>
    /// Loads the crane files of a query into one stack. Never throws for a user's mistake: each is in the result,
    /// and a stack with errors has no containers.
    /// </summary>
    CraneStackResult Load(CraneFileQuery query);
}

/// <summary>Which crane files.</summary>
/// <param name="Path">Full paths of files or folders, in the order in which they merge; empty means: search.</param>
/// <param name="CurrentFolder">Where the search for <c>crane.yaml</c>, <c>crane.yml</c>, <c>crane.json</c> starts.</param>
/// <param name="Variables">The variables of the crane file; also says where <c>CRANE_CONFIG</c> points.</param>
internal sealed record CraneFileQuery(IReadOnlyList<string> Path, string CurrentFolder, IVariables Variables);

/// <summary>What loading gave: a stack, or the errors of all files; warnings in either case.</summary>
internal sealed record CraneStackResult(CraneStack? Stack, IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings);
