using Crane.Names;

namespace Crane.Core.Tests.Transfer;

/// <summary>How images move between registries: what is asked, read and written, and what is not.</summary>
public sealed class ContentMoverTests : ContentMoverTestBase
{
    [Fact]
    public async Task A_copy_has_the_digest_of_its_source()
    {
        var image = Content.AddImage("a.co/os:1", "base", "more");

        var result = (await CopyAsync(("a.co/os:1", "b.co/fork:1"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, image.Descriptor.Digest.ToString()), (result.Status, result.Digest));
        Assert.Equal(image.Descriptor.Digest, Content.TagDigest("b.co/fork:1"));
        Assert.Equal(image.Blobs.Sum(blob => blob.Size), result.SizeBytes);
    }

    [Fact]
    public async Task Equal_digests_take_two_requests_and_move_nothing()
    {
        Content.AddImage("a.co/os", "base");
        Content.AddImage("b.co/os", "base");

        var result = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal(RetagStatus.UpToDate, result.Status);
        Assert.Equal(["current b.co/os latest", "resolve a.co/os latest"], Content.Calls.Order());
    }

    [Fact]
    public async Task Force_goes_through_everything_and_moves_only_what_is_missing()
    {
        Content.AddImage("a.co/os", "base");
        Content.AddImage("b.co/os", "base");

        var result = (await CopyAsync(force: true, ("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, 0), (result.Status, result.SizeBytes));
        Assert.Single(Content.CallsOf("tag"));
        Assert.Empty(Content.CallsOf("write"));
    }

    [Fact]
    public async Task A_blob_of_many_images_crosses_once_and_is_mounted_by_the_others()
    {
        var moves = Enumerable.Range(0, 20).Select(i => ($"a.co/image{i}", $"b.co/image{i}")).ToArray();
        foreach (var (source, _) in moves)
            Content.AddImage(source, "base", $"own {source}");

        var outcomes = await CopyAsync(moves);

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        var shared = Digest.OfSha256("base"u8).Hex[..12];
        Assert.Single(Content.CallsOf("write"), call => call.EndsWith(shared, StringComparison.Ordinal));
        Assert.Equal(19, Content.CallsOf("mount").Count(call => call.EndsWith(shared, StringComparison.Ordinal)));
        Assert.All(moves, move => Assert.True(Content.IsComplete(move.Item2)));
    }

    [Fact]
    public async Task A_mount_does_not_wait_for_blobs_that_move()
    {
        ThrottleLimit = 1;
        Content.AddImage("a.co/one", "base");
        Content.AddImage("b.co/two", "other");
        var mounted = new TaskCompletionSource();
        Content.OnMount = () => mounted.TrySetResult();
        Content.OnWrite = (_, _) => mounted.Task;

        // The one room for blobs is taken until another one has been mounted.
        var outcomes = await CopyAsync(("b.co/two", "a.co/two"), ("a.co/one", "a.co/three"))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
    }

    [Fact]
    public async Task What_is_not_there_is_read_at_once_and_its_configuration_sent_without_a_question()
    {
        var image = Content.AddImage("a.co/os", "base");

        await CopyAsync(("a.co/os", "b.co/os"));

        var (config, layer) = (image.Config!.ShortId, image.Layers[0].ShortId);
        string[] calls =
        [
            "current b.co/os latest", "find a.co/os latest", $"has b.co/os {layer}", $"open a.co/os {config} 0", $"open a.co/os {layer} 0",
            "tag b.co/os latest", $"write b.co/os {config}", $"write b.co/os {layer}",
        ];
        Assert.Equal(calls.Order(StringComparer.Ordinal), Content.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_refuses_mounts_gets_the_bytes()
    {
        var content = new MemoryContent { RefusesMounts = true };
        content.AddImage("a.co/one", "base");
        content.AddImage("a.co/two", "base");

        await CopyAsync(content, false, ("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.True(content.IsComplete("b.co/one") && content.IsComplete("b.co/two"));
    }

    [Fact]
    public async Task Within_one_registry_everything_is_mounted()
    {
        Content.AddImage("a.co/acme/os", "base", "more");

        var result = (await CopyAsync(("a.co/acme/os", "a.co/bob/os"))).Single().Result;

        Assert.Equal(0, result.SizeBytes);
        Assert.Equal(3, Content.CallsOf("mount").Count());
    }

    [Fact]
    public async Task When_the_first_image_fails_to_bring_a_shared_blob_the_next_one_does()
    {
        Content.AddImage("a.co/one", "base");
        Content.AddImage("a.co/two", "base");
        var shared = Digest.OfSha256("base"u8);
        var isFirst = true;
        Content.OnWrite = (_, blob) =>
        {
            if (blob.Digest != shared || !isFirst)
                return Task.CompletedTask;
            isFirst = false;
            throw new CraneException(CraneErrorId.PushFailed, "quota exceeded");
        };

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.Equal(["Failed", "Succeeded"], outcomes.Select(outcome => outcome.Result.Status.ToString()).Order());
        Assert.Single(Content.CallsOf("tag"));
    }

    [Fact]
    public async Task A_damaged_blob_is_reported_for_every_image_that_needs_it_and_read_once()
    {
        Content.AddImage("a.co/one", "base");
        Content.AddImage("a.co/two", "base");
        Content.OnRead = (bytes, offset) => new MemoryStream(bytes.AsSpan().SequenceEqual("base"u8) ? "bass"u8.ToArray() : bytes[(int)offset..]);

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.All(outcomes, outcome => Assert.Equal(CraneErrorId.DigestMismatch, outcome.Error?.Id));
        Assert.Empty(Content.CallsOf("tag"));
        Assert.Single(Content.CallsOf("open"), call => call.Contains(Digest.OfSha256("base"u8).Hex[..12], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blob_that_is_damaged_in_one_registry_is_read_from_another()
    {
        Content.AddImage("a.co/one", "base");
        Content.AddImage("c.co/two", "base");
        var isFirst = true;
        Content.OnRead = (bytes, offset) =>
        {
            if (!isFirst || !bytes.AsSpan().SequenceEqual("base"u8))
                return new MemoryStream(bytes[(int)offset..]);
            isFirst = false;
            return new MemoryStream("bass"u8.ToArray());
        };

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("c.co/two", "b.co/two"));

        Assert.Equal(["Failed", "Succeeded"], outcomes.Select(outcome => outcome.Result.Status.ToString()).Order());
        Assert.True(Content.IsComplete(outcomes.Single(outcome => outcome.Error is null).Result.Target));
    }

    [Fact]
    public async Task A_source_that_breaks_off_is_resumed_where_it_was()
    {
        Content.OnRead = (bytes, offset) => new MemoryStream(bytes[(int)offset..Math.Min(bytes.Length, (int)offset + 60)]);
        var content = new string('x', 150);
        Content.AddImage("a.co/long", content);

        var result = (await CopyAsync(("a.co/long", "b.co/long"))).Single().Result;

        Assert.Equal(RetagStatus.Succeeded, result.Status);
        var blob = Digest.OfSha256(System.Text.Encoding.UTF8.GetBytes(content)).Hex[..12];
        Assert.Equal(
            [$"open a.co/long {blob} 0", $"open a.co/long {blob} 60", $"open a.co/long {blob} 120"],
            Content.CallsOf("open").Where(call => call.Contains(blob, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_source_that_ends_early_again_and_again_is_an_error_and_no_tag_is_written()
    {
        Content.AddImage("a.co/os", "0123456789");
        Content.OnRead = (_, _) => new MemoryStream([]);

        var outcome = (await CopyAsync(("a.co/os", "b.co/os"))).Single();

        Assert.Equal(CraneErrorId.RegistryUnreachable, outcome.Error?.Id);
        Assert.Contains("ended after 0 of", outcome.Error?.Message, StringComparison.Ordinal);
        Assert.Empty(Content.CallsOf("tag"));
    }

    [Fact]
    public async Task What_two_plans_ask_for_counts_once()
    {
        var image = Content.AddImage("a.co/os", "base");

        var outcomes = await CopyAsync(("a.co/os", "b.co/os"), ("a.co/os:latest", "b.co/os"));

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Equal(image.Blobs.Sum(blob => blob.Size), outcomes.Sum(outcome => outcome.Result.SizeBytes));
    }

    [Fact]
    public async Task Another_digest_than_the_target_promises_is_refused_before_anything_moves()
    {
        Content.AddImage("a.co/os", "base");

        var error = (await CopyAsync(("a.co/os", $"b.co/os:1@sha256:{new string('0', 64)}"))).Single().Error;

        Assert.Equal(CraneErrorId.DigestMismatch, error?.Id);
        Assert.Empty(Content.CallsOf("write"));
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_and_the_others_go_on()
    {
        Content.AddImage("a.co/two", "base");

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.Equal(CraneErrorId.ImageNotFound, outcomes[0].Error?.Id);
        Assert.Equal("a.co has no image 'a.co/one'.", outcomes[0].Error?.Message);
        Assert.Equal(RetagStatus.Succeeded, outcomes[1].Result.Status);
    }

    [Fact]
    public async Task No_more_blobs_move_at_once_than_the_limit_says()
    {
        ThrottleLimit = 3;
        Assert.InRange(await MostAtOnceAsync(count => Content.OnWrite = (_, _) => count()), 1, 3);
    }

    [Fact]
    public async Task No_more_is_asked_at_once_than_four_times_the_limit()
    {
        ThrottleLimit = 2;
        Assert.InRange(await MostAtOnceAsync(count => Content.OnAsk = count), 1, 8);
    }

    /// <summary>How often something that a test counts happens at the same time while ten images of nine blobs are copied.</summary>
    private async Task<int> MostAtOnceAsync(Action<Func<Task>> count)
    {
        var moves = Enumerable.Range(0, 10).Select(i => ($"a.co/image{i}", $"b.co/image{i}")).ToArray();
        foreach (var (source, _) in moves)
            Content.AddImage(source, [.. Enumerable.Range(0, 8).Select(layer => $"{layer} of {source}")]);
        var (atOnce, most) = (0, 0);
        count(async () =>
        {
            var now = Interlocked.Increment(ref atOnce);
            InterlockedMax(ref most, now);
            await Task.Delay(1);
            Interlocked.Decrement(ref atOnce);
        });

        await CopyAsync(moves);
        return most;
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = most; now > known; known = most)
            Interlocked.CompareExchange(ref most, now, known);
    }
}
