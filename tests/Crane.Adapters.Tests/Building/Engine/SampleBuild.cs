using Crane.Adapters.Tests.Engine;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>A context folder and the builder of a real engine, for one test.</summary>
internal sealed class SampleBuild : IAsyncDisposable
{
    private readonly TemporaryFolder _home;
    private readonly IImageBuilder _builder;

    private SampleBuild(SampleImages images, TemporaryFolder home, IImageBuilder builder) =>
        (Images, _home, _builder) = (images, home, builder);

    public SampleImages Images { get; }

    public TemporaryFolder Context { get; } = new();

    /// <summary>What the builds have said.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The requests to the engine.</summary>
    public List<string> Trace { get; private init; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SampleBuild> OpenAsync(
        string imageStore, string? password = null, params (string Name, string Value)[] variables)
    {
        var images = await SampleImages.OpenAsync(imageStore, password);
        var home = new TemporaryFolder();
        var trace = new List<string>();
        var builder = await DockerEngine.OpenBuilderAsync(
            images.Request with { Trace = trace.Add }, TestEnvironment.Of(home, variables), Cancellation);
        return new SampleBuild(images, home, builder) { Trace = trace };
    }

    public Task<string?> RunAsync(ImageName target, string dockerfile, BuildOptions? options = null, BuildBases? bases = null) =>
        RunAsync(target, dockerfile, new ContainerBuild(), options, bases);

    /// <summary>Builds from the context, without a network.</summary>
    public Task<string?> RunAsync(
        ImageName target, string dockerfile, ContainerBuild build, BuildOptions? options = null, BuildBases? bases = null)
    {
        Context.Write("Dockerfile", dockerfile);
        return RunAsync(target, build with { Context = Context.Path }, options, Lines.Add, Cancellation, bases);
    }

    public Task<string?> RunAsync(
        ImageName target, ContainerBuild build, BuildOptions? options, Action<string> step, CancellationToken cancellation,
        BuildBases? bases = null) =>
        _builder.BuildAsync(
            new(
                new RetagPlan { Target = target.ToString(), Build = build with { Network = build.Network ?? "none" } },
                options ?? new(), bases ?? BuildBases.None),
            line => step(line.Text), cancellation);

    public async Task<CraneException> FailAsync(ImageName target, string dockerfile, CraneErrorId id)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => RunAsync(target, dockerfile));
        Assert.Equal(id, error.Id);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await Images.DisposeAsync();
        Context.Dispose();
        _home.Dispose();
    }
}
