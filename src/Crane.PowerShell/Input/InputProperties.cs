using System.Collections;
using Crane.CraneFile.Model;
using Crane.Errors;

namespace Crane.Input;

/// <summary>
/// Reads properties of whatever came down the pipeline: a live object, or one that was JSON, CSV or CliXml on its
/// way, where a type is but a name and an enum may be a number.
/// </summary>
internal static class InputProperties
{
    private static readonly (string One, string Other)[] Pairs =
    [
        (nameof(RetagPlan.Source), nameof(RetagPlan.Target)), (nameof(CraneContainer.Image), nameof(CraneContainer.Name)),
    ];

    public static bool Has(this PSObject input, string name) => input.Properties[name] is not null;

    /// <summary>The property as a plain value; null where there is none.</summary>
    public static object? Plain(this PSObject input, string name) => PlainValues.Of(input.Properties[name]?.Value);

    /// <summary>The property as a string; null where there is none or it is empty.</summary>
    /// <exception cref="CraneException">InvalidValue, where it is a list or has no string.</exception>
    public static string? String(this PSObject input, string name) => input.Plain(name) switch
    {
        null or "" => null,
        string text => text,
        var other => throw Refuse(input, name, "a string", other),
    };

    public static int Number(this PSObject input, string name) =>
        LanguagePrimitives.TryConvertTo<int>(input.Properties[name]?.Value, out var number) ? number : 0;

    /// <summary>A list of strings; empty where there is none.</summary>
    /// <exception cref="CraneException">InvalidValue, where it is something else, or its items cannot be told apart any more.</exception>
    public static IReadOnlyList<string> Strings(this PSObject input, string name) => input.Plain(name) switch
    {
        null => [],
        string text => StringList.Read(text, name),
        IReadOnlyList<object?> items => [.. items.Select(item => item as string ?? throw Refuse(input, name, "a list of strings", item))],
        var other => throw Refuse(input, name, "a list of strings", other),
    };

    /// <summary>The property as a member of an enum, by name or number.</summary>
    /// <exception cref="CraneException">InvalidValue, where the enum has no such member.</exception>
    public static T? Member<T>(this PSObject input, string name)
        where T : struct, Enum
    {
        if (input.String(name) is not { } text)
            return null;
        // Several names in one string are flags to .NET, and nothing here.
        if (Enum.TryParse<T>(text, ignoreCase: true, out var member) && Enum.IsDefined(member) && !text.Contains(',', StringComparison.Ordinal))
            return member;
        throw new CraneException(
            CraneErrorId.InvalidValue,
            $"'{text}' is no {name}.{NearMatch.DidYouMean(Enum.GetNames<T>(), text, limit: 1)}",
            $"It is one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>Makes sure that a property is there, be it null: what it does not say must not be guessed.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Need(this PSObject input, string name, string owner, string use)
    {
        if (!input.Has(name))
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The property '{name}' is missing in {owner}, and the operation {use} needs it.",
                $"Keep it on the way: it may be $null, but 'Select-Object Name, Image', for one, loses it.");
    }

    /// <summary>
    /// Refuses a property that is nearly one that is missing, since that would be passed over. Others are nobody's business.
    /// </summary>
    /// <exception cref="CraneException">UnknownKey.</exception>
    public static void RefuseNearMisses(this PSObject input, string owner, IEnumerable<string> names)
    {
        var missing = names.Where(name => !input.Has(name)).ToList();
        foreach (var property in input.Properties)
            if (missing.Any(name => NearMatch.IsNear(name, property.Name)))
                throw new CraneException(
                    CraneErrorId.UnknownKey,
                    $"The property '{property.Name}' of {owner} means nothing."
                        + NearMatch.DidYouMean(missing, property.Name, limit: 1),
                    "Correct the name of the property, or remove it.");
    }

    /// <summary>Says what an object lacks to be what was wanted.</summary>
    /// <exception cref="CraneException">UnknownKey, where a property is nearly one that it lacks.</exception>
    public static CraneException NeitherNor(this PSObject input, string wanted)
    {
        try
        {
            input.RefuseNearMisses("the object", Pairs.SelectMany(pair => (string[])[pair.One, pair.Other]));
        }
        catch (CraneException error)
        {
            return error.About(input);
        }

        var lack = Pairs.Where(pair => input.Has(pair.One) != input.Has(pair.Other))
            .Select(pair => input.Has(pair.One) ? $" It has {pair.One}, but no {pair.Other}." : $" It has {pair.Other}, but no {pair.One}.");
        return new CraneException(
            CraneErrorId.UnknownObject,
            $"A {input.TypeNames.FirstOrDefault() ?? "null"} is not {wanted}.{string.Concat(lack)}",
            "Pipe what Get-CraneContainer or Get-CraneRetagPlan emits, or objects with the same properties.")
        {
            Target = input,
        };
    }

    private static CraneException Refuse(PSObject input, string name, string wanted, object? value) => new(
        CraneErrorId.InvalidValue, $"The property '{name}' must be {wanted}, not {PlainMap.KindOf(value)}.", "Write the value in that form.")
    {
        Target = input,
    };
}

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
