using System.Collections.Concurrent;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Building;

/// <summary>
/// Gets the bases of builds, so that no builder asks a public registry for a name of the crane file. In this order: what the
/// run makes; what the engine has; what the base's container is pulled from; else it is an error.
/// </summary>
/// <param name="store">The engine.</param>
/// <param name="names">What names mean.</param>
/// <param name="dockerfiles">Reads Dockerfiles, again for each build: its hook may just have made one.</param>
/// <param name="retry">How pulls are tried again.</param>
/// <param name="observer">Is told each step.</param>
/// <param name="pullsAlways">Whether bases are fetched even if they are here; not what is ours.</param>
internal sealed class BaseSupply(
    IImageStore store, BaseNames names, IDockerfiles dockerfiles, IRetryPolicy retry, IRunObserver observer, bool pullsAlways)
{
    private readonly ConcurrentDictionary<ImageName, Lazy<Task<CraneException?>>> _pulls = new();

    /// <summary>What the images are that the engine's own builder needs for a build; they are here then.</summary>
    /// <param name="plan">The build.</param>
    /// <param name="cancellation">Ends the pulls.</param>
    /// <exception cref="CraneException">BaseNotFound; why an image could not be pulled; what is wrong with the Dockerfile.</exception>
    public Task<BuildBases> PrepareAsync(RetagPlan plan, CancellationToken cancellation)
    {
        var read = dockerfiles.Read(plan.Build!);
        return PrepareAsync(
            plan, read.Images.Concat(read.Unneeded), new HashSet<ImageName>(), _ => Task.FromResult(BuilderReach.Engine), cancellation);
    }

    /// <summary>The same for a builder that builds a graph in one go.</summary>
    /// <param name="plan">The build.</param>
    /// <param name="made">The images that come out of the same go.</param>
    /// <param name="reach">Says where the builder can take images from.</param>
    /// <param name="cancellation">Ends the pulls.</param>
    /// <exception cref="CraneException">As for the other builder.</exception>
    public Task<BuildBases> PrepareAsync(
        RetagPlan plan, IReadOnlySet<ImageName> made, Func<CancellationToken, Task<BuilderReach>> reach, CancellationToken cancellation) =>
        PrepareAsync(plan, dockerfiles.Read(plan.Build!).Images, made, reach, cancellation);

    private async Task<BuildBases> PrepareAsync(
        RetagPlan plan,
        IEnumerable<DockerfileImage> images,
        IReadOnlySet<ImageName> made,
        Func<CancellationToken, Task<BuilderReach>> reach,
        CancellationToken cancellation)
    {
        var bases = new List<BuildBase>();
        foreach (var image in images)
        {
            var named = names.Of(plan, ImageName.Parse(image.Name));
            bases.Add(named.Origin == BaseOrigin.Open || made.Contains(named.Image)
                ? named
                : await GetAsync(plan, named, image, await reach(cancellation), cancellation));
        }

        var others = bases.Where(each => !made.Contains(each.Image)).ToList();
        if (!pullsAlways || others.TrueForAll(each => each.IsRemote || each.Origin == BaseOrigin.Open))
            return new BuildBases(bases, pullsAlways);

        // Builders fetch all or none, and then put what a public registry has in the place of what is ours.
        foreach (var open in others.Where(each => each.Origin == BaseOrigin.Open))
            await PullAsync(plan, open.Image, open.Image, cancellation);
        return new BuildBases(bases, false);
    }

    private async Task<BuildBase> GetAsync(
        RetagPlan plan, BuildBase named, DockerfileImage image, BuilderReach reach, CancellationToken cancellation)
    {
        // An engine has no plain name with a digest: it knows what it pulled by the name that it pulled.
        var isDigest = named.Image.ContentDigest is not null;
        var local = reach == BuilderReach.Registries || isDigest ? null : await store.FindAsync(named.Image, cancellation);
        var isHere = local is not null && RunsOn(local, plan.Build!.Platform);
        if (isHere && (named.Origin != BaseOrigin.Declared || !pullsAlways))
            return named;
        if (named.Image != named.Name || !ImageName.TryParse(named.Declared?.PullReference, out var reference))
            return isHere ? named : throw BaseErrors.NotFound(named, image, local, store.Name);
        if (reach != BuilderReach.Registries && (local is null || isHere) && !isDigest)
        {
            await PullAsync(plan, reference, named.Name, cancellation);
            return named;
        }

        if (reach == BuilderReach.Engine)
        {
            if (!isDigest)
                throw BaseErrors.NotFound(named, image, local, store.Name);
            await PullAsync(plan, reference, reference, cancellation);
        }

        return named with { Image = await PinAsync(plan, reference, cancellation), IsRemote = true };
    }

    /// <summary>The image by the digest that its registry has for it now: a builder then takes just that, or nothing.</summary>
    private async Task<ImageName> PinAsync(RetagPlan plan, ImageName reference, CancellationToken cancellation)
    {
        if (reference.ContentDigest is not null)
            return reference;
        observer.Step(plan, $"look for {reference}");
        var remote = await retry.RunAsync(token => store.ResolveAsync(reference, token), (_, _) => { }, cancellation);
        return remote.State switch
        {
            RemoteState.Present => reference.WithoutTag().WithDigest(remote.Digest!),
            RemoteState.Absent => throw NoSuchImage.InRegistry(
                reference, $"it is a base of {plan.Target}", "Check the name and tag, and that the image was pushed."),
            _ => reference,
        };
    }

    /// <summary>Pulls as Invoke-CranePull does, once for all builds that need the image.</summary>
    private async Task PullAsync(RetagPlan plan, ImageName source, ImageName target, CancellationToken cancellation)
    {
        var pull = _pulls.GetOrAdd(target, _ => new Lazy<Task<CraneException?>>(async () =>
        {
            var steps = new StepsOf(plan, observer);
            if (target.TagOrDefault is null)
                return await PullDigestAsync(steps, plan, source, cancellation);
            var move = CheckedMove.Check(new RetagPlan
            {
                Container = plan.Container,
                Operation = RetagOperation.Pull,
                Source = source.ToString(),
                Target = target.ToString(),
            });
            await foreach (var outcome in new PlanRunner(new EngineMover(store), retry, steps, new RunOptions(1, false, false)).RunAsync([move], cancellation))
                return outcome.Error;
            return null;
        }));
        if (await pull.Value is { } error)
            throw error;
        cancellation.ThrowIfCancellationRequested();
    }

    // What has no name here cannot be lost, and is up to date wherever it is.
    private async Task<CraneException?> PullDigestAsync(StepsOf steps, RetagPlan plan, ImageName source, CancellationToken cancellation)
    {
        try
        {
            steps.Step(plan, $"pull {source}");
            var meter = new TransferMeter(plan, new SharedLayers(), steps);
            await retry.RunAsync(token => store.PullAsync(source, meter, token), (_, _) => { }, cancellation);
            return null;
        }
        catch (CraneException error)
        {
            return error;
        }
    }

    private static bool RunsOn(LocalImage image, IReadOnlyList<string>? platforms) => platforms is null
        || image.Platforms.Count == 0
        || platforms.All(text => ImagePlatform.TryParse(text, out var wanted) && image.Platforms.Any(wanted.Accepts));

    /// <summary>Shows the steps of a base's pull as steps of the build that it is for.</summary>
    private sealed class StepsOf(RetagPlan plan, IRunObserver observer) : IRunObserver
    {
        public void Step(RetagPlan moved, string text) => observer.Step(plan, text);

        public void Warn(RetagPlan moved, string text) => observer.Warn(plan, text);

        public void Note(string text) => observer.Note(text);

        public void Progress(RetagPlan moved, MoveProgress progress)
        {
            // The bar is the build's.
        }

        public void Ended(RetagPlan moved)
        {
            // The build has not.
        }
    }
}

