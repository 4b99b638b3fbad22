using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.CraneFile.Variables;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Completes stages of the Dockerfiles in the crane file.</summary>
public sealed class StageCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) =>
        Selection.Select(stack, new SelectionRequest { Name = ["*"] }, variables).Containers
            .Select(container => container.Build).OfType<ContainerBuild>().SelectMany(Stages).Distinct(StringComparer.Ordinal);

    // A Dockerfile that cannot be read is an error of the build.
    private static IReadOnlyList<string> Stages(ContainerBuild build)
    {
        try
        {
            return Adapters.Current.FindStages(build);
        }
        catch (CraneException)
        {
            return [];
        }
    }
}
