using Crane.Names;

namespace Crane.Planning;

/// <summary>Decides whether a push may replace its target, by the target's tag.</summary>
internal static class OverwriteRule
{
    /// <summary>
    /// The mode for a target; null for the default. The patterns of tags win over the mode, and those of <c>never</c> over those of
    /// <c>always</c>: a doubt must not cost an image.
    /// </summary>
    public static OverwriteMode? Of(ContainerPush? push, ImageName target) =>
        HasTagOf(push?.NeverOverwrite, target) ? OverwriteMode.Never
        : HasTagOf(push?.AlwaysOverwrite, target) ? OverwriteMode.Always
        : push?.Overwrite;

    private static bool HasTagOf(IReadOnlyList<string>? patterns, ImageName target) =>
        patterns is not null && target.TagOrDefault is { } tag && patterns.Any(pattern => new NamePattern(pattern).Matches(tag));
}
