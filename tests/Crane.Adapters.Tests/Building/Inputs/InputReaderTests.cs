using Crane.Adapters.Contexts;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Inputs;

/// <summary>What counts as an input of a build and what does not, and what is said of it.</summary>
public sealed class InputReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = new() { ["VERSION"] = "1", ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    public InputReaderTests()
    {
        _folder.Write("service/Dockerfile", "FROM company/os AS test\nCOPY greeting /\n");
        _folder.Write("service/greeting", "hello\n");
    }

    public static TheoryData<string, Func<RetagPlan, RetagPlan>> Changes => new()
    {
        { "build argument VERSION", plan => With(plan, build => build with { Argument = ["VERSION=2"] }) },
        { "build argument OTHER", plan => With(plan, build => build with { Argument = ["VERSION=1", "OTHER="] }) },
        { "build argument VERSION", plan => With(plan, build => build with { Argument = null }) },
        { "target", plan => With(plan, build => build with { Target = "test" }) },
        { "platform", plan => With(plan, build => build with { Platform = ["linux/arm64"] }) },
        { "platform", plan => With(plan, build => build with { Platform = ["linux/amd64", "linux/arm64"] }) },
        { "label", plan => With(plan, build => build with { Label = ["a=1", "b=2", "c="] }) },
        { "network", plan => With(plan, build => build with { Network = "host" }) },
        { "add-host", plan => With(plan, build => build with { AddHost = ["db:10.0.0.1"] }) },
        { "hooks", plan => plan with { Hook = new ContainerHook { PostBuild = "scan" } } },
    };

    public static TheoryData<string, Func<RetagPlan, RetagPlan>> NoChanges => new()
    {
        { "secrets", plan => With(plan, build => build with { Secret = ["id=token,env=TOKEN"] }) },
        { "caches", plan => With(plan, build => build with { CacheFrom = ["company/cache"], CacheTo = ["type=inline"] }) },
        { "an argument's value from the environment", plan => With(plan, build => build with { Argument = ["VERSION"] }) },
        { "a proxy of this machine", plan => With(plan, build => build with { Argument = ["VERSION=1", "https_proxy=http://p:1"] }) },
        { "an argument that has no value", plan => With(plan, build => build with { Argument = ["VERSION=1", "ABSENT"] }) },
        { "the order of labels", plan => With(plan, build => build with { Label = ["b=2", "a=1"] }) },
        { "the tag", plan => plan with { Target = "company/service:2.0" } },
        { "the container's name", plan => plan with { Container = "other" } },
    };

