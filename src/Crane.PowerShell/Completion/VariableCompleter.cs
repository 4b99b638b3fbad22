using Crane.CraneFile;
using Crane.CraneFile.Variables;

namespace Crane.Completion;

/// <summary>Completes the variables of the crane file, as the beginning of a hashtable to which the value is typed.</summary>
public sealed class VariableCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) =>
        stack.VariableNames().Order(StringComparer.Ordinal);

    private protected override string Text(string word) => $"@{{ {word} = ";
}
