using Crane.CraneFile.Selecting;
using Crane.Planning;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Remotes are named once, and used by the containers that name them or that say nothing.</summary>
public sealed class RemoteTests : IDisposable
{
    private const string Remotes = """
        remotes:
          official: {registry: registry.co}
          mine: {registry: 'r.${USER}.co', override_user: '${USER}'}
          prod: {registry: prod.co, overwrite: {mode: never, always: [dev]}}
          unused: {registry: '${UNSET}'}

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pull: official", "registry.co/a/os")]
    [InlineData("pull: {remote: official}", "registry.co/a/os")]
    [InlineData("pull: '${WHERE}'", "registry.co/a/os")]
    [InlineData("pull: {remote: mine, override_user: us}", "r.bob.co/us/os")]
    [InlineData("pull: {remote: mine, registry: own.co, override_user: ''}", "own.co/bob/os")]
    public void A_pull_section_names_a_remote_and_overrides_its_keys(string section, string source) =>
        Assert.Equal(source, Container(section).PullReference);

    [Theory]
    [InlineData("push: mine", "registry=r.bob.co; override_user=bob")]
    [InlineData("push: {remote: mine, tag: [1, 2]}", "registry=r.bob.co; override_user=bob; tag=1,2")]
    [InlineData("push: prod", "registry=prod.co; overwrite=never; always=dev")]
    [InlineData("push: {remote: prod, overwrite: lease}", "registry=prod.co; overwrite=lease")]
    [InlineData("push: {remote: unused, skip: true}", "skip=true")]
    [InlineData("push: false", "skip=true")]
    public void A_push_section_names_a_remote_and_overrides_its_keys(string section, string push) =>
        Assert.Equal(push, Container(section).Push!.ToString());

    [Theory]
    [InlineData("build: .", "registry.co/a/os", "r.bob.co/bob/os")]
    [InlineData("tty: true", "registry.co/a/os", "r.bob.co/bob/os")]
    [InlineData("pull: {}, push: {tag: x}", "registry.co/a/os", "r.bob.co/bob/os:x")]
    [InlineData("pull: {registry: own.co}, push: {override_user: us}", "own.co/a/os", "docker.io/us/os")]
    [InlineData("pull: false, push: no", "docker.io/a/os", null)]
    [InlineData("pull: 'off', push: {skip: true}", "docker.io/a/os", null)]
    [InlineData("build: ., pull: false", null, "r.bob.co/bob/os")]
    [InlineData("pull: '${OFF}', push: '${OFF}'", "docker.io/a/os", null)]
    [InlineData("pull: prod, push: prod", "prod.co/a/os", "prod.co/a/os")]
    public void Defaults_are_for_containers_that_do_not_say_where(string keys, string? pull, string? push)
    {
        var container = Container(keys, "defaults: {pull: official, push: mine}\n");
        Assert.Equal((pull, push), (container.PullReference, container.PushReference));
    }

    [Theory]
    [InlineData("pull: {registry: r.co}", "r.co/a/os")]
    [InlineData("pull: false", "docker.io/a/os")]
    public void What_one_container_says_about_the_pull_of_an_image_wins_over_the_default(string other, string source)
    {
        var containers = CraneFile.Containers(
            $"containers: {{c: {{image: a/os}}, d: {{image: a/os, {other}}}}}\ndefaults: {{pull: official}}\n{Remotes}", "USER=bob");
        Assert.All(containers, container => Assert.Equal(source, container.PullReference));
    }

    [Fact]
    public void With_a_default_pull_what_is_built_here_is_built_unless_pulls_are_preferred()
    {
        var container = Container("build: .", "defaults: {pull: official}\n");
        Assert.Equal(RetagOperation.Build, ProvisionPlan.For(container, preferPull: false).Operation);
        Assert.Equal("registry.co/a/os", ProvisionPlan.For(container, preferPull: true).PullReference);
    }

    [Fact]
    public void A_base_that_the_file_declares_comes_from_the_default()
    {
        var images = CraneFile.Select($"containers: {{c: {{image: a/os, build: .}}}}\ndefaults: {{pull: official}}\n{Remotes}", null, "USER=bob").Images!;
        Assert.Equal("registry.co/a/os:2", images.FindBase(ImageName.Parse("a/os:2"))!.PullReference);
    }

    [Theory]
    [InlineData("pull: offical", 4, "'pull.remote' of container 'c': No remote is called 'offical'. Did you mean 'official'?")]
    [InlineData("push: {remote: '${USER}'}", 13, "'push.remote' of container 'c' (from ${USER}): No remote is called 'bob'.")]
    [InlineData("push: {remote: nothing, skip: true}", 13, "No remote is called 'nothing'.")]
    [InlineData("push: registry.co", 4, "No remote is called 'registry.co'.")]
    public void An_unknown_remote_is_an_error_with_its_location_and_those_that_exist(string section, int column, string words)
    {
        var error = Error(section);
        Assert.Equal((CraneErrorId.UnknownRemote, "c", 4), (error.Id, error.ContainerName, error.Location!.Line));
        Assert.True(error.Location.Column >= column);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("official, mine, prod, unused", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_default_is_one_too()
    {
        var error = Error("build: .", "defaults: {pull: offical}\n");
        Assert.Equal((CraneErrorId.UnknownRemote, 5), (error.Id, error.Location!.Line));
        Assert.Contains("'defaults.pull' of container 'c': No remote is called 'offical'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("push: unused", CraneErrorId.UndefinedVariable, "'remotes.unused.registry' of container 'c' uses the variable UNSET")]
    [InlineData("push: bad", CraneErrorId.InvalidRegistry, "'remotes.bad.registry' of container 'c': Registry 'a..b'")]
    [InlineData("push: empty", CraneErrorId.InvalidValue, "'remotes.empty' of container 'c' has neither 'registry' nor 'override_user'")]
    public void A_remote_that_cannot_be_used_is_an_error_at_its_own_place(string section, CraneErrorId id, string words)
    {
        var yaml = $"{Remotes}  bad: {{registry: a..b}}\n  empty: {{}}\ncontainers: {{c: {{image: a/os, {section}}}}}";
        var selected = CraneFile.Select(yaml.Replace("\n\n", "\n", StringComparison.Ordinal), null, "USER=bob");
        var error = Assert.Single(selected.Errors.Concat(Planner.Plan(selected.Containers, RetagOperation.Push).Errors));
        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Location!.Line, 5, 7);
    }

    [Fact]
    public void Remotes_of_several_files_merge_key_by_key()
    {
        _folder.Write("one.yaml", "containers: {c: {image: a/os, push: mine}}\nremotes: {mine: {registry: r.co}}\ndefaults: {pull: mine}");
        _folder.Write("two.yaml", "remotes: {mine: {override_user: bob, overwrite: never}}");

        var container = Assert.Single(Select("one.yaml", "two.yaml"));
        Assert.Equal("registry=r.co; override_user=bob; overwrite=never", container.Push!.ToString());
        Assert.Equal("r.co/bob/os", container.PullReference);
    }

    [Fact]
    public void A_remote_in_a_later_file_replaces_the_place_in_an_earlier_one()
    {
        _folder.Write("one.yaml", "containers: {c: {image: a/os, push: {registry: prod.co, tag: x}}}");
        _folder.Write("two.yaml", "containers: {c: {push: mine}}\nremotes: {mine: {registry: r.co}}");
        _folder.Write("three.yaml", "containers: {c: {push: {override_user: bob}}}");

        Assert.Equal("registry=r.co", Assert.Single(Select("one.yaml", "two.yaml")).Push!.ToString());
        Assert.Equal("registry=r.co; override_user=bob", Assert.Single(Select("one.yaml", "two.yaml", "three.yaml")).Push!.ToString());
    }

    private static CraneContainer Container(string keys, string more = "") => CraneFile.Container(
        $"containers: {{c: {{image: a/os, {keys}}}}}\n{more}{Remotes}", "USER=bob", "WHERE=official", "OFF=false");

    private static CraneException Error(string keys, string more = "") => Assert.Single(CraneFile.Select(
        $"containers:\n  c:\n    image: a/os\n    {keys}\n{more}{Remotes}", null, "USER=bob").Errors);

    private IReadOnlyList<CraneContainer> Select(params string[] names)
    {
        var result = _folder.Load(names);
        Assert.Empty(result.Errors);
        var selected = Selection.Select(result.Stack!, new SelectionRequest(), new GivenVariables());
        Assert.Empty(selected.Errors);
        return selected.Containers;
    }
}
