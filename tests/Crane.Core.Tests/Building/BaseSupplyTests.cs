using Crane.Building;
using Crane.Core.Tests.Execution;
using Crane.Locking;

namespace Crane.Core.Tests.Building;

public sealed class BaseSupplyTests
{
    private const string Official = "r.co/company/os:latest";
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task A_declared_base_that_is_not_here_is_pulled_from_where_its_container_is_and_tagged()
    {
        _store.AddRemote(Official, 'a');
        var bases = await InEngineAsync("company/os");
        Assert.Equal(["pull r.co/company/os", "tag r.co/company/os company/os"], _store.Calls);
        Assert.False(bases.Images[0].IsRemote);
    }

    [Fact]
    public async Task A_declared_base_that_is_here_is_used_as_it_is()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddRemote(Official, 'b');
        await InEngineAsync("company/os");
        Assert.Empty(_store.Calls);
    }

    [Theory]
    [InlineData("company/os", "r.co/company/os")]
    [InlineData("-company/os", "r.co/company/os")]
    public async Task The_engine_needs_the_images_of_every_stage(string image, string pulled)
    {
        _store.AddRemote(Official, 'a');
        await InEngineAsync("company/other", image);
        Assert.Equal($"pull {pulled}", _store.Calls.First());
    }

    [Fact]
    public async Task A_base_of_somebody_else_is_the_builders_business()
    {
        var bases = await InEngineAsync("debian:13");
        Assert.Empty(_store.Calls);
        Assert.Equal(BaseOrigin.Open, bases.Images[0].Origin);
    }

    [Fact]
    public async Task With_pull_a_declared_base_is_refreshed_from_its_pull_reference_and_the_others_beside_it()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddRemote(Official, 'b');
        _store.AddRemote("debian:13", 'c');
        var bases = await PrepareAsync(BuilderReach.Engine, pullsAlways: true, "company/os", "debian:13");
        Assert.Equal(["pull r.co/company/os", "tag r.co/company/os company/os", "pull debian:13"], _store.Calls);
        Assert.False(bases.Pull);
    }

    [Fact]
    public async Task With_pull_the_builder_fetches_where_all_are_images_of_others()
    {
        var bases = await PrepareAsync(BuilderReach.Engine, pullsAlways: true, "debian:13");
        Assert.Empty(_store.Calls);
        Assert.True(bases.Pull);
    }

    [Theory]
    [InlineData("company/built", "-WithDependency")]
    [InlineData("company/built:9", "Build or pull it")]
    public async Task A_declared_base_that_comes_from_nowhere_is_an_error(string image, string advice)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => InEngineAsync(image));
        Assert.Equal(CraneErrorId.BaseNotFound, error.Id);
        Assert.StartsWith("/service/Dockerfile:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task A_builder_that_does_not_see_the_engine_takes_the_registrys_image_by_its_digest()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddRemote(Official, 'b');
        var bases = await PrepareAsync(BuilderReach.Registries, pullsAlways: false, "company/os");
        Assert.Equal($"r.co/company/os@{MemoryStore.DigestOf('b')}", bases.Images[0].Image.ToString());
        Assert.True(bases.Images[0].IsRemote);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task What_the_registry_does_not_have_is_an_error_and_not_looked_for_elsewhere()
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => PrepareAsync(BuilderReach.Registries, false, "company/os"));
        Assert.Equal(CraneErrorId.ImageNotFound, error.Id);
        error = await Assert.ThrowsAsync<CraneException>(() => InEngineAsync("company/os"));
        Assert.Equal(CraneErrorId.ImageNotFound, error.Id);
    }

    [Fact]
    public async Task A_digest_is_pulled_from_where_its_container_is_and_named_as_there()
    {
        var digest = MemoryStore.DigestOf('d');
        var bases = await InEngineAsync($"company/os@{digest}");
        Assert.Equal($"r.co/company/os@{digest}", bases.Images[0].Image.ToString());
        Assert.Equal([$"pull r.co/company/os@{digest}"], _store.Calls);
    }

    [Fact]
    public async Task A_plan_that_does_not_know_a_name_of_its_Dockerfile_is_not_guessed_for()
    {
        var piped = Dockerfiles.Plan("service") with { Path = "/stack/crane.yaml", Base = ["debian:13"] };
        var names = new BaseNames([piped]);
        var supply = Supply(names, false, null, "debian:13", "company/os");
        var error = await Assert.ThrowsAsync<CraneException>(() => supply.PrepareAsync(piped, TestContext.Current.CancellationToken));
        Assert.Equal(CraneErrorId.BaseNotFound, error.Id);
        Assert.Contains("company/os", error.Message, StringComparison.Ordinal);

        _store.AddLocal("company/os", 'a');
        await supply.PrepareAsync(piped, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task With_a_lock_the_engine_gets_every_base_by_its_digest_under_the_name_in_the_Dockerfile()
    {
        _store.AddRemote(Official, 'b');
        _store.AddRemote("debian:13", 'c');
        var bases = await LockedAsync(BuilderReach.Engine, pullsAlways: true, "company/os", "debian:13");
        Assert.Equal(
            [
                $"pull r.co/company/os@{MemoryStore.DigestOf('a')}",
                $"tag r.co/company/os@{MemoryStore.DigestOf('a')} r.co/company/os",
                $"tag r.co/company/os@{MemoryStore.DigestOf('a')} company/os",
                $"pull debian:13@{MemoryStore.DigestOf('a')}",
                $"tag debian:13@{MemoryStore.DigestOf('a')} debian:13",
            ],
            _store.Calls);
        Assert.False(bases.Pull);
        Assert.All(bases.Images, image => Assert.False(image.IsRemote));
    }

    [Fact]
    public async Task With_a_lock_a_base_that_is_here_is_used_only_if_it_has_the_digest()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddLocal("debian:13", 'c');
        await LockedAsync(BuilderReach.Engine, false, "company/os", "debian:13");
        Assert.Equal($"pull debian:13@{MemoryStore.DigestOf('a')}", _store.Calls.First());
    }

    [Theory]
    [InlineData(BuilderReach.EngineAndRegistries)]
    [InlineData(BuilderReach.Registries)]
    public async Task With_a_lock_other_builders_take_bases_from_registries_by_digest(object reach)
    {
        var bases = await LockedAsync((BuilderReach)reach, false, "company/os", "debian:13");
        Assert.Equal(
            [$"r.co/company/os@{MemoryStore.DigestOf('a')}", $"debian@{MemoryStore.DigestOf('a')}"],
            bases.Images.Select(image => image.Image.ToString()));
        Assert.All(bases.Images, image => Assert.True(image.IsRemote));
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task With_a_lock_a_base_that_it_does_not_have_is_an_error_at_its_line()
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => LockedAsync(BuilderReach.Engine, false, "alpine:3"));
        Assert.Equal(CraneErrorId.NotLocked, error.Id);
        Assert.Contains("/service/Dockerfile:1", error.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task With_a_lock_the_Dockerfile_of_a_remote_context_is_an_error()
    {
        var plan = Dockerfiles.Plan("service");
        const string context = "https://example.com/service.git";
        plan = plan with { Source = context, Build = plan.Build! with { Context = context } };
        var observer = new Runs(_store);
        var supply = new BaseSupply(_store, new BaseNames([plan]), new Dockerfiles((context, [])), observer, observer, false)
        {
            LockOf = _ => Lock,
        };
        var error = await Assert.ThrowsAsync<CraneException>(() => supply.PrepareAsync(plan, TestContext.Current.CancellationToken));
        Assert.Equal(CraneErrorId.NotLocked, error.Id);
    }

    // company/os and debian:13 with the digest 'a'.
    private static LockedRun Lock { get; } = new(
        new CraneLock
        {
            Images = CraneLock.Sorted<LockedImage>().Add("os", Locked("r.co/company/os")),
            Bases = CraneLock.Sorted<LockedImage>().Add("docker.io/library/debian:13", Locked("debian:13")),
        },
        "/stack/crane.lock");

    private static LockedImage Locked(string reference) =>
        new(ImageName.Parse(reference), new(MemoryStore.DigestOf('a'), DateTimeOffset.UnixEpoch));

    private static DeclaredBase? Declared(ImageName name) => name switch
    {
        { Repository: "company/os", Digest: { } digest } => new() { Name = name.ToString(), PullReference = $"r.co/company/os@{digest}" },
        { Repository: "company/os" } => new() { Name = name.ToString(), Container = "os", PullReference = "r.co/company/os" },
        { Repository: "company/built" } => new() { Name = name.ToString(), Container = name.Tag is null ? "built" : null },
        _ => null,
    };

    private Task<BuildBases> InEngineAsync(params string[] images) => PrepareAsync(BuilderReach.Engine, pullsAlways: false, images);

    private Task<BuildBases> LockedAsync(BuilderReach reach, bool pullsAlways, params string[] images) =>
        PrepareAsync(reach, pullsAlways, Lock, images);

    private Task<BuildBases> PrepareAsync(BuilderReach reach, bool pullsAlways, params string[] images) =>
        PrepareAsync(reach, pullsAlways, null, images);

    private Task<BuildBases> PrepareAsync(BuilderReach reach, bool pullsAlways, LockedRun? locked, params string[] images)
    {
        var plan = Dockerfiles.Plan("service");
        var supply = Supply(new BaseNames([plan], Declared), pullsAlways, locked, images);
        return reach == BuilderReach.Engine
            ? supply.PrepareAsync(plan, TestContext.Current.CancellationToken)
            : supply.PrepareAsync(plan, new HashSet<ImageName>(), _ => Task.FromResult(reach), TestContext.Current.CancellationToken);
    }

    private BaseSupply Supply(BaseNames names, bool pullsAlways, LockedRun? locked, params string[] images)
    {
        var observer = new Runs(_store);
        return new BaseSupply(_store, names, new Dockerfiles(("/service", images)), observer, observer, pullsAlways)
        {
            LockOf = locked is null ? null : _ => locked,
        };
    }
}
