using System.Collections;

namespace Crane.Completion;

/// <summary>Completes names of containers and groups.</summary>
public sealed class ContainerCompleter : WordCompleter
{
    private protected override Func<IReadOnlyList<string>> Source(IDictionary boundParameters) =>
        StackWords.Of(boundParameters, (stack, variables) => [.. stack.ContainerNames(variables), .. stack.GroupNames(variables)]);
}