/// <summary>Where a builder can take bases from.</summary>
internal enum BuilderReach
{
    /// <summary>The images of its engine alone, by the names that the Dockerfile has.</summary>
    Engine,

    /// <summary>The images of its engine, and any registry where it is told so.</summary>
    EngineAndRegistries,

    /// <summary>Registries alone: it does not see the engine's images.</summary>
    Registries,
}

/// <summary>What the images are that a Dockerfile names.</summary>
/// <param name="Images">Each of them.</param>
/// <param name="Pull">Whether the builder fetches all that are images of others, even if they are here.</param>
internal sealed record BuildBases(IReadOnlyList<BuildBase> Images, bool Pull)
{
    public static BuildBases None { get; } = new([], false);

    /// <summary>What a name means; itself where nothing is known of it.</summary>
    public BuildBase Of(ImageName name) =>
        Images.FirstOrDefault(each => each.Name == name) ?? new BuildBase(name, name, BaseOrigin.Open, null);
}

/// <summary>
/// The bases of builds that another program runs, on any builder, at any time: no engine is asked what it has, and no registry
/// for a digest, which may be another one by then.
/// </summary>
internal static class ExportedBases
{
    /// <summary>The builds with what the images are that their Dockerfiles name.</summary>
    /// <exception cref="CraneException">BaseNotFound for an image of the crane file that comes from nowhere.</exception>
    public static IReadOnlyList<GraphBuild> AddTo(IReadOnlyList<GraphBuild> builds, BaseNames names, IDockerfiles dockerfiles)
    {
        var made = builds.Select(build => build.Target).ToHashSet();
        return builds.Select(build => build with
        {
            Bases = new BuildBases(dockerfiles.Read(build.Build).Images.Select(image => Of(build.Plan, image)).ToList(), Pull: false),
        }).ToList();

        BuildBase Of(RetagPlan plan, DockerfileImage image)
        {
            var named = names.Of(plan, ImageName.Parse(image.Name));
            if (named.Origin == BaseOrigin.Open || made.Contains(named.Image))
                return named;
            return ImageName.TryParse(named.Declared?.PullReference, out var reference)
                ? named with { Image = reference, IsRemote = true }
                : throw BaseErrors.NotFound(named, image, null, null).About(plan);
        }
    }
}

