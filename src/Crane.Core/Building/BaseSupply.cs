using System.Collections.Concurrent;
using Crane.Comparing;
using Crane.CraneFile.Selecting;
using Crane.Locking;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Building;

/// <summary>
/// Provides the base images of builds, so that no builder asks a public registry for a name in the crane file. A base is made by the run,
/// in the engine, pulled as its container says, or an error.
/// </summary>
/// <param name="dockerfiles">Reads Dockerfiles, for each build after its hook, which may generate one.</param>
/// <param name="pullsAlways">Whether bases are pulled even if the engine has them, except those that this run makes.</param>
internal sealed class BaseSupply(
    IImageStore store, BaseNames names, IDockerfiles dockerfiles, IRetryPolicy retry, IRunObserver observer, bool pullsAlways)
{
    private readonly ConcurrentDictionary<ImageName, Lazy<Task<CraneException?>>> _pulls = new();

    /// <summary>The lock of a plan, from which bases are taken that this run does not make; null for none.</summary>
    public Func<RetagPlan, LockedRun>? LockOf { get; init; }

    /// <summary>Provides the images that the engine's own builder needs for a build.</summary>
    /// <exception cref="CraneException">BaseNotFound, the errors of pulls, and those of the Dockerfile.</exception>
    public Task<BuildBases> PrepareAsync(RetagPlan plan, CancellationToken cancellation)
    {
        var read = dockerfiles.Read(plan.Build!);
        return PrepareAsync(
            plan, read.Images.Concat(read.Unneeded), new HashSet<ImageName>(), _ => Task.FromResult(BuilderReach.Engine), cancellation);
    }

    /// <summary>The same for a builder of a whole graph.</summary>
    /// <param name="builtTogether">The images that are built together with it.</param>
    /// <param name="reach">Finds out where the builder can get images from.</param>
    /// <exception cref="CraneException">As for the other builder.</exception>
    public Task<BuildBases> PrepareAsync(
        RetagPlan plan, IReadOnlySet<ImageName> builtTogether, Func<CancellationToken, Task<BuilderReach>> reach,
        CancellationToken cancellation) =>
        PrepareAsync(plan, dockerfiles.Read(plan.Build!).Images, builtTogether, reach, cancellation);

    /// <summary>The id of the image that has a name now, as results have it.</summary>
    public async Task<string> ImageIdAsync(string name, CancellationToken cancellation) =>
        KnownImage.Write((await store.FindAsync(ImageName.Parse(name), cancellation))?.Id);

    /// <summary>The size of the local image of a name in bytes; null if the store has none, or does not say.</summary>
    public async Task<long?> ImageSizeAsync(string name, CancellationToken cancellation) =>
        (await store.FindAsync(ImageName.Parse(name), cancellation))?.SizeBytes;

    private async Task<BuildBases> PrepareAsync(
        RetagPlan plan,
        IEnumerable<DockerfileImage> images,
        IReadOnlySet<ImageName> builtTogether,
        Func<CancellationToken, Task<BuilderReach>> reach,
        CancellationToken cancellation)
    {
        var bases = new List<BuildBase>();
        var run = LockOf?.Invoke(plan);
        if (run is not null && FilePath.IsRemoteContext(plan.Build!.Context))
            throw LockErrors.RemoteContext(plan);
        foreach (var image in images)
        {
            var named = names.Of(plan, ImageName.Parse(image.Name));
            bases.Add(builtTogether.Contains(named.Image) ? named
                : named.Origin != BaseOrigin.Ours && run?.BaseOf(named.Name, named.Declared, $"{image.File}:{image.Line}") is { } locked
                    ? await GetAsync(plan, named, locked, image, await reach(cancellation), cancellation)
                : named.Origin == BaseOrigin.Open ? named
                : await GetAsync(plan, named, image, await reach(cancellation), cancellation));
        }

        // What is not locked is named by digest, or made here.
        if (run is not null)
            return new BuildBases(bases, false);
        var others = bases.Where(each => !builtTogether.Contains(each.Image)).ToList();
        if (!pullsAlways || others.TrueForAll(each => each.IsRemote || each.Origin == BaseOrigin.Open))
            return new BuildBases(bases, pullsAlways);

        // Builders pull all bases or none, and with all they would replace ours by those of a public registry.
        foreach (var open in others.Where(each => each.Origin == BaseOrigin.Open))
            await PullAsync(plan, open.Image, open.Image, cancellation);
        return new BuildBases(bases, false);
    }

    private async Task<BuildBase> GetAsync(
        RetagPlan plan, BuildBase named, LockedBase locked, DockerfileImage image, BuilderReach reach, CancellationToken cancellation)
    {
        if (reach != BuilderReach.Engine)
            return named with { Image = locked.Pinned, IsRemote = true };
        var local = await store.FindAsync(named.Name, cancellation);
        if (local?.Digests.Contains(locked.Digest) != true)
        {
            await PullAsync(plan, locked.Reference, named.Name, cancellation, locked.Digest);
            local = await store.FindAsync(named.Name, cancellation);
        }

        // The engine's builder would look for the platform under the tag.
        return local is null || RunsOn(local, plan.Build!.Platform)
            ? named
            : throw BaseErrors.OtherPlatform(named, image, local, store.Name, locked.Reference);
    }

    private async Task<BuildBase> GetAsync(
        RetagPlan plan, BuildBase named, DockerfileImage image, BuilderReach reach, CancellationToken cancellation)
    {
        // An engine has no plain name with a digest, only the name that was pulled.
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

    /// <summary>The image with its current digest in the registry, so that a builder uses no other.</summary>
    private async Task<ImageName> PinAsync(RetagPlan plan, ImageName reference, CancellationToken cancellation)
    {
        if (reference.ContentDigest is not null)
            return reference;
        observer.Step(plan, $"look for {reference}");
        var remote = await retry.RunAsync(token => store.FindRemoteAsync(reference, token), (_, _) => { }, cancellation);
        return remote.State switch
        {
            RemoteState.Present => reference.WithoutTag().WithDigest(remote.Digest!),
            RemoteState.Absent => throw NoSuchImage.InRegistry(
                reference, $"it is a base of {plan.Target}", "Check the name and tag, and that the image was pushed."),
            _ => reference,
        };
    }

    /// <summary>Pulls as Invoke-CranePull does, once for all builds.</summary>
    private async Task PullAsync(
        RetagPlan plan, ImageName source, ImageName target, CancellationToken cancellation, Digest? digest = null)
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
                Digest = digest?.ToString(),
                Platform = PlatformOf(plan)?.ToString(),
            });
            var runner = new PlanRunner(new EngineMover(store), retry, steps, new RunOptions(1, false, false));
            await foreach (var outcome in runner.RunAsync([move], cancellation))
                return outcome.Error;
            return null;
        }));
        if (await pull.Value is { } error)
            throw error;
        cancellation.ThrowIfCancellationRequested();
    }

    // A pull by digest replaces no name, and the result is always up to date.
    private async Task<CraneException?> PullDigestAsync(StepsOf steps, RetagPlan plan, ImageName source, CancellationToken cancellation)
    {
        try
        {
            steps.Step(plan, $"pull {source}");
            var meter = new TransferMeter(plan, new SharedLayers(), steps);
            await retry.RunAsync(token => store.PullAsync(source, PlatformOf(plan), meter, token), (_, _) => { }, cancellation);
            return null;
        }
        catch (CraneException error)
        {
            return error;
        }
    }

    private static ImagePlatform? PlatformOf(RetagPlan plan) =>
        plan.Build?.Platform is [var only] && ImagePlatform.TryParse(only, out var platform) ? platform : null;

    private static bool RunsOn(LocalImage image, IReadOnlyList<string>? platforms) => platforms is null
        || image.Platforms.Count == 0
        || platforms.All(platform => ImagePlatform.TryParse(platform, out var wanted) && image.Platforms.Any(wanted.Accepts));

    /// <summary>Reports the pull of a base as a part of its build.</summary>
    private sealed class StepsOf(RetagPlan plan, IRunObserver observer) : IRunObserver
    {
        public void Step(RetagPlan moved, string message) => observer.Step(plan, message);

        public void Warn(RetagPlan moved, string message) => observer.Warn(plan, message);

        public void Warn(string message) => observer.Warn(message);

        public void Note(string message) => observer.Note(message);

        public void Progress(RetagPlan moved, ImageProgress progress) => observer.Progress(plan, progress);

        public void Ended(RetagPlan moved)
        {
            // The build has not ended.
        }
    }
}

