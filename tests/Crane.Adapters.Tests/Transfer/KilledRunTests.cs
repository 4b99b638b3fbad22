using System.Diagnostics;
using Crane.Adapters.Journals;
using Crane.Testing;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>
/// Atomic runs that are killed, 100 in all: half of them spread over the whole run, half of them while names change. Any next run in the
/// same store leaves all names old or all new, and the same run again succeeds.
/// </summary>
public sealed class KilledRunTests
{
    private const int Images = 5;
    private const int Kills = 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public Task A_pull_to_an_engine(string imageStore) => KillAsync(Testbed.Engine(imageStore), (_, id) => $"killed-{id}-");

    [Fact]
    public async Task A_pull_to_a_folder()
    {
        using var folder = new TemporaryFolder();
        await KillAsync($"oci:{Path.Combine(folder.Path, "layout")}", (_, id) => $"killed-{id}-");
    }

    [Fact]
    public Task A_copy() => KillAsync("copy", (registry, id) => $"{registry}/to/{id}-");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_copy_that_is_killed_between_two_names(int named)
    {
        await using var registry = await TestRegistry.StartAsync();
        var stop = new Fault("PUT", "*/manifests/1", ResponseFault.Silence()) { Skip = named };
        await using var proxy = await FaultProxy.StartAsync(registry.Address, stop);
        using var state = new TemporaryFolder();
        var run = new AtomicRun("copy", $"{registry.Host}/from/x-", $"{proxy.Host}/to/x-", Images);
        await PublishAsync(registry, "from/x-");

        using var child = run.Start(state.Path);
        await stop.Struck.WaitAsync(Cancellation);
        await KillAsync(child);
        Assert.Equal(named, (await run.NamesAsync(Cancellation)).Count(name => name is not null));

        await AssertRecoversAsync(run, registry, state, [.. Enumerable.Repeat<string?>(null, Images)], $"after {named} names");
        Assert.DoesNotContain(null, await run.NamesAsync(Cancellation));
    }

    private static async Task KillAsync(string engine, Func<string, string, string> target)
    {
        await using var registry = await TestRegistry.StartAsync();
        using var state = new TemporaryFolder();
        var id = Guid.NewGuid().ToString("n")[..8];
        var run = new AtomicRun(engine, $"{registry.Host}/from/{id}-", target(registry.Host, id), Images);

        await PublishAsync(registry, $"from/{id}-");
        var watch = Stopwatch.StartNew();
        using (var whole = run.Start(state.Path))
        {
            await whole.WaitForExitAsync(Cancellation);
            Assert.Equal(0, whole.ExitCode);
        }

        var duration = watch.Elapsed;
        for (var kill = 1; kill <= Kills; kill++)
        {
            var before = await run.NamesAsync(Cancellation);
            await PublishAsync(registry, $"from/{id}-");
            using var child = run.Start(state.Path);
            if (kill % 2 == 0)
                await Task.Delay(duration * kill / Kills, Cancellation);
            else
                await UntilNamesChangeAsync(child, state.Path, TimeSpan.FromMilliseconds(kill / 4.0));
            await KillAsync(child);

            await AssertRecoversAsync(run, registry, state, before, $"kill {kill} of {engine}");
        }
    }

    private static async Task AssertRecoversAsync(
        AtomicRun run, TestRegistry registry, TemporaryFolder state, IReadOnlyList<string?> before, string kill)
    {
        var journal = new JournalFolder(TestEnvironment.Of(state, ("XDG_STATE_HOME", state.Path)));
        var other = run with
        {
            Source = $"{registry.Host}/other/",
            Target = run.Engine == "copy" ? $"{registry.Host}/others/" : "killed-other-",
            Count = 1,
        };
        await PublishAsync(registry, "other/", other.Count);
        Assert.All(await other.RunAsync(journal, Cancellation), outcome => Assert.Null(outcome.Error));
        var recovered = await run.NamesAsync(Cancellation);

        Assert.All(await run.RunAsync(journal, Cancellation), outcome => Assert.Null(outcome.Error));
        var after = await run.NamesAsync(Cancellation);
        Assert.True(
            recovered.SequenceEqual(before) || recovered.SequenceEqual(after),
            $"{kill}: from {string.Join(' ', before)} to {string.Join(' ', after)} it left {string.Join(' ', recovered)}");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(state.Path, "crane", "journal"), "*.json"));
    }

    // A journal is there only while names change.
    private static async Task UntilNamesChangeAsync(Process child, string state, TimeSpan then)
    {
        var journal = Path.Combine(state, "crane", "journal");
        while (!child.HasExited && !(Directory.Exists(journal) && Directory.EnumerateFiles(journal, "*.json").Any()))
            Thread.SpinWait(1000);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < then)
            await Task.Yield();
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    private static async Task PublishAsync(TestRegistry registry, string repository, int count = Images)
    {
        using var seeder = new RegistrySeeder(registry.Address);
        for (var number = 1; number <= count; number++)
            await seeder.PutImageAsync($"{repository}{number}", "1", Engine.RegistryFixture.OwnArchitecture, SampleLayer.Random(1000));
    }
}
