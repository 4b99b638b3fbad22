using Crane.Comparing;
using Crane.Core.Tests.Execution;
using Crane.Names;
using Crane.Status;
using CsCheck;

namespace Crane.Core.Tests.Status;

/// <summary>The local image, what was last seen in the registry, and what it has now. Images are letters; layers are words.</summary>
public sealed class SyncComparisonTests
{
    private static readonly ImageName Name = ImageName.Parse("r.co/company/os:1");

    [Theory]
    [InlineData("a", "a", "a", SyncState.UpToDate)]
    [InlineData("a", "a", "b", SyncState.Behind)]
    [InlineData("a", "b", "b", SyncState.Ahead)]
    [InlineData("a", "b", "c", SyncState.Diverged)]
    // The same image was pushed from here or elsewhere: what was seen before does not matter.
    [InlineData("a", "b", "a", SyncState.UpToDate)]
    [InlineData("a", null, "a", SyncState.UpToDate)]
    [InlineData("a", null, "b", SyncState.Unknown)]
    [InlineData("a", "a", null, SyncState.Unpublished)]
    [InlineData("a", null, null, SyncState.Unpublished)]
    [InlineData(null, null, "a", SyncState.Missing)]
    [InlineData(null, "a", "b", SyncState.Missing)]
    [InlineData(null, null, null, SyncState.Missing)]
    public void States_are_those_of_branches(string? local, string? seen, string? registry, SyncState expected)
    {
        var comparison = new SyncComparison(Local(local, "base", "x"), Local(seen, "base", "x"), Name);
        var remote = registry is null ? null : MemoryStore.DigestOf(registry[0]);
        var outcome = comparison.With(remote, remote is null || !comparison.NeedsFacts(remote) ? null : Remote(registry![0], "base", "x"));
        Assert.Equal(expected, outcome.State);
        Assert.Equal(remote is not null, outcome.IsPublished);
    }

    [Fact]
    public void Nothing_is_read_from_a_registry_where_digests_tell_enough()
    {
        Assert.False(Compare("a", "a").NeedsFacts(MemoryStore.DigestOf('a')));
        Assert.False(Compare("a", "b").NeedsFacts(MemoryStore.DigestOf('b')));
        Assert.True(Compare("a", "a").NeedsFacts(MemoryStore.DigestOf('b')));
        Assert.True(Compare("a", null).NeedsFacts(MemoryStore.DigestOf('b')));

        static SyncComparison Compare(string local, string? seen) => new(Local(local, "l"), Local(seen, "l"), Name);
    }

    [Fact]
    public void Layers_are_counted_after_the_common_ones()
    {
        var outcome = new SyncComparison(Local("a", "base", "mine"), Local("b", "base"), Name)
            .With(MemoryStore.DigestOf('c'), Remote('c', "base", "theirs", "more"));
        Assert.Equal((SyncState.Diverged, 1, 2, 200L), (outcome.State, outcome.Ahead, outcome.Behind, outcome.Bytes));
    }

    [Fact]
    public void A_layer_that_the_store_has_under_the_remote_name_is_not_pulled()
    {
        var outcome = new SyncComparison(Local("a", "base", "mine"), Local("b", "base", "theirs"), Name)
            .With(MemoryStore.DigestOf('c'), Remote('c', "base", "theirs", "more"));
        Assert.Equal((1, 2, 100L), (outcome.Ahead, outcome.Behind, outcome.Bytes));
        Assert.Equal(300, new SyncComparison(null, null, Name).With(MemoryStore.DigestOf('c'), Remote('c', "x", "y", "z")).Bytes);
    }

    [Fact]
    public void Images_without_a_common_layer_are_unrelated_unless_one_was_seen_to_follow_the_other()
    {
        Assert.Equal((SyncState.Unrelated, null), Of("a", "b", 'c'));
        Assert.Equal((SyncState.Unrelated, null), Of("a", null, 'c'));
        // A base of another day has no layer in common with yesterday's.
        Assert.Equal((SyncState.Behind, null), Of("a", "a", 'c'));

        static (SyncState, int?) Of(string local, string? seen, char registry)
        {
            var outcome = new SyncComparison(Local(local, "mine"), Local(seen, "mine"), Name)
                .With(MemoryStore.DigestOf(registry), Remote(registry, "theirs"));
            return (outcome.State, outcome.Ahead);
        }
    }

    [Fact]
    public void An_image_without_layers_is_compared_too()
    {
        var outcome = new SyncComparison(Local("a"), Local("a"), Name).With(MemoryStore.DigestOf('c'), Remote('c'));
        Assert.Equal((SyncState.Behind, 0, 0, 0L), (outcome.State, outcome.Ahead, outcome.Behind, outcome.Bytes));
    }

