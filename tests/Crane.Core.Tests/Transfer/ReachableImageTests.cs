using CsCheck;
using Crane.Core.Tests.Execution;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Moving.Undo;
using Crane.Names;
using Crane.Planning;

namespace Crane.Core.Tests.Transfer;

/// <summary>
/// Random sequences of builds, pulls, pushes, copies and undos in a folder and registries, without force. A build, a push and a copy may
/// replace what their own target was; that is what they are for. No other image that was built here loses its last name.
/// </summary>
public sealed class ReachableImageTests
{
    private const string Plain = "company/x";
    private const string Official = "official.co/company/x";
    private const string Mine = "mine.co/me/x";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void No_image_loses_its_last_name() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 100]).Array[1, 16].Sample(
        steps => new World().RunAsync(steps).GetAwaiter().GetResult(), iter: 1000, threads: 1);

    private sealed class World
    {
        private readonly MemoryContent _folder = new() { IsFolder = true };
        private readonly MemoryContent _registries = new();
        private readonly Runs _runs = new(new MemoryStore());
        private readonly List<RetagResult> _results = [];
        private readonly HashSet<Digest> _built = [];
        private int _images;

        public async Task RunAsync((int Action, int Choice)[] steps)
        {
            _registries.AddImage(Official, NewLayers());
            var log = new List<string>();
            foreach (var (action, choice) in steps)
            {
                var before = Places();
                var replaced = await StepAsync(action, choice);
                var after = Places();
                var lost = before.Values.Where(digest => digest is not null && _built.Contains(digest))
                    .Except(after.Values).Except(replaced.Select(name => before[name])).OfType<Digest>()
                    // A pull counts on the registry where it still has the image, though under no tag.
                    .Where(digest => _registries.ResolveAsync(ImageName.Parse(Official).WithDigest(digest), Cancellation).Result is null)
                    .ToList();
                log.Add($"{action}: {_results.LastOrDefault()} {string.Join(", ", after.Select(place => $"{place.Key}={place.Value?.Hex[..4]}"))}");
                Assert.True(lost.Count == 0, string.Join('\n', log));
            }
        }

        // Another number of layers is another configuration: the same one would be the same image.
        private string[] NewLayers()
        {
            _images++;
            return [.. Enumerable.Range(0, _images).Select(layer => $"layer {_images}.{layer}")];
        }

        /// <summary>Runs a step; returns the places whose image it replaces on purpose.</summary>
        private async Task<IReadOnlyList<string>> StepAsync(int action, int choice)
        {
            switch (action)
            {
                case 0 or 1:
                    _built.Add(_folder.AddImage(Plain, NewLayers()).Descriptor.Digest);
                    return [Plain];
                case 2:
                    _registries.AddImage(Official, NewLayers());
                    return [Official];
                case 3:
                    await MoveAsync(RetagOperation.Pull, Official, Plain);
                    return [];
                case 4 or 5:
                    await MoveAsync(RetagOperation.Push, Plain, Mine);
                    return [Mine, Seen(Mine)];
                case 6:
                    await MoveAsync(RetagOperation.Copy, Mine, Official);
                    return [Official];
                default:
                    return _results.Count == 0 ? [] : await UndoAsync(_results[choice % _results.Count]);
            }
        }

        private async Task MoveAsync(RetagOperation operation, string source, string target)
        {
            var folder = operation == RetagOperation.Copy ? null : _folder;
            var mover = new ContentMover(new ContentStores(_registries, folder, () => 0), new TransferOptions(), 8, _runs);
            var move = CheckedMove.Check(new RetagPlan { Operation = operation, Source = source, Target = target });
            await foreach (var outcome in new PlanRunner(mover, _runs, _runs, new RunOptions(8, false, false)).RunAsync([move], Cancellation))
                _results.Add(outcome.Result);
        }

        // An undo that gives a tag what its source has is the same push or copy again.
        private async Task<IReadOnlyList<string>> UndoAsync(RetagResult result)
        {
            var local = result.Operation == RetagOperation.Copy ? null : new FolderLocalNames(_folder);
            var undo = new UndoRun(new UndoStores(local, new ContentNames(_registries)), force: false, _runs);
            _results.Add((await undo.RunAsync(result, Cancellation)).Result);
            var places = Places();
            return result.Operation switch
            {
                RetagOperation.Push when places[Mine] == places[Plain] => [Mine, Seen(Mine)],
                RetagOperation.Copy when places[Official] == places[Mine] => [Official],
                _ => [],
            };
        }

        private static string Seen(string remote) => $"seen {remote}";

        private Dictionary<string, Digest?> Places() => new()
        {
            [Plain] = _folder.TagDigest(Plain),
            [Seen(Official)] = _folder.TagDigest(Official),
            [Seen(Mine)] = _folder.TagDigest(Mine),
            [Official] = _registries.TagDigest(Official),
            [Mine] = _registries.TagDigest(Mine),
        };
    }
}
