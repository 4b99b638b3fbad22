using Crane.Names;
using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>
/// Refuses to replace a target in a registry that somebody else has changed, or that must not be replaced. Registries cannot compare and
/// swap: a change in the milliseconds between this check and the write is not noticed.
/// </summary>
internal static class OverwriteGuard
{
    /// <param name="there">What the target refers to now; null if it does not exist.</param>
    /// <param name="seen">The digests of what this store has seen there; none if it has seen nothing.</param>
    /// <param name="isSameAsync">Whether what is there is the image that was seen, under another digest.</param>
    /// <exception cref="CraneException">TargetExists, TargetMoved.</exception>
    public static async Task CheckAsync(
        CheckedMove move, OverwriteMode mode, Digest? there, IReadOnlyList<Digest> seen, Func<Task<bool>> isSameAsync)
    {
        var target = move.Target.WithoutDigest();
        switch (mode)
        {
            case OverwriteMode.Always:
                break;
            case OverwriteMode.Never when there is not null:
                throw MoveErrors.TargetExists(target, there.ToString());
            default:
                if (move.Expected is { } expected)
                {
                    if (!expected.Is(there))
                        throw MoveErrors.TargetMoved(target, expected.ToString(), there?.ToString(), "the plan");
                }
                else if (there is not null && seen is [var last, ..] && !seen.Contains(there) && !await isSameAsync())
                {
                    throw MoveErrors.TargetMoved(target, last.ToString(), there.ToString(), "what was last seen there");
                }
                break;
        }
    }
}
