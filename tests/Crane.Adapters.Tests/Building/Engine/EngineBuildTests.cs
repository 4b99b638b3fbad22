using Crane.Adapters.Tests.Engine;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>Builds by real engines, with each image store. What is in an image is checked by the build's own RUN steps.</summary>
public sealed class EngineBuildTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Image_gets_its_name_and_the_id_by_which_the_store_knows_it(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        build.Context.Write("file", "content");
        var target = build.Images.Name("docker.io");
        var id = await build.RunAsync(target, "FROM scratch\nCOPY file /file\n");
        Assert.NotNull(id);
        Assert.Equal(id, (await build.Images.Store.FindAsync(target, Cancellation))?.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Arguments_labels_and_target_are_as_the_crane_file_says(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore, null, ("FROM_HERE", "a value & more"));
        var shell = await build.Images.ImportShellAsync("docker.io");
        var target = build.Images.Name("docker.io");
        var dockerfile = $"""
            ARG BASE=scratch
            FROM $BASE AS first
            ARG GIVEN=default
            ARG FROM_HERE
            ARG ABSENT=default
            RUN test "$GIVEN,$FROM_HERE,$ABSENT" = "a=b,a value & more,default"
            FROM first AS second
            RUN false
            """;
        await build.RunAsync(target, dockerfile, new ContainerBuild
        {
            Argument = [$"BASE={shell}", "GIVEN=a=b", "FROM_HERE", "ABSENT"],
            Label = ["one=1", "text=a=b c", "empty"],
            Target = "first",
        });
        var labels = (await build.Images.InspectAsync(target)).GetProperty("Config").GetProperty("Labels");
        Assert.Equal(["1", "a=b c", ""], new[] { "one", "text", "empty" }.Select(name => labels.GetProperty(name).GetString()));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Options_of_the_run_win_over_the_crane_file(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        await build.RunAsync(
            build.Images.Name("docker.io"), $"FROM {shell} AS a\nARG X\nRUN test $X = run\nFROM {shell} AS b\nRUN false\n",
            new BuildOverride { Argument = ["X=run"], Target = "a", Network = "none" }.ApplyTo(
                new ContainerBuild { Argument = ["X=file"], Target = "b", Network = "no-such-network" }));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Ignored_files_are_not_sent_and_modes_are_kept(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        build.Context.Write(".dockerignore", "*\n!keep\n!run\n");
        build.Context.Write("keep/file", "content");
        build.Context.Write("secret", "content");
        build.Context.WriteProgram("run", "echo it runs");
        await build.RunAsync(
            build.Images.Name("docker.io"),
            $"FROM {shell}\nCOPY . /c/\nRUN test -f /c/keep/file -a ! -e /c/secret -a ! -e /c/Dockerfile && /c/run\n");
        Assert.Contains("it runs", build.Lines);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Dockerfile_may_lie_outside_the_context(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        using var elsewhere = new TemporaryFolder();
        build.Context.Write("file", "content");
        await build.RunAsync(
            build.Images.Name("docker.io"), "FROM nowhere\n",
            new ContainerBuild { File = elsewhere.Write("Other", "FROM scratch\nCOPY file /\n") });
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Name_in_the_Dockerfile_means_the_image_that_the_run_says(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var (old, os) = (await build.Images.ImportAsync("registry.invalid"), build.Images.Name("registry.invalid", "os:2"));
        var service = build.Images.Name("registry.invalid", "service:1");
        build.Context.Write("file", "content");
        await build.RunAsync(os, "FROM scratch\nCOPY file /new\n");
        var bases = new BuildBases([new BuildBase(old, os, BaseOrigin.Ours, null)], Pull: false);
        await build.RunAsync(
            service, $"ARG BASE={old}\nFROM \\\n  # the base\n  ${{BASE}} AS os\nFROM os\nCOPY --from={old} /new /copied\nCOPY . /all/\n", bases: bases);
        var layers = (await build.Images.Store.FindAsync(service, Cancellation))!.Layers;
        Assert.Equal((await build.Images.Store.FindAsync(os, Cancellation))!.Layers, layers.Take(1));
    }

    [Fact]
    public async Task Name_in_an_ONBUILD_that_means_another_image_is_for_Buildx()
    {
        await using var build = await SampleBuild.OpenAsync("overlay2");
        var (os, meant) = (build.Images.Name("registry.invalid"), build.Images.Name("registry.invalid", "os:2"));
        var error = await Assert.ThrowsAsync<CraneException>(() => build.RunAsync(
            build.Images.Name("docker.io"), $"FROM scratch AS a\nONBUILD COPY --from={os} /a /a\nFROM a\n",
            bases: new BuildBases([new BuildBase(os, meant, BaseOrigin.Ours, null)], Pull: false)));
        Assert.Equal((CraneErrorId.NotSupportedByBuilder, 2), (error.Id, error.Location?.Line));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Base_in_a_registry_with_a_login_is_fetched_with_it(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore, Testbed.PersonalPassword);
        var private_ = await build.Images.ImportAsync(Testbed.Personal);
        await build.Images.Store.PushAsync(private_, new Reports(), Cancellation);
        await build.Images.Store.UntagAsync(private_, Cancellation);
        build.Context.Write("file", "content");
        await build.RunAsync(build.Images.Name("docker.io"), $"FROM {private_}\nCOPY file /more\n");
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Steps_are_reported_as_plain_lines_while_the_build_runs(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        await build.RunAsync(build.Images.Name("docker.io"), $"FROM {shell}\nRUN printf '\\033[1mbold\\033[0m\\nlast'\n");
        Assert.Equal($"Step 1/3 : FROM {shell}", build.Lines[0]);   // the last one gives the label
        Assert.Contains("bold", build.Lines);
        Assert.Contains("last", build.Lines);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Cache_is_used_unless_the_run_says_otherwise(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        var shell = await build.Images.ImportShellAsync("docker.io");
        var target = build.Images.Name("docker.io");
        var dockerfile = $"FROM {shell}\nRUN cat /proc/sys/kernel/random/uuid > /id\n";
        var first = await build.RunAsync(target, dockerfile);
        Assert.Equal(first, await build.RunAsync(target, dockerfile));
        Assert.NotEqual(first, await build.RunAsync(target, dockerfile, new BuildOptions { NoCache = true }));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Trace_shows_the_request_but_no_build_argument(string imageStore)
    {
        await using var build = await SampleBuild.OpenAsync(imageStore);
        build.Context.Write("file", "content");
        await build.RunAsync(
            build.Images.Name("docker.io"), "FROM scratch\nARG TOKEN\nCOPY file /\n",
            new ContainerBuild { Argument = ["TOKEN=hunter2"] });
        Assert.Contains("POST /build?… → 200", build.Trace);
        Assert.DoesNotContain(build.Trace, line => line.Contains("hunter2", StringComparison.Ordinal));
    }
}
