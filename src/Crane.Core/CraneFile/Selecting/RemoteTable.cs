using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;
using Crane.Errors;

namespace Crane.CraneFile.Selecting;

/// <summary>The <c>remotes</c> of a stack by their expanded names. Their values are expanded only where they are used.</summary>
internal sealed class RemoteTable
{
    private readonly Dictionary<string, Remote> _remotes = new(StringComparer.Ordinal);

    public RemoteTable(CraneStack stack, IVariables variables)
    {
        foreach (var (key, value) in stack.Remotes?.Entries ?? [])
        {
            // A name that cannot be expanded is that of nothing that can be used.
            var name = Interpolation.Expand(key.Text, variables, out var error);
            if (error is null && value is MapNode keys)
                _remotes.TryAdd(name, new Remote(name, keys));
        }
    }

    /// <summary>The remote of a name; null if there is none.</summary>
    public Remote? Find(string name) => _remotes.GetValueOrDefault(name);

    /// <summary>The error for a name that is not declared.</summary>
    public CraneException Unknown(string name) => new(
        CraneErrorId.UnknownRemote, $"No remote is called '{name}'.{NearMatch.DidYouMean(_remotes.Keys, name)}",
        _remotes.Count == 0
            ? "The crane file has no remotes. Declare it under 'remotes', or write 'registry: HOST' for a registry."
            : $"Its remotes are {string.Join(", ", _remotes.Keys)}. For a registry, write 'registry: HOST'.")
    { Subject = name };
}

/// <summary>A declared remote: a registry, and how images are named in it.</summary>
/// <param name="Name">The expanded name.</param>
/// <param name="Keys">The values as written.</param>
internal sealed record Remote(string Name, MapNode Keys)
{
    /// <summary>Its section in the crane file.</summary>
    public string Section => $"remotes.{Name}";

    /// <summary>Whether it says where images are.</summary>
    public bool HasPlace => Keys.Has("registry") || Keys.Has("override_user");
}

/// <summary>The way of copies from one remote to another.</summary>
internal sealed record RemoteRoute(Remote From, Remote To);

/// <summary>The errors of defaults, which no container may use.</summary>
internal static class UndeclaredRemote
{
    public static IReadOnlyList<CraneException> InDefaults(CraneStack stack, IVariables variables)
    {
        List<CraneException> errors = [];
        new PlaceReader(stack, variables).CheckDefaults(new ValueReader("the crane file", variables, errors));
        return errors;
    }
}