    private RetagPlan Plan => new()
    {
        Container = "service",
        Target = "company/service",
        Path = Path.Join(_folder.Path, "crane.yaml"),
        Build = new ContainerBuild
        {
            Context = Path.Join(_folder.Path, "service"),
            Argument = ["VERSION=1"],
            Label = ["a=1", "b=2"],
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Changes))]
    public async Task What_may_change_the_image_is_an_input(string part, Func<RetagPlan, RetagPlan> change)
    {
        var built = (await ReadAsync(Plan)).Inputs;
        Assert.Equal(part, (await ReadAsync(change(Plan))).Inputs.ChangedSince(built));
    }

    [Theory, MemberData(nameof(NoChanges))]
    public async Task What_does_not_change_the_image_is_no_input(string what, Func<RetagPlan, RetagPlan> change)
    {
        var built = (await ReadAsync(Plan)).Inputs;
        Assert.True(built.ToString() == (await ReadAsync(change(Plan))).Inputs.ToString(), what);
    }

    [Fact]
    public async Task A_variable_that_an_argument_takes_its_value_from_is_an_input()
    {
        var plan = With(Plan, build => build with { Argument = ["VERSION"] });
        var built = (await ReadAsync(plan)).Inputs;
        _variables["VERSION"] = "2";
        Assert.Equal("build argument VERSION", (await ReadAsync(plan)).Inputs.ChangedSince(built));
    }

    [Fact]
    public async Task The_changed_file_is_reported_until_its_image_is_built_again()
    {
        var built = (await ReadAsync(Plan)).Inputs;
        _folder.Write("service/greeting", "good morning\n");
        for (var time = 0; time < 2; time++)
        {
            var reading = await ReadAsync(Plan, built);
            Assert.Equal("context", reading.Inputs.ChangedSince(built));
            Assert.Equal("service/greeting changed", reading.ContextChange);
        }

        Assert.Null((await ReadAsync(Plan, (await ReadAsync(Plan)).Inputs)).ContextChange);
    }

    [Fact]
    public async Task The_changed_file_is_unknown_for_an_image_that_was_built_elsewhere()
    {
        var elsewhere = BuildInputs.Of(ImageName.Parse("company/service"), [new("context", "another")]);
        Assert.Null((await ReadAsync(Plan, elsewhere)).ContextChange);
    }

    [Fact]
    public async Task The_Dockerfile_is_an_input_wherever_it_is()
    {
        var dockerfile = _folder.Write("outside/Dockerfile", "FROM company/os\n");
        var plan = With(Plan, build => build with { File = "../outside/Dockerfile" });
        var built = (await ReadAsync(plan)).Inputs;
        await File.WriteAllTextAsync(dockerfile, "FROM company/os\nENV A=1\n", TestContext.Current.CancellationToken);
        Assert.Equal("Dockerfile", (await ReadAsync(plan)).Inputs.ChangedSince(built));
    }

    [Fact]
    public async Task Bases_are_those_that_the_target_needs() =>
        Assert.Equal([ImageName.Parse("company/os")], (await ReadAsync(Plan)).Bases);

    [Fact]
    public async Task The_version_of_a_git_repository_is_its_commit()
    {
        await GitAsync("init", "--quiet", "--initial-branch=main");
        await CommitAsync();
        // As if that host had it.
        (string, string)[] git = [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", $"url.{_folder.Path}.insteadOf"), ("GIT_CONFIG_VALUE_0", "git://example.invalid/repo.git")];
        foreach (var (name, value) in git)
            Environment.SetEnvironmentVariable(name, value);
        try
        {
            var plan = With(Plan, build => build with { Context = "git://example.invalid/repo.git#main:service" });
            var built = (await ReadAsync(plan)).Inputs;
            Assert.Null((await ReadAsync(plan)).Inputs.ChangedSince(built));
            var otherFolder = With(Plan, build => build with { Context = "git://example.invalid/repo.git#main:os" });
            Assert.Equal("context", (await ReadAsync(otherFolder)).Inputs.ChangedSince(built));
            await CommitAsync();
            Assert.Equal("context", (await ReadAsync(plan)).Inputs.ChangedSince(built));
            var unknown = With(Plan, build => build with { Context = "git://example.invalid/repo.git#absent" });
            Assert.Null(await Reader().ReadAsync(unknown, null, TestContext.Current.CancellationToken));
        }
        finally
        {
            foreach (var (name, _) in git)
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Theory]
    [InlineData("\"1\"", "\"2\"", "context")]
    [InlineData("\"1\"", "\"1\"", null)]
    public async Task The_version_of_an_address_is_its_ETag(string before, string after, string? part)
    {
        var tag = before;
        await using var server = TagServer.Start(() => tag);
        var plan = With(Plan, build => build with { Context = $"{server.Address}/context.tar" });
        var built = (await ReadAsync(plan)).Inputs;
        tag = after;
        Assert.Equal(part, (await ReadAsync(plan)).Inputs.ChangedSince(built));
        tag = "";
        Assert.Null(await Reader().ReadAsync(plan, null, TestContext.Current.CancellationToken));
    }

    private static RetagPlan With(RetagPlan plan, Func<ContainerBuild, ContainerBuild> change) => plan with { Build = change(plan.Build!) };

    private InputReader Reader() => new(new DockerEnvironment(_variables.GetValueOrDefault, Path.Join(_folder.Path, "home")));

    private async Task<InputReading> ReadAsync(RetagPlan plan, BuildInputs? built = null) =>
        (await Reader().ReadAsync(plan, built, TestContext.Current.CancellationToken))!;

    private async Task CommitAsync()
    {
        await GitAsync("add", "service");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "--quiet", "--allow-empty", "--message", "x");
    }

    private Task<string> GitAsync(params string[] arguments) => Shell.RunAsync(_folder.Path, "git", arguments);
}
