using System.Collections;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Completes Buildx's builders: those of <c>docker buildx create</c>, and docker's contexts, each of which is one.</summary>
public sealed class BuilderCompleter : WordCompleter
{
    private protected override Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters) => () =>
        [.. Adapters.Current.BuilderNames().Append("default").Concat(Adapters.Current.ContextNames()).Distinct(StringComparer.Ordinal)];
}
