using System.Collections;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Loading;
using Crane.Locking;

namespace Crane.Running;

/// <summary>One run of the cmdlet that updates lock files: looks everything up at once, then writes each file.</summary>
/// <param name="clock">Says when digests are seen.</param>
internal sealed class LockSession(SelectionCommand command, TimeProvider clock)
{
    public PSCredential? Credential { get; init; }

    public IDictionary? RegistryCredential { get; init; }

    public required int ThrottleLimit { get; init; }

    /// <summary>Whether entries are emitted that have not changed.</summary>
    public bool EmitsAll { get; init; }

    /// <param name="scopes">What to look up for each lock file, by its path.</param>
    public void Run(IReadOnlyList<KeyValuePair<string, LockScope>> scopes)
    {
        foreach (var (_, scope) in scopes)
            command.WriteErrors(scope.Errors);
        // Several stacks may have one lock file.
        var locks = scopes.Select(pair => pair.Key).Distinct(StringComparer.Ordinal)
            .ToDictionary(path => path, Read, StringComparer.Ordinal);
        var readable = scopes.Where(pair => locks[pair.Key] is not null).ToList();
        var subjects = readable.SelectMany(pair => pair.Value.Subjects).ToList();
        var request = RegistryCredentials.Request(
            null, Credential, RegistryCredential,
            subjects.Select(subject => subject.Reference.Registry),
            subjects.SelectMany(subject => subject.Container.RegistrySetting ?? []));
        var findings = Find(subjects, request);
        foreach (var (path, scope) in readable)
        {
            var before = locks[path]!;
            var update = LockUpdate.Make(before, scope, [.. findings.Take(scope.Subjects.Count)], clock.GetUtcNow());
            findings = [.. findings.Skip(scope.Subjects.Count)];
            locks[path] = update.Lock;
            command.Try(() => Write(path, before, update), path);
        }
    }

    private CraneLock? Read(string path) => command.TryGet(() => Adapters.Current.LockFiles.Read(path) ?? CraneLock.Empty, path);

    private IReadOnlyList<LockFinding> Find(List<LockSubject> subjects, StoreRequest request)
    {
        IReadOnlyList<LockFinding> findings = [];
        if (subjects.Count == 0)
            return findings;
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(request);
        pump.Run(async cancellation =>
        {
            await using var registries = Adapters.Current.OpenRegistries(watched);
            findings = await new LockLookup(registries, ThrottleLimit).FindAsync(subjects, cancellation);
        });
        return findings;
    }

    // The file is written before anything is emitted: a pipeline that ends early, as with Select-Object -First, must not keep it as it was.
    private void Write(string path, CraneLock before, LockUpdate update)
    {
        if (update.Lock != before && command.ShouldProcess(path, "Update the lock file"))
            Adapters.Current.LockFiles.Write(path, update.Lock);
        command.WriteObjects(update.Changes.Select(entry => entry.Change with { Path = path }).Where(IsShown));
        command.WriteErrors(update.Errors);
    }

    // What has a reason has changed the file, or will.
    private bool IsShown(LockChange change) => EmitsAll || change.Status != LockStatus.Unchanged || change.Reason.Length > 0;
}
