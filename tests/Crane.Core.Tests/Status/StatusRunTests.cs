using Crane.Comparing;
using Crane.Core.Tests.Building;
using Crane.Core.Tests.Execution;
using Crane.Core.Tests.Transfer;
using Crane.Status;

namespace Crane.Core.Tests.Status;

public sealed class StatusRunTests
{
    private readonly MemoryContent _registries = new();
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Each_name_is_asked_for_once_and_nothing_else_where_nothing_differs()
    {
        foreach (var name in new[] { "os", "service" })
        {
            var manifest = _registries.AddImage($"r.co/company/{name}", name);
            _registries.AddImage($"me.co/company/{name}", name);
            _store.AddLocal($"company/{name}", MemoryStore.BuiltImage('a') with
            {
                Id = name,
                Digests = new HashSet<Crane.Names.Digest> { manifest.Descriptor.Digest },
            });
        }

        var rows = await RowsAsync(Container("os"), Container("service"), Container("os") with { Name = "again" });
        Assert.Equal(["os: up to date", "service: up to date", "again: up to date"], rows.Select(row => row.ToString()));
        Assert.Equal(4, _registries.Calls.Count);
        Assert.Equal(4, _registries.CallsOf("resolve").Count());
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_one_error()
    {
        var error = new CraneException(CraneErrorId.EngineUnreachable, "down");
        var engine = new StatusEngine("there", null, _ => Task.FromException<ILocalStore>(error));
        var outcomes = await OutcomesAsync([engine], Container("os"), Container("etcd"));
        Assert.Equal(2, outcomes.Count);
        Assert.All(outcomes.Select(outcome => outcome.Status), row =>
            Assert.Equal((SyncState.Unknown, "there", "down"), (row.State, row.Engine, row.Reason)));
        Assert.Equal(["down"], outcomes.SelectMany(outcome => outcome.Errors).Select(each => each.Message));
        Assert.Empty(_registries.Calls);
    }

    [Fact]
    public async Task An_image_that_is_not_here_and_nowhere_is_missing()
    {
        var row = Assert.Single(await RowsAsync(Container("os")));
        Assert.Equal((SyncState.Missing, SyncState.Missing, null), (row.Pull, row.Push, row.Next));
    }

    [Theory]
    [InlineData("a", "a", BaseState.Current)]
    [InlineData("b", "a", BaseState.Stale)]
    [InlineData(null, "a", BaseState.Missing)]
    public async Task A_base_is_compared_with_the_layers_of_the_image(string? parent, string begin, BaseState expected)
    {
        if (parent is not null)
            _store.AddLocal("company/os", 'b', parent);
        _store.AddLocal("company/service", 'c', begin, "own");
        var dockerfiles = new Dockerfiles(("/os", []), ("/service", ["company/os"]));
        var os = Container("os") with { Pull = null, Push = null, Build = new ContainerBuild { Context = "/os" } };
        var service = Container("service") with { Pull = null, Push = null, Build = new ContainerBuild { Context = "/service" } };
        var (targets, errors) = StatusTargets.Of([os, service], dockerfiles, null);
        Assert.Empty(errors);
        var rows = await new StatusRun([Engine()], _registries, 2).RunAsync(targets, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, rows[1].Status.Base);
    }

    private static CraneContainer Container(string name) => new()
    {
        Name = name,
        Image = $"company/{name}",
        Pull = new ContainerPull { Registry = "r.co" },
        Push = new ContainerPush { Registry = "me.co" },
    };

    private StatusEngine Engine() => new("memory", null, _ => Task.FromResult<ILocalStore>(_store));

    private async Task<IReadOnlyList<ImageStatus>> RowsAsync(params CraneContainer[] containers) =>
        [.. (await OutcomesAsync([Engine()], containers)).Select(outcome => outcome.Status)];

    private async Task<IReadOnlyList<StatusOutcome>> OutcomesAsync(StatusEngine[] engines, params CraneContainer[] containers)
    {
        var (targets, _) = StatusTargets.Of(containers, new Dockerfiles(), null);
        return await new StatusRun(engines, _registries, 2).RunAsync(targets, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }
}
