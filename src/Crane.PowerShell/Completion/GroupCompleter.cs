using System.Collections;

namespace Crane.Completion;

/// <summary>Completes names of groups.</summary>
public sealed class GroupCompleter : WordCompleter
{
    private protected override Func<IReadOnlyList<string>> Source(IDictionary boundParameters) =>
        StackWords.Of(boundParameters, (stack, variables) => stack.GroupNames(variables));
}
