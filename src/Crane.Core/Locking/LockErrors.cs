namespace Crane.Locking;

/// <summary>The errors of runs with a lock.</summary>
internal static class LockErrors
{
    /// <summary>There is no lock file, so nothing of its stack is run.</summary>
    public static CraneException NoFile(string path) => new(
        CraneErrorId.NotLocked, $"There is no lock file '{path}'.", "Create it with Update-CraneLock, or leave out -Locked.")
    { Subject = path };

    /// <summary>A plan without a crane file has no lock file.</summary>
    public static CraneException NoCraneFile(RetagPlan plan) => new CraneException(
        CraneErrorId.NotLocked, $"The plan {plan} has no crane file, so it has no lock file either.",
        "Name a container of a crane file, or leave out -Locked.").About(plan);

    public static CraneException NotLocked(string path, string what, string key, LockEntry entry) => new(
        CraneErrorId.NotLocked, $"'{path}' does not have {what}.", Advice(key, entry));

    /// <summary>The crane file has changed since the lock was made.</summary>
    public static CraneException Outdated(string path, string what, ImageName locked, string key, LockEntry entry) => new(
        CraneErrorId.LockOutdated, $"'{path}' has {locked} for {what}.", Advice(key, entry));

    public static CraneException OtherPlan(string path, RetagPlan plan, string digest) => new(
        CraneErrorId.LockOutdated, $"The plan {plan} is for {plan.Digest}, but '{path}' has {digest}.",
        "Make the plan again with -Locked, or run it without.");

    /// <summary>Only the builder sees the Dockerfile of a remote context.</summary>
    public static CraneException RemoteContext(RetagPlan plan) => new(
        CraneErrorId.NotLocked, $"The bases of '{plan.Target}' cannot be locked: its Dockerfile is in {plan.ShownSource}.",
        "Write their digests into that Dockerfile and build without -Locked, or build from a folder.");

    private static string Advice(string key, LockEntry entry) => entry == LockEntry.Image
        ? $"Run Update-CraneLock {key}, look at the change, and commit it."
        : "Run Update-CraneLock for the containers that are built on it, look at the change, and commit it.";
}
