using Crane.Status;

namespace Crane.Core.Tests.Status;

public sealed class StatusSentenceTests
{
    private static readonly ImageStatus Same = new()
    {
        Container = "service",
        Image = "company/service",
        State = SyncState.UpToDate,
        Pull = SyncState.UpToDate,
        Push = SyncState.UpToDate,
        Base = BaseState.Current,
        Personal = "me.co/bob/service",
    };

    public static TheoryData<ImageStatus, string, string?> Rows => new()
    {
        { Same, "up to date", null },
        { Same with { Pull = SyncState.Skipped, Push = SyncState.Skipped }, "nothing to compare with", null },
        {
            Same with { Pull = SyncState.Behind, PullBehind = 2, PullBytes = 14_400_000 },
            "official behind 2 (14 MB)", "Invoke-CranePull service"
        },
        { Same with { Pull = SyncState.Behind, PullBytes = 900 }, "official behind (1 kB)", "Invoke-CranePull service" },
        { Same with { Push = SyncState.Ahead, PushAhead = 1 }, "ahead 1, not pushed", "Invoke-CranePush service" },
        { Same with { Push = SyncState.Ahead, PushAhead = 0 }, "changed, not pushed", "Invoke-CranePush service" },
        {
            Same with { Push = SyncState.Ahead, PushAhead = 1, Pull = SyncState.Ahead, PullAhead = 1 },
            "ahead 1, not pushed", "Invoke-CranePush service"
        },
        {
            Same with
            {
                Push = SyncState.Ahead,
                PushAhead = 1,
                Pull = SyncState.Behind,
                PullBehind = 2,
                PullBytes = 14_000_000,
                Base = BaseState.Stale,
            },
            "ahead 1, not pushed; official behind 2 (14 MB); base stale", "Invoke-CranePull service"
        },
        { Same with { Push = SyncState.Unpublished }, "not pushed", "Invoke-CranePush service" },
        {
            Same with { Push = SyncState.Unpublished, Pull = SyncState.Ahead, PullAhead = 2 },
            "ahead 2, not pushed", "Invoke-CranePush service"
        },
        {
            Same with { Push = SyncState.Behind, PushBehind = 3 },
            "personal behind 3", "Invoke-CranePull -Source me.co/bob/service -Target company/service"
        },
        { Same with { Push = SyncState.Diverged, PushAhead = 1, PushBehind = 2 }, "personal ahead 1, behind 2", null },
        { Same with { Pull = SyncState.Diverged, PullAhead = 1, PullBehind = 2 }, "official ahead 1, behind 2", null },
        { Same with { Pull = SyncState.Ahead, PullAhead = 1 }, "official ahead 1", null },
        { Same with { Pull = SyncState.Unrelated, Push = SyncState.Unrelated }, "personal unrelated; official unrelated", null },
        { Same with { Pull = SyncState.Unknown }, "official unknown", null },
        { Same with { Pull = SyncState.Unpublished }, "official has none", null },
        { Same with { Base = BaseState.Stale }, "base stale", "Invoke-CraneBuild service" },
        { Same with { Base = BaseState.Moved }, "base moved", "Invoke-CraneBuild service -Pull" },
        {
            Same with { State = SyncState.Missing, Pull = SyncState.Missing, Push = SyncState.Missing, PullBytes = 2_500_000_000 },
            "not here (2.5 GB)", "Invoke-CranePull service"
        },
        {
            Same with { State = SyncState.Missing, Pull = SyncState.Skipped, Push = SyncState.Missing },
            "not here", "Invoke-CraneBuild service"
        },
        { Same with { Lock = LockState.Drift }, "not as locked", null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_is_a_sentence_and_a_command(ImageStatus status, string sentence, string? next)
    {
        Assert.Equal(sentence, StatusSentence.Of(status));
        Assert.Equal(next, NextCommand.Of(status, isBuilt: true, isPublished: true, logIn: null, engine: null));
    }

    [Fact]
    public void One_of_several_tags_is_named()
    {
        Assert.Equal("not pushed to :2", StatusSentence.Of(Same with { Push = SyncState.Unpublished }, ":2"));
        Assert.Equal(":2 behind 1", StatusSentence.Of(Same with { Push = SyncState.Behind, PushBehind = 1 }, ":2"));
    }

    [Fact]
    public void A_command_can_be_pasted()
    {
        Assert.Equal("Invoke-CraneBuild 'a b' -Engine 'oci:/my images'", NextCommand.Of(
            Same with { Container = "a b", Base = BaseState.Stale }, isBuilt: true, isPublished: true, null, "oci:/my images"));
        Assert.Equal("Connect-CraneRegistry r.co:5000", NextCommand.Of(Same, isBuilt: true, isPublished: true, "r.co:5000", null));
        Assert.Null(NextCommand.Of(
            Same with { State = SyncState.Missing, Pull = SyncState.Missing }, isBuilt: false, isPublished: false, null, null));
    }
}
