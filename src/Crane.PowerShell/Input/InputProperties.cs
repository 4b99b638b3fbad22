using System.Collections;
using System.Globalization;
using Crane.CraneFile.Model;
using Crane.Errors;

namespace Crane.Input;

/// <summary>
/// Reads properties of pipeline input: of live objects, and of those read back from JSON, CSV or CliXml, which have lost their
/// types and may have numbers for enums.
/// </summary>
internal static class InputProperties
{
    private static readonly (string One, string Other)[] PropertyPairs =
    [
        (nameof(RetagPlan.Source), nameof(RetagPlan.Target)), (nameof(CraneContainer.Image), nameof(CraneContainer.Name)),
    ];

    /// <summary>
    /// The object itself; null for one that was read back, and for one whose properties Add-Member has covered: what it shows counts.
    /// </summary>
    public static T? Live<T>(this PSObject input, string[] properties)
        where T : class =>
        input.BaseObject is T live && !Added(input).Any(name => properties.Contains(name, StringComparer.OrdinalIgnoreCase)) ? live : null;

    // What was added to the object or its type. Looking up each property would take longer than making a plan of it.
    private static IEnumerable<string> Added(PSObject input) =>
        ((PSMemberSet)input.Members["psextended"]).Properties.Select(property => property.Name);

    public static bool Has(this PSObject input, string name) => input.Properties[name] is not null;

    public static object? PlainValue(this PSObject input, string name) => PlainValues.Of(input.Properties[name]?.Value);

    /// <summary>Returns a property as a string; null if it is missing or empty.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static string? String(this PSObject input, string name) => input.PlainValue(name) switch
    {
        null or "" => null,
        string value => value,
        var other => throw Invalid(input, name, "a string", other),
    };

    public static int Number(this PSObject input, string name) =>
        LanguagePrimitives.TryConvertTo<int>(input.Properties[name]?.Value, out var number) ? number : 0;

    /// <summary>Returns a property as a number of bytes; null if it is missing, empty or something else.</summary>
    public static long? Bytes(this PSObject input, string name) =>
        input.PlainValue(name) is string { Length: > 0 } value && LanguagePrimitives.TryConvertTo<long>(value, out var bytes)
            ? bytes : null;