/// <summary>The errors about images that Dockerfiles name and the crane file declares.</summary>
internal static class BaseErrors
{
    /// <summary>A builder would look for the image in a public registry, where that name is somebody else's.</summary>
    /// <param name="named">The image.</param>
    /// <param name="image">Where the Dockerfile names it.</param>
    /// <param name="local">What the engine has under that name; null for nothing.</param>
    /// <param name="engine">The engine; null where none was asked.</param>
    public static CraneException NotFound(BuildBase named, DockerfileImage image, LocalImage? local, string? engine)
    {
        var place = $"{image.File}:{image.Line}";
        var here = local is not null ? $"is in {engine} for {string.Join(", ", local.Platforms)} only" : engine is null ? "is not built here" : $"is not in {engine}";
        if (named.Origin == BaseOrigin.Unknown)
            return new CraneException(
                CraneErrorId.BaseNotFound,
                $"{place}: the image '{named.Name}' {here}, and the plan does not know whether the crane file declares it: the "
                    + "Dockerfile is another one than when the plan was made.",
                "Make the plan again, or name the container instead of piping it.");
        if (local is not null && named.Declared?.PullReference is { } reference)
            return new CraneException(
                CraneErrorId.BaseNotFound, $"{place}: the image '{named.Name}' {here}.",
                $"Build with -Builder Buildx, which takes it from {reference}, or build it for that platform.");
        var what = named.Declared is { Container: null } ? "is another tag of an image of" : "is one of";
        return new CraneException(
            CraneErrorId.BaseNotFound,
            $"{place}: the image '{named.Image}' {what} the crane file, {here}, and no pull section says where it comes from. A public "
                + "registry is not asked for it.",
            named.Declared?.Container is { } container
                ? $"Build it with '{container}', or -WithDependency, or give '{container}' a pull section."
                : "Build or pull it, or give its container a pull section.");
    }
}
