using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>Asks about a path as a walk does: folder by folder, from the top.</summary>
internal static class Walked
{
    public static bool Ignores(IgnoreRules rules, string path)
    {
        var (verdict, at) = (rules.Root, "");
        foreach (var part in path.Split('/'))
        {
            at = at.Length == 0 ? part : $"{at}/{part}";
            verdict = rules.Judge(at, verdict);
        }

        return verdict.IsIgnored;
    }

    /// <summary>Whether a walk comes to the path: it turns back where an ignored folder could give nothing back.</summary>
    public static bool Reaches(IgnoreRules rules, string path)
    {
        var (verdict, at) = (rules.Root, "");
        foreach (var part in path.Split('/'))
        {
            if (verdict.IsIgnored && !rules.CouldReinclude(at, verdict))
                return false;
            at = at.Length == 0 ? part : $"{at}/{part}";
            verdict = rules.Judge(at, verdict);
        }

        return true;
    }
}
