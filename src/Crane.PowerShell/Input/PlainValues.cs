using System.Collections;
using System.Management.Automation;

namespace Crane.Commands;

/// <summary>
/// Makes plain values of PowerShell's: strings, lists and maps, as <see cref="PlainMap"/> has them. What has no string of its
/// own, such as a credential, stays the object that it is, for others to refuse.
/// </summary>
internal static class PlainValues
{
    // A section, its values, the items of these. What is deeper, or leads back to itself, means nothing.
    private const int Depth = 3;

    // PowerShell notes down where an object comes from.
    private static readonly HashSet<string> Notes = new(
        ["PSComputerName", "PSShowComputerName", "PSSourceJobInstanceId", "RunspaceId"], StringComparer.OrdinalIgnoreCase);

    public static object? Of(object? value) => Of(value, Depth);

    private static object? Of(object? value, int depth)
    {
        if (value is null)
            return null;
        var input = PSObject.AsPSObject(value);
        return input.BaseObject switch
        {
            string text => text,
            _ when depth == 0 => input,
            IDictionary map => OfMap(map, depth),
            PSCustomObject or ContainerBuild or ContainerHook or ContainerPull or ContainerPush or RegistrySetting => OfObject(input, depth),
            IEnumerable items => items.Cast<object?>().Select(item => Of(item, depth - 1)).ToList(),
            var other when LanguagePrimitives.ConvertTo<string>(other) is var text && text != other.GetType().ToString() => text,
            _ => input,
        };
    }

    private static PlainMap OfMap(IDictionary map, int depth)
    {
        var entries = new List<(string, object?)>(map.Count);
        foreach (DictionaryEntry entry in map)
            entries.Add((LanguagePrimitives.ConvertTo<string>(entry.Key), Of(entry.Value, depth - 1)));
        return new PlainMap(entries);
    }

    private static PlainMap OfObject(PSObject input, int depth) => new([.. input.Properties
        .Where(property => !Notes.Contains(property.Name))
        .Select(property => (property.Name, Of(property.Value, depth - 1)))]);
}