/// <summary>Where a builder can get base images from.</summary>
internal enum BuilderReach
{
    /// <summary>Only its engine, by the names in the Dockerfile.</summary>
    Engine,

    /// <summary>Its engine and registries.</summary>
    EngineAndRegistries,

    /// <summary>Only registries: it does not see the engine's images.</summary>
    Registries,
}

/// <summary>The images of a Dockerfile.</summary>
/// <param name="Pull">Whether the builder pulls all external images, even if the engine has them.</param>
internal sealed record BuildBases(IReadOnlyList<BuildBase> Images, bool Pull)
{
    public static BuildBases None { get; } = new([], false);

    /// <summary>The image of a name; an unknown one means itself.</summary>
    public BuildBase Of(ImageName name) =>
        Images.FirstOrDefault(each => each.Name == name) ?? new BuildBase(name, name, BaseOrigin.Open, null);
}

/// <summary>Finds the bases of builds for another program, which may build elsewhere and later, so it asks no engine or registry.</summary>
internal static class ExportedBases
{
    /// <summary>The builds with the images of their Dockerfiles.</summary>
    /// <exception cref="CraneException">BaseNotFound for a declared image without a source.</exception>
    public static IReadOnlyList<GraphBuild> AddTo(IReadOnlyList<GraphBuild> builds, BaseNames names, IDockerfiles dockerfiles)
    {
        var builtTogether = builds.Select(build => build.Target).ToHashSet();
        return builds.Select(build => build with
        {
            Bases = new BuildBases(dockerfiles.Read(build.Build).Images.Select(image => Of(build.Plan, image)).ToList(), Pull: false),
        }).ToList();

        BuildBase Of(RetagPlan plan, DockerfileImage image)
        {
            var named = names.Of(plan, ImageName.Parse(image.Name));
            if (named.Origin == BaseOrigin.Open || builtTogether.Contains(named.Image))
                return named;
            return ImageName.TryParse(named.Declared?.PullReference, out var reference)
                ? named with { Image = reference, IsRemote = true }
                : throw BaseErrors.NotFound(named, image, null, null).About(plan);
        }
    }
}

