using Crane.Adapters.Tests.Engine;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Buildx;

/// <summary>Buildx and a real engine, for one test: contexts are folders of a crane file's folder.</summary>
internal sealed class SampleBake : IAsyncDisposable
{
    private readonly TemporaryFolder _home;
    private readonly IGraphBuilder _builder;

    private SampleBake(SampleImages images, TemporaryFolder home, IGraphBuilder builder) =>
        (Images, _home, _builder) = (images, home, builder);

    public SampleImages Images { get; }

    /// <summary>The folder of the crane file.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>What the builds have said, with their indexes.</summary>
    public List<(int Build, string Line)> Lines { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SampleBake> OpenAsync(
        string imageStore, string? password = null, string? builderName = null, params (string Name, string Value)[] variables)
    {
        var images = await SampleImages.OpenAsync(imageStore, password);
        var home = new TemporaryFolder();
        home.Write(".docker/cli-plugins/here", "");
        File.CreateSymbolicLink(Path.Combine(home.Path, ".docker/cli-plugins/docker-buildx"), Testbed.Buildx);
        var environment = TestEnvironment.Of(home, variables);
        var builder = await DockerEngine.OpenBuildxAsync(images.Request, builderName, environment, Cancellation);
        return new SampleBake(images, home, builder);
    }

    /// <summary>A build without a network, from a folder with that Dockerfile.</summary>
    public GraphBuild Plan(ImageName target, string dockerfile, ContainerBuild? build = null, params int[] after)
    {
        var name = $"c{Guid.NewGuid():n}";
        Folder.Write($"{name}/Dockerfile", dockerfile);
        var plan = new RetagPlan
        {
            Container = $"{name}.x",
            Target = target.ToString(),
            Build = (build ?? new()) with { Context = Path.Combine(Folder.Path, name), Network = "none" },
            Path = Path.Combine(Folder.Path, "crane.yaml"),
        };
        return new GraphBuild(plan, after);
    }

    /// <summary>Builds all, and names what was built.</summary>
    public async Task<IReadOnlyList<GraphBuildEnd>> RunAsync(BuildOptions options, params GraphBuild[] builds)
    {
        var ends = await RunAsync(options, false, (index, line) => Lines.Add((index, line)), Cancellation, builds);
        foreach (var (end, build) in ends.Zip(builds))
        {
            if (end.Id is not null)
                await _builder.NameAsync(end.Id, build.Target, Cancellation);
        }

        return ends;
    }

    public Task<IReadOnlyList<GraphBuildEnd>> RunAsync(params GraphBuild[] builds) => RunAsync(new BuildOptions(), builds);

    public Task<IReadOnlyList<GraphBuildEnd>> RunAsync(
        BuildOptions options, bool stopOnError, Action<int, string> step, CancellationToken cancellation, params GraphBuild[] builds) =>
        _builder.BuildAsync(builds, options, stopOnError, (index, line) => step(index, line.Text), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await Images.DisposeAsync();
        Folder.Dispose();
        _home.Dispose();
    }
}
