using Crane.Core.Tests.Execution;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Core.Tests.Transfer;

public sealed class ContentMoverTests
{
    private readonly MemoryContent _content = new();
    private readonly Runs _runs = new(new MemoryStore());

    private TransferOptions Options { get; set; } = new();

    private int ThrottleLimit { get; set; } = 8;

    [Fact]
    public async Task A_copy_has_the_digest_of_its_source()
    {
        var image = _content.AddImage("a.co/os:1", "base", "more");

        var result = (await CopyAsync(("a.co/os:1", "b.co/fork:1"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, image.Descriptor.Digest.ToString()), (result.Status, result.Digest));
        Assert.Equal(image.Descriptor.Digest, _content.TagDigest("b.co/fork:1"));
        Assert.Equal(image.Blobs.Sum(blob => blob.Size), result.SizeBytes);
    }

    [Fact]
    public async Task Equal_digests_take_two_requests_and_move_nothing()
    {
        _content.AddImage("a.co/os", "base");
        _content.AddImage("b.co/os", "base");

        var result = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal(RetagStatus.UpToDate, result.Status);
        Assert.Equal(["current b.co/os latest", "resolve a.co/os latest"], _content.Calls.Order());
    }

    [Fact]
    public async Task Force_goes_through_everything_and_moves_only_what_is_missing()
    {
        _content.AddImage("a.co/os", "base");
        _content.AddImage("b.co/os", "base");

        var result = (await CopyAsync(force: true, ("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, 0), (result.Status, result.SizeBytes));
        Assert.Single(_content.CallsOf("tag"));
        Assert.Empty(_content.CallsOf("write"));
    }

    [Fact]
    public async Task A_blob_of_many_images_crosses_once_and_is_mounted_by_the_others()
    {
        var moves = Enumerable.Range(0, 20).Select(i => ($"a.co/image{i}", $"b.co/image{i}")).ToArray();
        foreach (var (source, _) in moves)
            _content.AddImage(source, "base", $"own {source}");

        var outcomes = await CopyAsync(moves);

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        var shared = Digest.OfSha256("base"u8).Hex[..12];
        Assert.Single(_content.CallsOf("write"), call => call.EndsWith(shared, StringComparison.Ordinal));
        Assert.Equal(19, _content.CallsOf("mount").Count(call => call.EndsWith(shared, StringComparison.Ordinal)));
        Assert.All(moves, move => Assert.True(_content.IsComplete(move.Item2)));
    }

    [Fact]
    public async Task A_mount_does_not_wait_for_blobs_that_move()
    {
        ThrottleLimit = 1;
        _content.AddImage("a.co/one", "base");
        _content.AddImage("b.co/two", "other");
        var mounted = new TaskCompletionSource();
        _content.OnMount = () => mounted.TrySetResult();
        _content.OnWrite = (_, _) => mounted.Task;

        // The one room for blobs is taken until another one has been mounted.
        var outcomes = await CopyAsync(("b.co/two", "a.co/two"), ("a.co/one", "a.co/three"))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
    }

    [Fact]
    public async Task What_is_not_there_is_read_at_once_and_its_configuration_sent_without_a_question()
    {
        var image = _content.AddImage("a.co/os", "base");

        await CopyAsync(("a.co/os", "b.co/os"));

        var (config, layer) = (image.Config!.ShortId, image.Layers[0].ShortId);
        string[] calls =
        [
            "current b.co/os latest", "find a.co/os latest", $"has b.co/os {layer}", $"open a.co/os {config} 0", $"open a.co/os {layer} 0",
            "tag b.co/os latest", $"write b.co/os {config}", $"write b.co/os {layer}",
        ];
        Assert.Equal(calls.Order(StringComparer.Ordinal), _content.Calls.Order(StringComparer.Ordinal));
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
        _content.AddImage("a.co/acme/os", "base", "more");

        var result = (await CopyAsync(("a.co/acme/os", "a.co/bob/os"))).Single().Result;

        Assert.Equal(0, result.SizeBytes);
        Assert.Equal(3, _content.CallsOf("mount").Count());
    }

    [Fact]
    public async Task When_the_first_image_fails_to_bring_a_shared_blob_the_next_one_does()
    {
        _content.AddImage("a.co/one", "base");
        _content.AddImage("a.co/two", "base");
        var shared = Digest.OfSha256("base"u8);
        var isFirst = true;
        _content.OnWrite = (_, blob) =>
        {
            if (blob.Digest != shared || !isFirst)
                return Task.CompletedTask;
            isFirst = false;
            throw new CraneException(CraneErrorId.PushFailed, "quota exceeded");
        };

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.Equal(["Failed", "Succeeded"], outcomes.Select(outcome => outcome.Result.Status.ToString()).Order());
        Assert.Single(_content.CallsOf("tag"));
    }

    [Fact]
    public async Task A_damaged_blob_is_reported_for_every_image_that_needs_it_and_read_once()
    {
        _content.AddImage("a.co/one", "base");
        _content.AddImage("a.co/two", "base");
        _content.OnRead = (bytes, offset) => new MemoryStream(bytes.AsSpan().SequenceEqual("base"u8) ? "bass"u8.ToArray() : bytes[(int)offset..]);

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.All(outcomes, outcome => Assert.Equal(CraneErrorId.DigestMismatch, outcome.Error?.Id));
        Assert.Empty(_content.CallsOf("tag"));
        Assert.Single(_content.CallsOf("open"), call => call.Contains(Digest.OfSha256("base"u8).Hex[..12], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blob_that_is_damaged_in_one_registry_is_read_from_another()
    {
        _content.AddImage("a.co/one", "base");
        _content.AddImage("c.co/two", "base");
        var isFirst = true;
        _content.OnRead = (bytes, offset) =>
        {
            if (!isFirst || !bytes.AsSpan().SequenceEqual("base"u8))
                return new MemoryStream(bytes[(int)offset..]);
            isFirst = false;
            return new MemoryStream("bass"u8.ToArray());
        };

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("c.co/two", "b.co/two"));

        Assert.Equal(["Failed", "Succeeded"], outcomes.Select(outcome => outcome.Result.Status.ToString()).Order());
        Assert.True(_content.IsComplete(outcomes.Single(outcome => outcome.Error is null).Result.Target));
    }

    [Fact]
    public async Task A_source_that_breaks_off_is_resumed_where_it_was()
    {
        _content.OnRead = (bytes, offset) => new MemoryStream(bytes[(int)offset..Math.Min(bytes.Length, (int)offset + 60)]);
        var content = new string('x', 150);
        _content.AddImage("a.co/long", content);

        var result = (await CopyAsync(("a.co/long", "b.co/long"))).Single().Result;

        Assert.Equal(RetagStatus.Succeeded, result.Status);
        var blob = Digest.OfSha256(System.Text.Encoding.UTF8.GetBytes(content)).Hex[..12];
        Assert.Equal(
            [$"open a.co/long {blob} 0", $"open a.co/long {blob} 60", $"open a.co/long {blob} 120"],
            _content.CallsOf("open").Where(call => call.Contains(blob, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_source_that_ends_early_again_and_again_is_an_error_and_no_tag_is_written()
    {
        _content.AddImage("a.co/os", "0123456789");
        _content.OnRead = (_, _) => new MemoryStream([]);

        var outcome = (await CopyAsync(("a.co/os", "b.co/os"))).Single();

        Assert.Equal(CraneErrorId.RegistryUnreachable, outcome.Error?.Id);
        Assert.Contains("ended after 0 of", outcome.Error?.Message, StringComparison.Ordinal);
        Assert.Empty(_content.CallsOf("tag"));
    }

    [Fact]
    public async Task An_index_moves_as_a_whole_its_images_without_tags()
    {
        var (amd, arm) = AddBoth();
        var index = _content.AddIndex("a.co/os", (amd, "linux/amd64"), (arm, "linux/arm64"));

        await CopyAsync(("a.co/os", "b.co/os"));

        Assert.Equal(index.Descriptor.Digest, _content.TagDigest("b.co/os"));
        Assert.Equal(2, _content.CallsOf("put").Count());
        Assert.Single(_content.CallsOf("tag"));
    }

    [Fact]
    public async Task An_index_may_list_blobs()
    {
        _content.AddCache("a.co/cache", "one layer", "another layer");

        Assert.Null((await CopyAsync(("a.co/cache", "b.co/cache"))).Single().Error);

        Assert.Equal(_content.TagDigest("a.co/cache"), _content.TagDigest("b.co/cache"));
    }

    [Fact]
    public async Task One_platform_is_the_image_itself()
    {
        var (amd, arm) = AddBoth();
        _content.AddIndex("a.co/os", (amd, "linux/amd64"), (arm, "linux/arm64"));
        Options = new TransferOptions { Platforms = [Platform("linux/aarch64")] };

        await CopyAsync(("a.co/os", "b.co/os"));
        Assert.Equal(arm.Descriptor.Digest, _content.TagDigest("b.co/os"));

        var again = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;
        Assert.Equal(RetagStatus.UpToDate, again.Status);
    }

    [Fact]
    public async Task A_subset_of_platforms_is_an_index_of_just_these()
    {
        var (amd, arm) = AddBoth();
        var windows = _content.AddImageFor("windows/amd64", null, "a.co/os:windows", "win");
        _content.AddIndex("a.co/os", (amd, "linux/amd64"), (windows, "windows/amd64"), (arm, "linux/arm64"));
        Options = new TransferOptions { Platforms = [Platform("linux/amd64"), Platform("linux/arm64")] };

        var result = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal(_content.TagDigest("b.co/os")?.ToString(), result.Digest);
        Assert.Equal(2, _content.CallsOf("put").Count());
        Assert.True(_content.IsComplete("b.co/os"));
    }

    [Theory]
    [InlineData("\"os\":\"linux\",\"os\":\"linux\",", "")]
    [InlineData("", "\"annotations\":{},\"annotations\":{},")]
    [InlineData("\"\\ud800\":1,", "")]
    public async Task A_subset_of_an_index_whose_keys_are_not_clear_is_an_error(string inIndex, string inEntry)
    {
        var (amd, arm) = AddBoth();
        string Entry(Manifest image, string architecture) =>
            $$$"""{{{{inEntry}}}"mediaType":"{{{image.Descriptor.MediaType}}}","digest":"{{{image.Descriptor.Digest}}}","size":{{{image.Descriptor.Size}}},"platform":{"os":"linux","architecture":"{{{architecture}}}"}}""";
        _content.AddIndex("a.co/os", $$"""{{{inIndex}}"schemaVersion":2,"manifests":[{{Entry(amd, "amd64")}},{{Entry(arm, "arm64")}}]}""");
        Options = new TransferOptions { Platforms = [Platform("linux/amd64"), Platform("linux/arm64")] };

        var error = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Error;

        Assert.Equal(CraneErrorId.PullFailed, error?.Id);
        Assert.StartsWith("The manifest of 'a.co/os' cannot be used: it has a duplicate or invalid key", error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_platform_that_is_not_there_is_an_error_that_says_which_are(bool isIndex)
    {
        var amd = _content.AddImage("a.co/os", "amd");
        if (isIndex)
            _content.AddIndex("a.co/os", (amd, "linux/amd64"));
        Options = new TransferOptions { Platforms = [Platform("linux/s390x")] };

        var error = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Error;

        Assert.Equal(CraneErrorId.ImageNotFound, error?.Id);
        Assert.Equal("'a.co/os' has no platform linux/s390x. Available: linux/amd64.", error?.Message);
    }

    [Fact]
    public async Task Of_an_image_without_a_platform_none_is_offered()
    {
        _content.AddImageFor("/", null, "a.co/chart", "chart");
        Options = new TransferOptions { Platforms = [Platform("linux/s390x")] };

        var error = (await CopyAsync(("a.co/chart", "b.co/chart"))).Single().Error;

        Assert.Equal("'a.co/chart' has no platform linux/s390x: its manifest names no platform.", error?.Message);
    }

    [Fact]
    public async Task A_referrer_that_is_there_is_written_again_as_its_listing_may_be_missing()
    {
        var image = _content.AddImage("a.co/os", "base");
        var bill = _content.AddImageFor("linux/amd64", image.Descriptor, "a.co/os:bill", "bill of material");
        Options = new TransferOptions { IncludeReferrers = true };

        await CopyAsync(("a.co/os", "b.co/os"));
        await CopyAsync(("a.co/os", "b.co/os"));

        Assert.Equal(2, _content.CallsOf("put").Count(call => call.EndsWith(bill.Descriptor.ShortId, StringComparison.Ordinal)));
        Assert.Equal(3, _content.CallsOf("write").Count());
    }

    [Fact]
    public async Task Referrers_come_along_with_theirs_and_with_the_tags_of_cosign()
    {
        var image = _content.AddImage("a.co/os", "base");
        var bill = _content.AddImageFor("linux/amd64", image.Descriptor, "a.co/os:bill", "bill of material");
        var signature = _content.AddImageFor("linux/amd64", bill.Descriptor, "a.co/os:signature", "signature of the bill");
        _content.AddImage($"a.co/os:sha256-{image.Descriptor.Digest.Hex}.sig", "cosign");
        Options = new TransferOptions { IncludeReferrers = true };

        await CopyAsync(("a.co/os", "b.co/os"));

        var there = await _content.ReferrersAsync(ImageName.Parse("b.co/os"), image.Descriptor.Digest, TestContext.Current.CancellationToken);
        Assert.Equal(bill.Descriptor.Digest, Assert.Single(there).Digest);
        there = await _content.ReferrersAsync(ImageName.Parse("b.co/os"), bill.Descriptor.Digest, TestContext.Current.CancellationToken);
        Assert.Equal(signature.Descriptor.Digest, Assert.Single(there).Digest);
        Assert.NotNull(_content.TagDigest($"b.co/os:sha256-{image.Descriptor.Digest.Hex}.sig"));
    }

    [Fact]
    public async Task Layers_that_their_publisher_keeps_stay_there()
    {
        _content.AddImage("a.co/windows", "foreign base", "own");

        Assert.Equal(RetagStatus.Succeeded, (await CopyAsync(("a.co/windows", "b.co/windows"))).Single().Result.Status);
        Assert.DoesNotContain(_content.CallsOf("write"), call => call.EndsWith(Digest.OfSha256("foreign base"u8).Hex[..12], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Layers_that_their_publisher_keeps_come_along_where_that_is_asked_for_even_to_where_the_image_is()
    {
        _content.AddImage("a.co/windows", "foreign base", "own");
        await CopyAsync(("a.co/windows", "b.co/windows"));
        Options = new TransferOptions { IncludeForeignLayers = true };

        var result = (await CopyAsync(("a.co/windows", "b.co/windows"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, "foreign base".Length), (result.Status, result.SizeBytes));
        Assert.EndsWith(Digest.OfSha256("foreign base"u8).Hex[..12], _content.CallsOf("write").Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, RetagStatus.Succeeded)]
    [InlineData(11, RetagStatus.Failed)]
    public async Task Referrers_of_referrers_are_followed_so_deep_and_no_deeper(int depth, RetagStatus status)
    {
        var subject = _content.AddImage("a.co/os", "base");
        for (var level = 1; level <= depth; level++)
            subject = _content.AddImageFor("linux/amd64", subject.Descriptor, $"a.co/os:level{level}", $"level {level}");
        Options = new TransferOptions { IncludeReferrers = true };

        var outcome = (await CopyAsync(("a.co/os", "b.co/os"))).Single();

        Assert.Equal(status, outcome.Result.Status);
        Assert.True(_content.IsComplete("b.co/os"));
        if (outcome.Error is { } error)
            Assert.Equal(
                (CraneErrorId.PullFailed, "The referrers of 'a.co/os' were not all moved: they refer to each other more than 10 deep."),
                (error.Id, error.Message));
    }

    [Fact]
    public async Task What_two_plans_ask_for_counts_once()
    {
        var image = _content.AddImage("a.co/os", "base");

        var outcomes = await CopyAsync(("a.co/os", "b.co/os"), ("a.co/os:latest", "b.co/os"));

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Equal(image.Blobs.Sum(blob => blob.Size), outcomes.Sum(outcome => outcome.Result.SizeBytes));
    }

    [Fact]
    public async Task Another_digest_than_the_target_promises_is_refused_before_anything_moves()
    {
        _content.AddImage("a.co/os", "base");

        var error = (await CopyAsync(("a.co/os", $"b.co/os:1@sha256:{new string('0', 64)}"))).Single().Error;

        Assert.Equal(CraneErrorId.DigestMismatch, error?.Id);
        Assert.Empty(_content.CallsOf("write"));
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_and_the_others_go_on()
    {
        _content.AddImage("a.co/two", "base");

        var outcomes = await CopyAsync(("a.co/one", "b.co/one"), ("a.co/two", "b.co/two"));

        Assert.Equal(CraneErrorId.ImageNotFound, outcomes[0].Error?.Id);
        Assert.Equal("a.co has no image 'a.co/one'.", outcomes[0].Error?.Message);
        Assert.Equal(RetagStatus.Succeeded, outcomes[1].Result.Status);
    }

    [Fact]
    public async Task No_more_blobs_move_at_once_than_the_limit_says()
    {
        ThrottleLimit = 3;
        Assert.InRange(await MostAtOnceAsync(count => _content.OnWrite = (_, _) => count()), 1, 3);
    }

    [Fact]
    public async Task No_more_is_asked_at_once_than_four_times_the_limit()
    {
        ThrottleLimit = 2;
        Assert.InRange(await MostAtOnceAsync(count => _content.OnAsk = count), 1, 8);
    }

    /// <summary>How often something that a test counts happens at the same time while ten images of nine blobs are copied.</summary>
    private async Task<int> MostAtOnceAsync(Action<Func<Task>> count)
    {
        var moves = Enumerable.Range(0, 10).Select(i => ($"a.co/image{i}", $"b.co/image{i}")).ToArray();
        foreach (var (source, _) in moves)
            _content.AddImage(source, [.. Enumerable.Range(0, 8).Select(layer => $"{layer} of {source}")]);
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

    private static ImagePlatform Platform(string written) =>
        ImagePlatform.TryParse(written, out var platform) ? platform : throw new ArgumentException("not a platform", nameof(written));

    private (Manifest Amd, Manifest Arm) AddBoth() =>
        (_content.AddImage("a.co/os:amd", "base", "amd"), _content.AddImageFor("linux/arm64", null, "a.co/os:arm", "base", "arm"));

    private Task<IReadOnlyList<RunOutcome>> CopyAsync(params (string Source, string Target)[] copies) => CopyAsync(_content, false, copies);

    private Task<IReadOnlyList<RunOutcome>> CopyAsync(bool force, params (string Source, string Target)[] copies) =>
        CopyAsync(_content, force, copies);

    private async Task<IReadOnlyList<RunOutcome>> CopyAsync(MemoryContent content, bool force, params (string Source, string Target)[] copies)
    {
        var moves = copies.Select(copy => CheckedMove.Check(new RetagPlan { Operation = RetagOperation.Copy, Source = copy.Source, Target = copy.Target }));
        await using var mover = new ContentMover(new ContentStores(content, null, () => content.Calls.Count), Options, ThrottleLimit, _runs);
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in new PlanRunner(mover, _runs, _runs, new RunOptions(ThrottleLimit, force, false))
            .RunAsync(moves.ToList(), TestContext.Current.CancellationToken))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }
}
