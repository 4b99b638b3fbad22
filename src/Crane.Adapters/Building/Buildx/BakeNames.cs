using System.Text;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Names of bake targets: letters, digits, <c>-</c> and <c>_</c> are all that bake allows.</summary>
internal static class BakeNames
{
    // The group of what is built where nothing is named.
    public const string DefaultGroup = "default";

    /// <summary>A name for each build: that of its container, or of its image where there is none, or several.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RetagPlan> plans)
    {
        var containers = plans.GroupBy(plan => plan.Container).ToDictionary(same => same.Key, same => same.Count());
        var used = new HashSet<string>(StringComparer.Ordinal);
        return plans.Select(plan => Candidates(plan, containers[plan.Container] == 1).First(used.Add)).ToList();
    }

    /// <summary>
    /// The text in the characters that bake allows: <c>_</c> doubled, and each byte of any other character as <c>_</c> and two
    /// digits. So different texts have different names, and a text has the same name in every file.
    /// </summary>
    public static string Encode(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)value;
            if (character == '_')
                name.Append("__");
            else if (char.IsAsciiLetterOrDigit(character) || character == '-')
                name.Append(character);
            else
                name.Append('_').Append(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.ToString() is DefaultGroup ? "_64efault" : name.ToString();
    }

    private static IEnumerable<string> Candidates(RetagPlan plan, bool isOnlyOne)
    {
        if (isOnlyOne && plan.Container.Length > 0)
            yield return Encode(plan.Container);
        yield return Encode(plan.Target);
        for (var number = 2; ; number++)
            yield return $"{Encode(plan.Target)}-{number}";
    }
}
