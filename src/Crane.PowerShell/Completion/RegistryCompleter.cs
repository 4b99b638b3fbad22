using System.Collections;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Completes registries that docker's configuration has a credential or a helper for.</summary>
public sealed class RegistryCompleter : WordCompleter
{
    // Helpers are not asked: one of them may wait for the user to unlock a keychain.
    private protected override Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters) => () => Adapters.Current.Logins.Names();
}