    [Fact]
    public void Another_manifest_of_the_same_configuration_is_the_same_image()
    {
        var config = MemoryStore.DigestOf('e');
        var local = Local("a", "l")! with { Id = config.ToString() };
        var remote = Remote('b', "l") with { Config = config, ContentHash = "other" };
        Assert.Equal(SyncState.UpToDate, new SyncComparison(local, null, Name).With(remote.Digest, remote).State);
    }

    [Fact]
    public void Another_manifest_of_the_same_content_is_the_same_image()
    {
        var remote = Remote('b', "l") with { ContentHash = "content-a" };
        Assert.Equal(SyncState.UpToDate, new SyncComparison(Local("a", "l"), null, Name).With(remote.Digest, remote).State);
        // Also of what was last seen: then only the local image has changed.
        Assert.Equal(SyncState.Ahead, new SyncComparison(Local("c", "l", "m"), Local("a", "l"), Name).With(remote.Digest, remote).State);
        // An unknown content is not the same as another unknown one.
        var unknown = Local("a", "l")! with { ContentHash = "" };
        var outcome = new SyncComparison(unknown, unknown, Name).With(remote.Digest, remote with { ContentHash = "" });
        Assert.Equal(SyncState.Behind, outcome.State);
    }

    [Fact]
    public void Without_the_remote_name_the_image_itself_may_say_where_it_was()
    {
        var local = Local("a", "l")! with { Origins = [ImageName.Parse($"r.co/company/os@{MemoryStore.DigestOf('a')}")] };
        Assert.Equal(SyncState.Behind, new SyncComparison(local, null, Name).With(MemoryStore.DigestOf('b'), Remote('b', "l", "m")).State);
        Assert.Equal(SyncState.UpToDate, new SyncComparison(local, null, Name).Offline().State);
        var elsewhere = local with { Origins = [ImageName.Parse($"r.co/other@{MemoryStore.DigestOf('a')}")] };
        var outcome = new SyncComparison(elsewhere, null, Name).With(MemoryStore.DigestOf('b'), Remote('b', "l", "m"));
        Assert.Equal((SyncState.Unknown, 0, 1), (outcome.State, outcome.Ahead, outcome.Behind));
        Assert.Contains("r.co/company/os:1", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a", SyncState.UpToDate)]
    [InlineData("a", "b", SyncState.Ahead)]
    [InlineData("a", null, SyncState.Unknown)]
    [InlineData(null, "a", SyncState.Missing)]
    public void Offline_what_was_last_seen_stands_for_the_registry(string? local, string? seen, SyncState expected) =>
        Assert.Equal(expected, new SyncComparison(Local(local, "l", "m"), Local(seen, "l"), Name).Offline().State);

    [Fact]
    public void Counts_add_up_for_any_layers()
    {
        var layers = Gen.Int[0, 3].Select(number => $"layer{number}").Array[0, 6];
        var image = Gen.Char['a', 'c'];
        Gen.Select(layers, layers, layers, image, image, image).Sample((mine, seen, theirs, l, t, r) =>
        {
            // An image has one list of layers.
            var all = new Dictionary<char, string[]> { [l] = mine };
            all.TryAdd(t, seen);
            all.TryAdd(r, theirs);
            var comparison = new SyncComparison(Local($"{l}", all[l]), Local($"{t}", all[t]), Name);
            var remote = MemoryStore.DigestOf(r);
            var outcome = comparison.With(remote, comparison.NeedsFacts(remote) ? Remote(r, all[r]) : null);

            Assert.Equal(l == r, outcome.State == SyncState.UpToDate);
            Assert.InRange(outcome.Bytes!.Value, 0, 100L * all[r].Length);
            Assert.Equal(outcome.Ahead is null, outcome.Behind is null);
            if (outcome.Ahead is { } ahead && outcome.State != SyncState.UpToDate)
            {
                Assert.Equal(all[l].Length - ahead, all[r].Length - outcome.Behind!.Value);
                Assert.Equal(all[l].Take(all[l].Length - ahead), all[r].Take(all[l].Length - ahead));
            }
            if (outcome.State == SyncState.Unrelated)
                Assert.NotEqual(all[l][0], all[r][0]);
        });
    }

    private static Digest DigestOf(string layer) => Digest.OfSha256(System.Text.Encoding.UTF8.GetBytes(layer));

    private static LocalImage? Local(string? fill, params string[] layers) =>
        fill is null ? null : MemoryStore.BuiltImage(fill[0]) with { Layers = layers };

    private static RemoteImageFacts Remote(char fill, params string[] layers) =>
        new(MemoryStore.DigestOf(fill), [.. layers.Select(layer => new RemoteLayer(DigestOf(layer), 100, layer))])
        {
            Config = MemoryStore.DigestOf('f'),
            ContentHash = $"content-{fill}",
        };
}