    /// <summary>Returns a property as an age: as .NET or a crane file writes it, or as the object that JSON has for it.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static TimeSpan? Age(this PSObject input, string name)
    {
        var value = input.PlainValue(name);
        if (value is null or "")
            return null;
        if (value is string text && AgeText.TryParse(text, out var age))
            return age;
        return value is PlainMap map && map.Entries.FirstOrDefault(entry => entry.Key == nameof(TimeSpan.Ticks)).Value is string ticks
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var count)
                ? TimeSpan.FromTicks(count)
                : throw Invalid(input, name, AgeText.Expected, value);
    }

    /// <summary>Returns a property as a list of strings; empty if it is missing.</summary>
    /// <exception cref="CraneException">InvalidValue, also for a string from which the items cannot be restored.</exception>
    public static IReadOnlyList<string> Strings(this PSObject input, string name) => input.PlainValue(name) switch
    {
        null => [],
        string value => StringList.Read(value, name),
        IReadOnlyList<object?> items => [.. items.Select(item => item as string ?? throw Invalid(input, name, "a list of strings", item))],
        var other => throw Invalid(input, name, "a list of strings", other),
    };

    /// <summary>Returns a property as a member of an enum, by name or number.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static T? Member<T>(this PSObject input, string name)
        where T : struct, Enum
    {
        if (input.String(name) is not { } value)
            return null;
        // .NET would read names separated by commas as flags.
        if (!value.Contains(',') && Enum.TryParse<T>(value, ignoreCase: true, out var member) && Enum.IsDefined(member))
            return member;
        throw new CraneException(
            CraneErrorId.InvalidValue,
            $"'{value}' is not a valid {name}.{NearMatch.DidYouMean(Enum.GetNames<T>(), value, limit: 1)}",
            $"Use one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>Requires a property, which may be null, because its value must not be guessed.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Require(this PSObject input, string name, string owner, string operation)
    {
        if (!input.Has(name))
            throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The property '{name}' is missing in {owner}; {operation} requires it.",
                "Keep the property, which may be $null. 'Select-Object Name, Image', for example, removes it.");
    }

    /// <summary>Refuses a property whose name is a likely typo of a missing one; other unknown properties are ignored.</summary>
    /// <exception cref="CraneException">UnknownKey.</exception>
    public static void RefuseTypos(this PSObject input, string owner, IEnumerable<string> names)
    {
        var missing = names.Where(name => !input.Has(name)).ToList();
        foreach (var property in input.Properties)
            if (missing.Any(name => NearMatch.IsNear(name, property.Name)))
                throw new CraneException(
                    CraneErrorId.UnknownKey,
                    $"Unknown property '{property.Name}' of {owner}.{NearMatch.DidYouMean(missing, property.Name, limit: 1)}",
                    "Correct the property's name, or remove it.");
    }

    /// <summary>Reads an object; an error about one of its properties says whose it is.</summary>
    public static T ReadOf<T>(this PSObject input, string owner, Func<PSObject, T> read)
    {
        try
        {
            return read(input);
        }
        catch (CraneException error) when (!error.Message.Contains(owner, StringComparison.Ordinal))
        {
            throw error.In(owner);
        }
    }

    /// <summary>The error for an object that is not of the expected kind: which property is missing, or has a typo.</summary>
    /// <param name="input">The object.</param>
    /// <param name="expected">The kind.</param>
    /// <param name="source">What can be piped, as the object of a sentence.</param>
    public static CraneException NotRecognized(this PSObject input, string expected, string source)
    {
        try
        {
            input.RefuseTypos("the object", PropertyPairs.SelectMany(pair => (string[])[pair.One, pair.Other]));
        }
        catch (CraneException error)
        {
            return error.About(input);
        }

        var missing = PropertyPairs.Where(pair => input.Has(pair.One) != input.Has(pair.Other))
            .Select(pair => input.Has(pair.One) ? pair : (One: pair.Other, Other: pair.One))
            .Select(pair => $" It has {pair.One}, but no {pair.Other}.");
        return new CraneException(
            CraneErrorId.UnknownObject,
            $"The input must be {expected}, not {NameOfType(input)}.{string.Concat(missing)}",
            input.Has(nameof(ImageStatus.Container)) && input.Has(nameof(ImageStatus.Summary))
                ? "A status that was read back has only the name of its container: pipe it, with ForEach-Object Container."
                : $"Pipe {source}, or objects with the same properties.").About(input);
    }

    // Without the names of views, which follow a #.
    private static string NameOfType(PSObject input) => input.TypeNames.FirstOrDefault(name => !name.Contains('#')) ?? "null";

    private static CraneException Invalid(PSObject input, string name, string expected, object? value) => new CraneException(
        CraneErrorId.InvalidValue, $"The property '{name}' must be {expected}, not {PlainMap.KindOf(value)}.", "Correct the value.")
        .About(input);
}

/// <summary>
/// Converts PowerShell's values to strings, lists and <see cref="PlainMap"/>s. Objects without a useful string, such as
/// credentials, are returned unchanged.
/// </summary>
internal static class PlainValues
{
    // A section, its values, and their items. Nothing valid is deeper; the limit also stops at cycles.
    private const int Depth = 3;

    // Properties that PowerShell adds to objects from jobs and remote sessions.
    private static readonly HashSet<string> RemotingProperties = new(
        ["PSComputerName", "PSShowComputerName", "PSSourceJobInstanceId", "RunspaceId"], StringComparer.OrdinalIgnoreCase);

    public static object? Of(object? value) => Of(value, Depth);

    private static object? Of(object? value, int depth)
    {
        if (value is null)
            return null;
        var input = PSObject.AsPSObject(value);
        return input.BaseObject switch
        {
            string item => item,
            _ when depth == 0 => input,
            IDictionary map => OfMap(map, depth),
            PSCustomObject or ContainerBuild or ContainerHook or ContainerPull or ContainerPush or RegistrySetting =>
                OfObject(input, depth),
            IEnumerable items => items.Cast<object?>().Select(item => Of(item, depth - 1)).ToList(),
            var other when LanguagePrimitives.ConvertTo<string>(other) is var name && name != other.GetType().ToString() => name,
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
        .Where(property => !RemotingProperties.Contains(property.Name))
        .Select(property => (property.Name, Of(property.Value, depth - 1)))]);
}
