using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.Errors;

namespace Crane.CraneFile.Schema;

/// <summary>Finds what Crane cannot read in a Compose file, where to ignore it would give another stack.</summary>
internal static class ComposeRules
{
    /// <summary>Why a file cannot be read at all: it includes other files; null if it can.</summary>
    public static CraneException? Refused(ConfigNode root) => root is MapNode map && map.Find("include") is { IsNull: false } include
        && !map.Has("containers")
        ? new CraneException(
            CraneErrorId.InvalidValue, "'include' is not read.",
            "Give the files to -Path, the included ones first: -Path other/compose.yaml, compose.yaml.").At(include.Location)
        : null;

    /// <summary>Reports the errors in a file with a section of containers.</summary>
    public static void Check(MapNode root, MapNode? secrets, SchemaValidator check)
    {
        foreach (var section in ComposeSections.Of(root))
        {
            CheckExtends(section, check);
            foreach (var (name, value) in section.Entries)
            {
                if (value is not MapNode body)
                    continue;
                CheckPlaces(body, name.Text, check);
                CheckSecrets(body, secrets, name.Text, check);
            }
        }
    }

    // A service of another file, one that does not exist, and cycles.
    private static void CheckExtends(MapNode services, SchemaValidator check)
    {
        foreach (var (name, value) in services.Entries)
        {
            if ((value as MapNode)?.Find(ComposeExtends.Key) is not { IsNull: false } extends)
                continue;
            if (extends is MapNode map && map.Has("file"))
                check.Report(
                    CraneErrorId.InvalidValue, extends, $"service '{name.Text}' extends one of another file, which Crane does not read.",
                    "Give both files to -Path, or write what Crane needs, such as 'image' and 'build', in this service.");
            else if (ComposeExtends.Target(extends) is not { } target)
                check.Report(
                    CraneErrorId.InvalidValue, extends, $"'extends' of service '{name.Text}' must be the name of a service.",
                    "Write 'extends: { service: NAME }'.");
            else if (services.Find(target.Text) is null)
                check.Report(
                    CraneErrorId.UnknownContainer, target, $"service '{name.Text}' extends '{target.Text}', which does not exist.",
                    $"Correct the name.{NearMatch.DidYouMean(services.Entries.Select(entry => entry.Key.Text), target.Text, limit: 1)}");
            else if (ComposeExtends.IsCycle(services, name.Text))
                check.Report(
                    CraneErrorId.DependencyCycle, target, $"service '{name.Text}' extends itself.", "Remove one 'extends' of the cycle.");
        }
    }

    private static void CheckSecrets(MapNode body, MapNode? declared, string name, SchemaValidator check)
    {
        if (body.Find("build") is not MapNode build || build.Find("secrets") is not ListNode secrets)
            return;
        foreach (var item in secrets.Items.Where(item => !item.IsNull && !ComposeSecrets.IsKnown(item, declared)))
            check.Report(
                CraneErrorId.InvalidValue, item,
                $"a secret of the build of '{name}' is not one of the file's 'secrets' with 'file' or 'environment'.",
                "Declare it at the top of the file: 'secrets: { NAME: { file: PATH } }'.");
    }

    private static void CheckPlaces(MapNode body, string name, SchemaValidator check)
    {
        foreach (var (key, _) in (body.Find(ComposeSections.Extension) as MapNode)?.Entries ?? [])
            if (body.Has(key.Text))
                check.Report(
                    CraneErrorId.DuplicateKey, key,
                    $"container '{name}' has '{key.Text}' twice, directly and under '{ComposeSections.Extension}'.",
                    "Keep one of them.");
    }
}
