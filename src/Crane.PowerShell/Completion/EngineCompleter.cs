using System.Collections;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Completes engines: <c>docker</c> and the names of docker's contexts.</summary>
public sealed class EngineCompleter : WordCompleter
{
    private protected override Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters) =>
        () => [.. Adapters.Current.ContextNames().Prepend("docker").Distinct(StringComparer.Ordinal)];
}
