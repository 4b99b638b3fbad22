using System.Text.Json;
using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// BuildKit through <c>docker buildx bake</c>: one run builds a whole graph, on any builder of Buildx, and loads the images into
/// the engine.
/// </summary>
/// <param name="engine">The engine that gets the images; disposed with the builder.</param>
/// <param name="credentials">The credentials of registries; disposed with the builder.</param>
/// <param name="environment">Docker's configuration, and the variables of arguments without a value.</param>
/// <param name="program">Buildx.</param>
/// <param name="builder">The name of the builder; null for Buildx's default.</param>
internal sealed class BuildxBuilder(
    EngineClient engine, RegistryCredentials credentials, DockerEnvironment environment, BuildxProgram program, string? builder)
    : IGraphBuilder
{
    private readonly EngineImages _images = new(engine);
    private readonly LocalDockerfiles _dockerfiles = new(environment.Variables);
    private readonly BakeFile _file = new(environment.Variables);
    private readonly InputLabels _labels = new(new InputReader(environment), new EngineImages(engine));
    private BuilderReach? _reach;

    public string Name => engine.Endpoint.Address;

    public async Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
        IReadOnlyList<GraphBuild> builds,
        BuildOptions options,
        bool stopOnError,
        Action<int, BuildLine> output,
        CancellationToken cancellation)
    {
        await CheckPlatformsAsync(builds, cancellation);
        var targets = await LabelAsync(BakeTarget.Of(builds, _dockerfiles), cancellation);
        var run = new BakeRun([.. targets.Select(target => BakeOptions.CheckSecrets(target, environment.Variables))], stopOnError);
        await using var folder = await RunFolder.CreateAsync(environment, cancellation);
        var config = await BuildxConfig.CreateAsync(
            program, folder, credentials, targets.SelectMany(target => target.BaseRegistries), environment, cancellation);
        using var socket = program.IsPlugin ? PluginSocket.Open(folder.Path) : null;
        var metadataPath = Path.Combine(folder.Path, "metadata.json");
        while (run.Next() is { Count: > 0 } left)
        {
            // Bake stops everything at the first failure; what is done by then is in BuildKit's cache.
            var log = new BakeLog(
                [.. left.Select(index => targets[index].Name)],
                (index, line) => output(left[index], line with { Text = Mask(builds[left[index]], line.Text) }));
            var input = _file.Write(left.Select(index => targets[index]), options.NoCache, isNamed: false);
            File.Delete(metadataPath);
            var exitCode = await program.RunAsync(
                Arguments(metadataPath, socket), BuildxEnvironment.Of(engine.Endpoint, config, socket, environment),
                input, log.Take, cancellation);
            if (exitCode == 0)
                await TakeAsync(run, left, metadataPath, cancellation);
            else
                Fail(run, left, log.Failure());
        }

        return run.Ends;
    }

    // The driver docker is BuildKit in an engine; any other does not see the engine's images.
    public async Task<BuilderReach> ReachAsync(CancellationToken cancellation)
    {
        if (_reach is { } known)
            return known;
        await using var folder = await RunFolder.CreateAsync(environment, cancellation);
        var config = await BuildxConfig.CreateAsync(program, folder, credentials, [], environment, cancellation);
        var variables = BuildxEnvironment.Of(engine.Endpoint, config, socket: null, environment);
        _reach = await program.UsesEngineAsync(builder, variables, cancellation)
            ? BuilderReach.EngineAndRegistries
            : BuilderReach.Registries;
        return _reach.Value;
    }

    public async Task NameAsync(string id, ImageName target, CancellationToken cancellation)
    {
        if (!await _images.TryTagAsync(id, target, cancellation))
            throw EngineBuildErrors.Gone(target);
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds the label with the inputs to the targets; the label of a target depends on those of the targets it needs.</summary>
    private async Task<List<BakeTarget>> LabelAsync(IReadOnlyList<BakeTarget> targets, CancellationToken cancellation)
    {
        var labeled = new List<BakeTarget>(targets.Count);
        var made = new Dictionary<string, BuildInputs?>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            try
            {
                var links = target.Links.Where(link => link.Value.StartsWith(BakeTarget.TargetLink, StringComparison.Ordinal)).ToDictionary(
                    link => ImageName.Parse(link.Key), link => made.GetValueOrDefault(link.Value[BakeTarget.TargetLink.Length..]));
                var (build, inputs) = await _labels.AddAsync(target.Request.Plan, target.Request.Bases, links, cancellation);
                made[target.Name] = inputs;
                labeled.Add(target with { Request = target.Request with { Plan = target.Request.Plan with { Build = build } } });
            }
            catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
            {
                labeled.Add(target with { Error = target.Error ?? CraneException.From(failure) });
            }
        }

        return labeled;
    }

    private static string Mask(GraphBuild build, string text) => RemoteContext.Of(build.Build.Context)?.Mask(text) ?? text;

    private void Fail(BakeRun run, IReadOnlyList<int> left, BakeFailure failure)
    {
        if (failure.Target is not { } position)
            throw BuildxErrors.Failed(left.Aggregate(failure.Words, (words, index) => Mask(run.Targets[index].Request, words)));
        var build = run.Targets[left[position]].Request;
        run.Fail(left[position], BuildxErrors.Failed(
            build.Target, build.Build,
            failure with
            {
                Step = failure.Step is { } step ? Mask(build, step) : null,
                Words = Mask(build, failure.Words),
                Tail = [.. failure.Tail.Select(line => Mask(build, line))],
            },
            credentials));
    }

    private List<string> Arguments(string metadataPath, PluginSocket? socket)
    {
        List<string> arguments = ["bake", "--file", "-", "--progress=rawjson", "--metadata-file", metadataPath];
        // The first argument of a docker plugin is its name.
        if (socket is not null)
            arguments.Insert(0, "buildx");
        if (builder is not null)
            arguments.AddRange(["--builder", builder]);
        return arguments;
    }

    private async Task TakeAsync(BakeRun run, IReadOnlyList<int> left, string metadataPath, CancellationToken cancellation)
    {
        var made = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(metadataPath), BakeJson.Default.DictionaryStringBakeMetadata) ?? [];
        foreach (var index in left)
        {
            var target = run.Targets[index];
            if (!made.TryGetValue(target.Name, out var metadata) || metadata is { Digest: null, ConfigDigest: null })
                run.Fail(index, BuildxErrors.NoImage(target.Request.Target));
            else if (await IdAsync(metadata, cancellation) is { } id)
                run.Built(index, id);
            else
                run.Fail(index, BuildxErrors.NotLoaded(target.Request.Target, Name));
        }
    }

    // The id of an image is the digest of its manifest or index, or, where the engine keeps neither, of its configuration.
    private async Task<string?> IdAsync(BakeMetadata metadata, CancellationToken cancellation)
    {
        foreach (var id in new[] { metadata.Digest, metadata.ConfigDigest }.OfType<string>().Distinct())
        {
            if (await _images.InspectAsync(id, cancellation) is not null)
                return id;
        }

        return null;
    }

    private async Task CheckPlatformsAsync(IReadOnlyList<GraphBuild> builds, CancellationToken cancellation)
    {
        if (builds.FirstOrDefault(build => build.Build.Platform is { Count: > 1 }) is not { } several)
            return;
        if (!await engine.KeepsManifestsAsync(cancellation))
            throw BuildxErrors.OnePlatformOnly(several.Target, several.Build.Platform!, Name);
    }
}
