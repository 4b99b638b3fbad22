using Crane.Adapters.Tests.Engine;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>Builds that fail, by real engines with each image store: where, why, and that the name stays what it was.</summary>
public sealed class EngineBuildErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Failing_step_is_reported_with_its_line_and_its_last_output(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        var target = build.Images.Name("docker.io");
        var dockerfile = $"""
            # A comment.
            ARG UNUSED
            FROM {shell} AS first
            RUN echo before
            FROM first

            RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; \
                printf 'Step 9/9 : unfinished'; false
            """;
        var error = await build.FailAsync(target, dockerfile, CraneErrorId.BuildFailed);
        Assert.Equal((Path.Join(build.Context.Path, "Dockerfile"), 7), (error.Location?.File, error.Location?.Line));
        Assert.StartsWith(
            $"{error.Location}: '{target}' could not be built: Step 5/6 : RUN for", error.Message, StringComparison.Ordinal);
        Assert.Contains("returned a non-zero code: 1", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  line 12\n  Step 9/9 : unfinished", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 1\n", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("before", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Name_means_what_it_meant_before_a_build_that_failed(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        var target = await build.Images.ImportAsync("docker.io");
        var before = (await build.Images.Store.FindAsync(target, Cancellation))!.Id;
        await build.FailAsync(target, $"FROM {shell} AS done\nRUN true\nFROM done\nRUN false\n", CraneErrorId.BuildFailed);
        Assert.Equal(before, (await build.Images.Store.FindAsync(target, Cancellation))?.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Cancellation_ends_the_build_and_leaves_the_name(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        var target = await build.Images.ImportAsync("docker.io");
        var before = (await build.Images.Store.FindAsync(target, Cancellation))!.Id;
        build.Context.Write("Dockerfile", $"FROM {shell}\nRUN echo begun; sleep 600\n");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build.RunAsync(
            target, new ContainerBuild { Context = build.Context.Path }, null,
            line =>
            {
                if (line == "begun")
                    stop.Cancel();
            },
            stop.Token));
        Assert.Equal(before, (await build.Images.Store.FindAsync(target, Cancellation))?.Id);
        await build.Images.UntilUnusedAsync(shell);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Unknown_instruction_is_reported_before_anything_is_sent(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var error = await build.FailAsync(build.Images.Name("docker.io"), "FROM scratch\nCPOY a b\n", CraneErrorId.BuildFailed);
        Assert.Equal(2, error.Location?.Line);
        Assert.Contains("CPOY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(build.Trace, line => line.Contains("/build", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task File_that_is_not_in_the_context_is_a_failed_step(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var error = await build.FailAsync(
            build.Images.Name("docker.io"), "FROM scratch\n\nCOPY absent /\n", CraneErrorId.BuildFailed);
        Assert.Equal(3, error.Location?.Line);
        Assert.Contains("Step 2/3 : COPY absent /", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Base_that_exists_nowhere_is_not_found_where_it_is_needed(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var absent = build.Images.Name(Testbed.Official, "absent:1");
        var target = build.Images.Name("docker.io");
        var from = await build.FailAsync(target, $"ARG B={absent}\nFROM scratch AS a\nFROM $B\n", CraneErrorId.ImageNotFound);
        var copy = await build.FailAsync(target, $"FROM scratch\n\nCOPY --from={absent} /a /b\n", CraneErrorId.ImageNotFound);
        Assert.Equal((3, 3), (from.Location?.Line, copy.Location?.Line));
        Assert.All([from, copy], error => Assert.Contains($"'{absent}'", error.Message, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Testbed.ImageStoresAndBadPasswords), MemberType = typeof(Testbed))]
    public async Task Base_in_a_registry_that_requires_other_credentials_is_refused(string imageStore, string? password)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore, password);
        var refused = build.Images.Name(Testbed.Personal);
        var error = await build.FailAsync(build.Images.Name("docker.io"), $"FROM {refused}\n", CraneErrorId.RegistryUnauthorized);
        Assert.Equal(1, error.Location?.Line);
        Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Base_in_a_registry_that_is_down_is_a_transient_error(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var down = build.Images.Name("127.0.0.1:1");
        var error = await build.FailAsync(build.Images.Name("docker.io"), $"FROM {down}\n", CraneErrorId.RegistryUnreachable);
        Assert.Equal((1, true), (error.Location?.Line, error.IsTransient));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task File_that_changes_while_it_is_sent_is_what_the_error_is_about(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var target = build.Images.Name("docker.io");
        var path = build.Context.Write("log", new string('x', 4_000_000));
        using var done = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                    File.AppendAllText(path, "more\n");
            },
            Cancellation);
        var error = await build.FailAsync(target, "FROM scratch\nCOPY log /\n", CraneErrorId.BuildFailed);
        await done.CancelAsync();
        await writing;
        Assert.Contains("while it was sent with the build context", error.Message, StringComparison.Ordinal);
        Assert.Null(await build.Images.Store.FindAsync(target, Cancellation));
    }

    [Fact]
    public async Task Password_in_the_address_of_a_context_is_in_no_line_and_no_error()
    {
        using var home = new TemporaryFolder();
        const string address = "https://user:hunter2@git.example/os.git";
        const string says = $$"""
            {"stream":"Downloading build context from remote url: {{address}}\n"}
            {"errorDetail":{"message":"error fetching: {{address}}"},"error":"error fetching: {{address}}"}
            """;
        await using var engine = FakeEngine.OnTcp(
            request => request.StartsWith("GET", StringComparison.Ordinal) ? FakeEngine.Pong : FakeEngine.Reply(200, says));
        await using var builder = await DockerEngine.OpenBuilderAsync(
            new($"tcp://127.0.0.1:{engine.Port}", new Dictionary<string, System.Net.NetworkCredential>()),
            TestEnvironment.Of(home), Cancellation);
        var lines = new List<string>();
        var error = await Assert.ThrowsAsync<CraneException>(() => builder.BuildAsync(
            new(new RetagPlan { Target = "company/os", Build = new ContainerBuild { Context = address } }, new(), BuildBases.None), line => lines.Add(line.Text), Cancellation));
        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains("https://***@git.example/os.git", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Append(error.ToString()), message => message.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains(engine.Requests, request => request.Contains(
            $"remote={Uri.EscapeDataString(address)}", StringComparison.Ordinal));
    }
}
