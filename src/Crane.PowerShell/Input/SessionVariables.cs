using System.Collections;
using System.Management.Automation;
using Crane.Configuration;

namespace Crane.Commands;

/// <summary>
/// The given variables, then the environment's. One that is given as $null is not set, whatever the environment says:
/// <c>-Variable @{ USER = $maybe }</c> must not fall back silently.
/// </summary>
internal sealed class SessionVariables(IDictionary? given) : IVariables
{
    public string? Get(string name)
    {
        if (given is null || !given.Contains(name))
            return Environment.GetEnvironmentVariable(name);
        return given[name] is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;
    }
}
