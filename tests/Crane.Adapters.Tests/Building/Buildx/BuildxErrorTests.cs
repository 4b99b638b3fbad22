using Crane.Building;

namespace Crane.Adapters.Tests.Building.Buildx;

/// <summary>Builds that fail, by a real Buildx: where, why, what is built all the same, and that names stay what they were.</summary>
public sealed class BuildxErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task A_build_that_does_not_need_a_failed_one_is_built(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var shell = await bake.Images.ImportShellAsync("docker.io");
        var os = bake.Images.Name("docker.io");
        var failing = bake.Plan(os, $"""
            # A comment.
            FROM {shell} AS first
            RUN echo before
            FROM first

            RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; \
                printf unfinished; exit 3
            """);
        var ends = await bake.RunAsync(
            failing,
            bake.Plan(bake.Images.Name("docker.io", "service:1"), $"FROM {os}\nRUN true\n", null, 0),
            bake.Plan(bake.Images.Name("docker.io", "edge:1"), $"FROM {bake.Images.Name("docker.io", "service:1")}\nRUN true\n", null, 1),
            bake.Plan(bake.Images.Name("docker.io", "slow:1"), $"FROM {shell}\nRUN sleep 1\nRUN echo done > /f\n"),
            bake.Plan(bake.Images.Name("docker.io", "other:1"), $"FROM {shell}\n\nCOPY absent /\n"));
        Assert.Equal([false, false, false, true, false], ends.Select(end => end.Id is not null));
        Assert.Equal([GraphBuildEnd.None, GraphBuildEnd.None], ends.Skip(1).Take(2));
        var (error, other) = (ends[0].Error!, ends[4].Error!);
        Assert.Equal((CraneErrorId.BuildFailed, CraneErrorId.BuildFailed), (error.Id, other.Id));
        Assert.Equal((Path.Join(failing.Build.Context, "Dockerfile"), 6), (error.Location?.File, error.Location?.Line));
        Assert.StartsWith($"{error.Location}: '{os}' could not be built: [stage-1 1/1] RUN for", error.Message, StringComparison.Ordinal);
        Assert.Contains("exit code: 3", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  line 12\n  unfinished", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("before", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, other.Location?.Line);
        Assert.NotNull(error.RecommendedAction);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Nothing_more_is_built_after_a_failure_on_request(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var ends = await bake.RunAsync(
            new BuildOptions(), true, (_, _) => { }, Cancellation,
            bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\nCOPY absent /\n"),
            bake.Plan(bake.Images.Name("docker.io", "alone:1"), $"FROM {await bake.Images.ImportShellAsync("docker.io")}\nRUN sleep 3\n"));
        Assert.NotNull(ends[0].Error);
        Assert.Equal(GraphBuildEnd.None, ends[1]);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Base_that_exists_nowhere_is_not_found_where_it_is_needed(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var absent = bake.Images.Name(Testbed.Official, "absent:1");
        var down = bake.Images.Name("127.0.0.1:1");
        var ends = await bake.RunAsync(
            bake.Plan(bake.Images.Name("docker.io"), $"FROM scratch AS a\nFROM {absent}\nCOPY Dockerfile /\n"),
            bake.Plan(bake.Images.Name("docker.io", "other:1"), $"FROM {down}\nCOPY Dockerfile /\n"),
            bake.Plan(bake.Images.Name("docker.io", "alone:1"), "FROM scratch\nCOPY Dockerfile /\n"));
        Assert.Equal((CraneErrorId.ImageNotFound, 2), (ends[0].Error!.Id, ends[0].Error!.Location?.Line));
        Assert.Contains($"'{absent}'", ends[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal((CraneErrorId.RegistryUnreachable, 1), (ends[1].Error!.Id, ends[1].Error!.Location?.Line));
        Assert.NotNull(ends[2].Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStoresAndBadPasswords), MemberType = typeof(Testbed))]
    public async Task Base_in_a_registry_that_requires_other_credentials_is_refused(string imageStore, string? password)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore, password);
        var ends = await bake.RunAsync(bake.Plan(
            bake.Images.Name("docker.io"), $"FROM {bake.Images.Name(Testbed.Personal)}\nCOPY Dockerfile /\n"));
        Assert.Equal((CraneErrorId.RegistryUnauthorized, 1), (ends[0].Error!.Id, ends[0].Error!.Location?.Line));
        Assert.DoesNotContain("wrong-password", ends[0].Error!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://bob:t0ken@127.0.0.1:1/os.tar")]
    [InlineData("http://bob:t0ken@127.0.0.1:1/os.git")]
    public async Task Password_in_the_address_of_a_context_is_in_no_line_and_no_error(string address)
    {
        await using var bake = await SampleBake.OpenAsync("overlay2");
        var plan = bake.Plan(bake.Images.Name("docker.io"), "").Plan;
        var ends = await bake.RunAsync(new GraphBuild(plan with { Build = new() { Context = address } }, []));
        Assert.Contains("127.0.0.1:1/os", ends[0].Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            bake.Lines.Select(line => line.Line).Append(ends[0].Error!.ToString()),
            message => message.Contains("t0ken", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Missing_secret_fails_its_own_build_only(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var ends = await bake.RunAsync(
            bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\nCOPY Dockerfile /\n", new ContainerBuild { Secret = ["id=a,src=absent"] }),
            bake.Plan(bake.Images.Name("docker.io", "bare:1"), "FROM scratch\nCOPY Dockerfile /\n", new ContainerBuild { Secret = ["id=bare"] }),
            bake.Plan(bake.Images.Name("docker.io", "alone:1"), "FROM scratch\nCOPY Dockerfile /\n"));
        Assert.Contains(Path.Combine(bake.Folder.Path, "absent"), ends[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(bake.Folder.Path, "bare"), ends[1].Error!.Message, StringComparison.Ordinal);
        Assert.NotNull(ends[2].Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Cancellation_ends_the_builds_and_leaves_the_names(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var shell = await bake.Images.ImportShellAsync("docker.io");
        var target = await bake.Images.ImportAsync("docker.io");
        var before = (await bake.Images.Store.FindAsync(target, Cancellation))!.Id;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bake.RunAsync(
            new BuildOptions(), false,
            (_, line) =>
            {
                if (line == "begun")
                    stop.Cancel();
            },
            stop.Token,
            bake.Plan(target, "FROM scratch\nCOPY Dockerfile /\n"),
            bake.Plan(bake.Images.Name("docker.io", "slow:1"), $"FROM {shell}\nRUN echo begun; sleep 600\n")));
        Assert.Equal(before, (await bake.Images.Store.FindAsync(target, Cancellation))?.Id);
    }
}
