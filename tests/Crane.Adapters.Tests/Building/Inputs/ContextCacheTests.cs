using Crane.Adapters.Contexts;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Tests.Building.Inputs;

public sealed class ContextCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ContextCache _cache;

    public ContextCacheTests() => _cache = new ContextCache(Path.Join(_folder.Path, "cache", "contexts"));

    private string[] Files => Directory.GetFiles(Path.Join(_folder.Path, "cache", "contexts"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_saved_is_loaded()
    {
        var saved = Save(Open("a"), 3);
        var loaded = _cache.Load(Open("a"));
        Assert.Equal(saved.Entries, loaded!.Entries);
        Assert.Equal((saved.Hash, saved.Dockerfile), (loaded.Hash, loaded.Dockerfile));
        Assert.Single(Files);
    }

    [Fact]
    public void Each_context_has_its_own_snapshot()
    {
        Save(Open("a"), 1);
        Assert.Null(_cache.Load(Open("b")));
    }

    [Fact]
    public void A_deleted_snapshot_is_missing()
    {
        Save(Open("a"), 1);
        Directory.Delete(Path.Join(_folder.Path, "cache"), recursive: true);
        Assert.Null(_cache.Load(Open("a")));
    }

    [Fact]
    public void A_damaged_snapshot_is_missing()
    {
        Save(Open("a"), 1);
        var whole = File.ReadAllBytes(Files[0]);
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(Files[0], damaged);
            Assert.Null(_cache.Load(Open("a")));
            File.WriteAllBytes(Files[0], whole[..at]);
            Assert.Null(_cache.Load(Open("a")));
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_no_error()
    {
        _folder.Write("cache", "a file");
        Save(Open("a"), 1);
        Assert.Null(_cache.Load(Open("a")));
    }

    [Fact]
    public void Of_many_contexts_those_used_last_are_kept()
    {
        Save(Open("first"), 1);
        File.SetLastWriteTimeUtc(Files[0], DateTime.UtcNow.AddDays(-3));
        // It is in use.
        Assert.NotNull(_cache.Load(Open("first")));
        for (var number = 0; number < ContextCache.Limit; number++)
            File.SetLastWriteTimeUtc(_folder.Write($"cache/contexts/{number}", ""), DateTime.UtcNow.AddDays(-2));
        Save(Open("last"), 1);
        Assert.Equal(ContextCache.Limit, Files.Length);
        Assert.NotNull(_cache.Load(Open("first")));
        Assert.NotNull(_cache.Load(Open("last")));
    }

    [Fact]
    public async Task Many_at_once_read_what_one_of_them_has_written()
    {
        var context = Open("a");
        await Task.WhenAll(Enumerable.Range(1, 8).Select(number => Task.Run(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                Save(context, number);
                Assert.InRange(_cache.Load(context)!.Entries.Count, 1, 8);
            }
        }, TestContext.Current.CancellationToken)));
        Assert.Single(Files);
    }

    private BuildContext Open(string name)
    {
        _folder.Write($"{name}/Dockerfile", "FROM scratch\n");
        return BuildContext.Open(Path.Join(_folder.Path, name));
    }

    private ContextSnapshot Save(BuildContext context, int count)
    {
        var snapshot = ContextSnapshot.Of("dockerfile", [.. Enumerable.Range(0, count).Select(number =>
            new HashedEntry($"näme {number}", number == 0 ? null : new FileStamp(1, 2, 3, 4, number), $"hash {number}"))]);
        _cache.Save(context, snapshot);
        return snapshot;
    }
}
