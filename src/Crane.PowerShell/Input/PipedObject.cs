using System.Collections;

namespace Crane.Input;

/// <summary>Objects of the pipeline as they are read: a hashtable as an object, the column Destination as Target.</summary>
internal static class PipedObject
{
    private const string Destination = "Destination";

    // What has one of these beside its name is not the name of a container, but another object, or a container that was cut.
    private static readonly string[] OtherProperties =
    [
        .. ContainerReader.CheckedProperties.Except([nameof(CraneContainer.Name)]), .. PlanReader.CheckedProperties,
        nameof(CraneContainer.PullReference), nameof(CraneContainer.PushReference),
        nameof(CraneImage.Store), nameof(CraneImage.Digest), nameof(CraneTag.Reference), Destination,
    ];

    /// <exception cref="CraneException">
    /// UnknownObject for $null, which a list can hold; InvalidValue for a Destination beside another Target; DuplicateKey.
    /// </exception>
    public static PSObject Of(object? input)
    {
        var given = PSObject.AsPSObject(input ?? throw new CraneException(
            CraneErrorId.UnknownObject, "The input has $null in place of an object.", "Leave it out: Where-Object { $null -ne $_ }"));
        if (given.BaseObject is IDictionary map)
            given = OfMap(map);
        return given.BaseObject is PSCustomObject && given.Has(Destination) ? WithTarget(given) : given;
    }

    /// <summary>The name that an object is, or has and nothing else that matters; null for an object of another kind.</summary>
    public static string? NameOf(PSObject input) =>
        input.BaseObject is string name ? name
        : input.BaseObject is PSCustomObject && !OtherProperties.Any(input.Has) ? input.String(nameof(CraneContainer.Name))
        : null;

    private static PSObject OfMap(IDictionary map)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, map.GetType().ToString());   // what messages call it
        foreach (DictionaryEntry entry in map)
        {
            var name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (result.Has(name))
                throw new CraneException(
                    CraneErrorId.DuplicateKey, $"The hashtable has '{name}' twice, in different cases.", "Keep one of them.").About(map);
            result.Properties.Add(new PSNoteProperty(name, entry.Value));
        }

        return result;
    }

    private static PSObject WithTarget(PSObject input)
    {
        if (input.Has(nameof(RetagPlan.Target)))
            return input.String(Destination) == input.String(nameof(RetagPlan.Target)) ? input : throw new CraneException(
                CraneErrorId.InvalidValue,
                $"The input has the Target '{input.String(nameof(RetagPlan.Target))}' and the {Destination} '{input.String(Destination)}'.",
                "Keep one of them.").About(input);
        var result = new PSObject();
        foreach (var property in input.Properties)
        {
            var isTarget = property.Name.Equals(Destination, StringComparison.OrdinalIgnoreCase);
            result.Properties.Add(new PSNoteProperty(isTarget ? nameof(RetagPlan.Target) : property.Name, property.Value));
        }

        return result;
    }
}