/// <summary>The errors about declared images in Dockerfiles.</summary>
internal static class BaseErrors
{
    /// <summary>A builder would look for the image in a public registry, where the name may be somebody else's.</summary>
    public static CraneException NotFound(BuildBase named, DockerfileImage image, LocalImage? local, string? engine)
    {
        var location = $"{image.File}:{image.Line}";
        var here = local is not null ? HereFor(local, engine)
            : engine is null ? "is not built here" : $"is not in {engine}";
        if (named.Origin == BaseOrigin.Unknown)
            return new CraneException(
                CraneErrorId.BaseNotFound,
                $"{location}: the image '{named.Name}' {here}, and the plan does not know whether the crane file declares it: the "
                    + "Dockerfile has changed since the plan was made.",
                "Make the plan again, or name the container instead of piping it.");
        if (local is not null && ImageName.TryParse(named.Declared?.PullReference, out var reference))
            return OtherPlatform(named, image, local, engine!, reference);
        var what = named.Declared is { Container: null } ? "is another tag of an image in" : "is an image in";
        return new CraneException(
            CraneErrorId.BaseNotFound,
            $"{location}: the image '{named.Image}' {what} the crane file, {here}, and no pull section says where it comes from. It is not "
                + "pulled from a public registry.",
            named.Declared?.Container is { } container
                ? $"Build it with '{container}', or -WithDependency, or give '{container}' a pull section."
                : "Build or pull it, or give its container a pull section.");
    }

    /// <summary>The engine has the image for other platforms only.</summary>
    /// <param name="reference">Where another builder would take it from.</param>
    public static CraneException OtherPlatform(
        BuildBase named, DockerfileImage image, LocalImage local, string engine, ImageName reference) => new(
        CraneErrorId.BaseNotFound, $"{image.File}:{image.Line}: the image '{named.Name}' {HereFor(local, engine)}.",
        $"Build with -Builder Buildx, which takes it from {reference}, or build it for that platform.");

    private static string HereFor(LocalImage local, string? engine) =>
        $"is in {engine} for {string.Join(", ", local.Platforms)} only";
}
