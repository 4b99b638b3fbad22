using System.Text.RegularExpressions;

namespace Crane.CraneFile.Model;

/// <summary>
/// When an image is pulled, as a Compose file says it
/// (https://github.com/compose-spec/compose-spec/blob/main/05-services.md#pull_policy). A pull of Crane moves nothing that is up to date,
/// so only those that pull nothing make a difference.
/// </summary>
internal static class PullPolicy
{
    public const string Never = "never";
    public const string Build = "build";

    /// <summary>The policies, for messages.</summary>
    public const string Expected = "always, missing, never, build, daily, weekly or every_TIME";

    public static bool IsValid(string policy) =>
        Regex.IsMatch(policy, @"\A(always|missing|if_not_present|newer|refresh|never|build|daily|weekly|every_([0-9]+[wdhms])+)\z");
}
