using Crane.Building;

namespace Crane.Adapters.Tests.Building.Buildx;

/// <summary>Graphs built by a real Buildx, on engines with each image store. What is in an image is checked by its own RUN steps.</summary>
public sealed class BuildxBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task A_graph_is_built_in_one_run_and_images_have_the_ids_of_the_store(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var shell = await bake.Images.ImportShellAsync("docker.io");
        var (os, service) = (bake.Images.Name("registry.invalid"), bake.Images.Name("registry.invalid", "service:latest"));
        var ends = await bake.RunAsync(
            bake.Plan(os, $"FROM {shell}\nRUN echo os > /os\n"),
            bake.Plan(service, $"FROM {shell} AS tool\nFROM {os}\nRUN --mount=from={os},target=/m test -f /m/os\nRUN cat /os > /service\n"),
            bake.Plan(bake.Images.Name("docker.io", "edge:1"), $"FROM {service.WithoutTag()}\nRUN test \"$(cat /service)\" = os\n"));
        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.Equal(ends[0].Id, (await bake.Images.Store.FindAsync(os, Cancellation))?.Id);
        var layers = (await bake.Images.Store.FindAsync(service, Cancellation))!.Layers;
        Assert.Equal((await bake.Images.Store.FindAsync(os, Cancellation))!.Layers, layers.Take(2));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task An_image_that_has_not_changed_is_the_same_image(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var shell = await bake.Images.ImportShellAsync("docker.io");
        var build = bake.Plan(bake.Images.Name("docker.io"), $"FROM {shell}\nRUN cat /proc/sys/kernel/random/uuid > /id\n");
        var first = (await bake.RunAsync(build))[0].Id;
        Assert.Equal(first, (await bake.RunAsync(build))[0].Id);
        Assert.NotEqual(first, (await bake.RunAsync(new BuildOptions { NoCache = true }, build))[0].Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Keys_mean_what_the_crane_file_says(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(
            imageStore, null, null, ("FROM_HERE", "${a} %{b} $$ \"quoted\" \\ é"));
        var shell = await bake.Images.ImportShellAsync("docker.io");
        var target = bake.Images.Name("docker.io");
        bake.Folder.Write("token", "hunter2");
        bake.Folder.Write("bare", "hunter2");
        var ends = await bake.RunAsync(bake.Plan(
            target,
            $$"""
            FROM {{shell}} AS first
            ARG GIVEN=default
            ARG FROM_HERE
            ARG ABSENT=default
            RUN test "$GIVEN,$FROM_HERE,$ABSENT" = "a=\$\${b},\${a} %{b} \$\$ \"quoted\" \\ é,default"
            RUN --mount=type=secret,id=token busybox grep -q '^h.*r2$' /run/secrets/token
            RUN --mount=type=secret,id=bare busybox grep -q '^h.*r2$' /run/secrets/bare
            RUN --mount=type=secret,id=path busybox grep -q / /run/secrets/path
            RUN busybox grep -q '10.1.2.3.*db' /etc/hosts
            FROM first
            RUN false
            """,
            new ContainerBuild
            {
                Argument = ["GIVEN=a=$${b}", "FROM_HERE", "ABSENT"],
                Label = ["text=${a} %{b}", "${odd}=1"],
                Target = "first",
                Secret = ["id=token,src=token", "id=bare", "type=env,id=path,src=PATH"],
                AddHost = ["db:10.1.2.3"],
            }));
        Assert.Null(ends[0].Error);
        var labels = (await bake.Images.InspectAsync(target)).GetProperty("Config").GetProperty("Labels");
        Assert.Equal(("${a} %{b}", "1"), (labels.GetProperty("text").GetString(), labels.GetProperty("${odd}").GetString()));
        Assert.DoesNotContain(bake.Lines, line => line.Line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Dockerfile_may_be_a_link_out_of_the_context(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var build = bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\n", new ContainerBuild { File = "link" });
        bake.Folder.Write("elsewhere", "FROM scratch\nCOPY Dockerfile /\n");
        File.CreateSymbolicLink(Path.Combine(build.Build.Context, "link"), Path.Combine(bake.Folder.Path, "elsewhere"));
        Assert.Null((await bake.RunAsync(build))[0].Error);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task An_image_for_another_platform_says_so(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore);
        var target = bake.Images.Name("docker.io");
        await bake.RunAsync(bake.Plan(
            target, "FROM scratch\nCOPY Dockerfile /\n", new ContainerBuild { Platform = ["linux/s390x"] }));
        Assert.Equal("s390x", (await bake.Images.InspectAsync(target)).GetProperty("Architecture").GetString());
    }

    [Fact]
    public async Task Several_platforms_are_one_image_where_the_store_can_keep_it()
    {
        await using var bake = await SampleBake.OpenAsync("containerd");
        var target = bake.Images.Name("docker.io");
        var build = new ContainerBuild { Platform = ["linux/amd64", "linux/s390x"] };
        var ends = await bake.RunAsync(bake.Plan(target, "FROM scratch\nCOPY Dockerfile /\n", build));
        Assert.Equal(ends[0].Id, (await bake.Images.Store.FindAsync(target, Cancellation))?.Id);
    }

    [Fact]
    public async Task Several_platforms_are_refused_where_it_cannot()
    {
        await using var bake = await SampleBake.OpenAsync("overlay2");
        var build = new ContainerBuild { Platform = ["linux/amd64", "linux/s390x"] };
        var error = await Assert.ThrowsAsync<CraneException>(
            () => bake.RunAsync(bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\nCOPY Dockerfile /\n", build)));
        Assert.Equal(CraneErrorId.NotSupportedByBuilder, error.Id);
        Assert.Contains("linux/amd64, linux/s390x", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Base_in_a_registry_with_a_login_is_pulled_with_the_passed_credential(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore, Testbed.PersonalPassword);
        var closed = await bake.Images.ImportAsync(Testbed.Personal);
        await bake.Images.Store.PushAsync(closed, new Tests.Engine.Reports(), Cancellation);
        await bake.Images.Store.UntagAsync(closed, Cancellation);
        var ends = await bake.RunAsync(bake.Plan(bake.Images.Name("docker.io"), $"FROM {closed}\nCOPY Dockerfile /\n"));
        Assert.Null(ends[0].Error);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task The_builder_may_be_named(string imageStore)
    {
        await using var bake = await SampleBake.OpenAsync(imageStore, null, "default");
        var ends = await bake.RunAsync(bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\nCOPY Dockerfile /\n"));
        Assert.Null(ends[0].Error);
    }

    [Fact]
    public async Task An_unknown_builder_has_the_message_of_Buildx()
    {
        await using var bake = await SampleBake.OpenAsync("overlay2", null, "nowhere");
        var error = await Assert.ThrowsAsync<CraneException>(
            () => bake.RunAsync(bake.Plan(bake.Images.Name("docker.io"), "FROM scratch\nCOPY Dockerfile /\n")));
        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }
}
