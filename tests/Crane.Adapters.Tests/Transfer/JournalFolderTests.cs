using Crane.Adapters.Journals;
using Crane.Adapters.Tests.Building;
using Crane.Moving.Run;

namespace Crane.Adapters.Tests.Transfer;

public sealed class JournalFolderTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_state.Path, "crane", "journal");

    private JournalFolder Journal => new(TestEnvironment.Of(_state, ("XDG_STATE_HOME", _state.Path)));

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"Store":null,"Changes":[]}""")]
    [InlineData("""{"Store":"s"}""")]
    [InlineData("""{"Store":"s","Changes":[null]}""")]
    [InlineData("""{"Store":"s","Changes":[{"Name":null}]}""")]
    [InlineData("""{"Store":"s","Changes":[{"Name":"A:B:C"}]}""")]
    public async Task A_damaged_entry_is_removed_and_stops_nothing(string content)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "damaged.json"), content, Cancellation);
        await AssertRecoversAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task What_is_no_file_is_passed_over()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "folder.json"));
        await Shell.RunAsync(Folder, "mkfifo", "pipe.json");
        await AssertRecoversAsync();
    }

    [Fact]
    public async Task An_entry_that_cannot_be_recovered_stays_and_the_error_says_where_it_is()
    {
        Directory.CreateDirectory(Folder);
        await LeaveAsync();
        var error = await Assert.ThrowsAsync<CraneException>(() => Journal.RecoverAsync(
            "s", _ => throw new CraneException(CraneErrorId.RegistryUnreachable, "gone"), Cancellation));
        Assert.Equal((CraneErrorId.RegistryUnreachable, "gone"), (error.Id, error.Message));
        Assert.Contains(Path.Combine(Folder, "left.json"), error.RecommendedAction, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "left.json")));
    }

    // What another process would leave, if it were killed.
    private Task LeaveAsync() => File.WriteAllTextAsync(
        Path.Combine(Folder, "left.json"), """{"Store":"s","IsComplete":true,"Changes":[{"Name":"a","After":"id"}]}""", Cancellation);

    private async Task AssertRecoversAsync()
    {
        await LeaveAsync();
        var entries = new List<JournalEntry>();
        await Journal.RecoverAsync(
            "s",
            entry =>
            {
                entries.Add(entry);
                return Task.CompletedTask;
            },
            Cancellation);
        var change = Assert.Single(Assert.Single(entries).Changes);
        Assert.Equal(("a", null, "id"), (change.Name.ToString(), change.Before, change.After));
        Assert.False(File.Exists(Path.Combine(Folder, "left.json")));
    }
}
