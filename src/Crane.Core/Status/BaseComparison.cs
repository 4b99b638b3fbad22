using Crane.Comparing;

namespace Crane.Status;

/// <summary>Compares an image with the one that its Dockerfile builds on.</summary>
internal static class BaseComparison
{
    /// <param name="local">The image; null for none.</param>
    /// <param name="parent">The base in the local store; null for none.</param>
    /// <param name="registry">The base there compared with the one in its registry; null if that is not asked.</param>
    public static BaseState Of(LocalImage? local, LocalImage? parent, SyncState? registry) =>
        parent is null ? BaseState.Missing
        : registry is SyncState.Behind or SyncState.Diverged ? BaseState.Moved
        : local?.BeginsWith(parent) == false ? BaseState.Stale
        : BaseState.Current;
}
