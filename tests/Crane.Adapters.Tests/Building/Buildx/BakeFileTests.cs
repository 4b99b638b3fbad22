using System.Text.Json;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Contexts;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Buildx;

public sealed class BakeFileTests
{
    [Fact]
    public void Every_key_of_a_build_section_is_there()
    {
        var target = Target(Write(isNamed: true, Plan("os", new ContainerBuild
        {
            Context = "/os",
            File = "docker/Dockerfile",
            Argument = ["A=1", "A=2", "B=x=y", "FROM_HERE", "ABSENT"],
            Target = "last",
            Network = "none",
            Platform = ["linux/amd64", "linux/arm64"],
            Label = ["one=1", "empty"],
            Secret = ["id=a,src=token", "id=b,env=B"],
            CacheFrom = ["type=registry,ref=company/cache", "type=local,src=cache"],
            CacheTo = ["type=local,dest=cache,mode=max"],
            AddHost = ["db:10.0.0.1", "v6=[::1]"],
        })));
        using var expected = JsonDocument.Parse("""
            {
              "context": "/os",
              "dockerfile": "docker/Dockerfile",
              "args": { "A": "2", "B": "x=y", "FROM_HERE": "${FROM_HERE}", "ABSENT": "${ABSENT}" },
              "target": "last",
              "network": "none",
              "platforms": ["linux/amd64", "linux/arm64"],
              "labels": { "one": "1", "empty": "" },
              "extra-hosts": { "db": "10.0.0.1", "v6": "::1" },
              "secret": ["id=a,src=/stack/token", "id=b,env=B"],
              "cache-from": ["type=registry,ref=company/cache", "type=local,src=/stack/cache"],
              "cache-to": ["type=local,dest=/stack/cache,mode=max"],
              "tags": ["company/os"],
              "attest": ["type=provenance,disabled=true"],
              "output": ["type=docker"]
            }
            """);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, target), target.ToString());
    }

    [Theory]
    [InlineData("id=a,src=token", "id=a,src=/stack/token")]
    [InlineData("id=a,source=../token", "id=a,source=/token")]
    [InlineData("type=file,id=a,src=/token", "type=file,id=a,src=/token")]
    [InlineData("type=env,id=a,src=TOKEN", "type=env,id=a,src=TOKEN")]
    [InlineData("id=a,env=TOKEN", "id=a,env=TOKEN")]
    [InlineData("id=token.txt", "id=token.txt,src=/stack/token.txt")]
    [InlineData("id=a,src=", "id=a,src=,src=/stack/a")]
    [InlineData("id=FROM_HERE", "id=FROM_HERE")]
    [InlineData("\"id=a,b\"", "\"id=a,b\",\"src=/stack/a,b\"")]
    [InlineData("id=a,src=\"", "id=a,src=\"")]
    public void Secrets_are_read_from_the_folder_of_the_crane_file_or_the_environment(string secret, string written)
    {
        var target = Target(Write(isNamed: false, Plan("os", new ContainerBuild { Context = "/os", Secret = [secret] })));
        Assert.Equal([written], target.GetProperty("secret").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public void Paths_of_a_plan_that_comes_from_no_crane_file_stay_as_they_are()
    {
        var (plan, images) = Plan("os", new ContainerBuild { Context = "/os", Secret = ["id=a", "id=b,src=c"] });
        var target = Target(Write(isNamed: false, (plan with { Path = "crane.yaml" }, images)));
        Assert.Equal(["id=a", "id=b,src=c"], target.GetProperty("secret").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public void Arguments_of_a_run_have_the_values_that_the_environment_has()
    {
        var file = Write(isNamed: false, Plan("os", new ContainerBuild { Context = "/os", Argument = ["FROM_HERE", "ABSENT"] }));
        Assert.Equal("""{"FROM_HERE":"$${a} %%{b}"}""", Compact(Target(file).GetProperty("args")));
        Assert.False(file.RootElement.TryGetProperty("variable", out _));
        Assert.False(Target(file).TryGetProperty("tags", out _));
    }

    [Fact]
    public void Arguments_of_an_exported_file_are_variables_that_bake_takes_from_its_environment()
    {
        var file = Write(isNamed: true, Plan("os", new ContainerBuild { Context = "/os", Argument = ["FROM_HERE"] }));
        Assert.Equal("""{"FROM_HERE":{"default":null}}""", Compact(file.RootElement.GetProperty("variable")));
    }

    [Theory]
    [InlineData("${a}", "$${a}")]
    [InlineData("%{if}", "%%{if}")]
    [InlineData("$${a}", "$$${a}")]
    [InlineData("$%{a %${b", "$%%{a %$${b")]
    [InlineData("$a $ 100% {}", "$a $ 100% {}")]
    public void Strings_are_not_templates(string value, string written) => Assert.Equal(written, BakeFile.Literal(value));

    [Fact]
    public void Targets_are_linked_by_the_names_that_Dockerfiles_have_for_their_images()
    {
        var file = Write(
            isNamed: true,
            Plan("os", new ContainerBuild { Context = "/os" }),
            Plan("web.api", new ContainerBuild { Context = "/web" }, "company/web:2", "company/os:latest", "docker.io/company/os", "alpine"),
            Plan("edge", new ContainerBuild { Context = "/edge" }, "company/edge", "index.docker.io/company/web:2"));
        Assert.Equal("""{"company/os":"target:os"}""", Compact(Target(file, "web_2eapi").GetProperty("contexts")));
        Assert.Equal("""{"company/web:2":"target:web_2eapi"}""", Compact(Target(file, "edge").GetProperty("contexts")));
        Assert.Equal(
            """{"default":{"targets":["os","web_2eapi","edge"]}}""", Compact(file.RootElement.GetProperty("group")));
    }

    [Theory]
    [InlineData("FROM base AS Base\nCOPY a /a\nFROM base\n", null, 1)]
    [InlineData("FROM docker.io/library/base:latest AS a\nFROM a AS base\n", null, 2)]
    [InlineData("FROM base AS base\nFROM scratch\n", "base", 1)]
    public void A_stage_that_a_link_to_an_image_would_replace_is_an_error(string dockerfile, string? stage, int line)
    {
        var error = Assert.Single(Linked(dockerfile, stage)).Error;
        Assert.Equal((CraneErrorId.NotSupportedByBuilder, line), (error?.Id, error?.Location?.Line));
        Assert.Contains("the stage 'base'", error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FROM base AS one\nFROM scratch AS base\nFROM one\n", null)]
    [InlineData("FROM base AS one\nFROM scratch AS base\n", "one")]
    [InlineData("FROM base:1 AS base\n", null)]
    [InlineData("FROM scratch AS base\nFROM base\n", null)]
    public void A_stage_that_no_link_replaces_is_no_error(string dockerfile, string? stage) =>
        Assert.Null(Assert.Single(Linked(dockerfile, stage)).Error);

    [Fact]
    public void A_base_that_a_registry_has_under_another_name_is_taken_from_there_by_its_digest()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var names = new[] { "company/os", "company/tools:2", $"company/pin@{digest}" }.Select(ImageName.Parse).ToList();
        var bases = new BuildBases(
            [.. names.Select(name => new BuildBase(name, ImageName.Parse($"r.co/{name.Repository}@{digest}"), BaseOrigin.Declared, null) { IsRemote = true })],
            Pull: true);
        var (plan, images) = Plan("app", new ContainerBuild { Context = "/app" }, "company/app", [.. names.Select(name => name.FullName), "alpine"]);
        var target = Target(Write(new GraphBuild(plan, []) { Bases = bases }, images), "app");
        Assert.Equal(
            [("company/os", $"docker-image://r.co/company/os@{digest}"), ("company/tools:2", $"docker-image://r.co/company/tools@{digest}"),
                ($"company/pin@{digest}", $"docker-image://r.co/company/pin@{digest}")],
            target.GetProperty("contexts").EnumerateObject().Select(link => (link.Name, link.Value.GetString())));
        Assert.True(target.GetProperty("pull").GetBoolean());
    }

    [Fact]
    public void A_base_means_the_image_of_the_run_with_any_tag()
    {
        var (plan, _) = Plan("os", new ContainerBuild { Context = "/os" }, "company/os:2.0");
        var (app, images) = Plan("app", new ContainerBuild { Context = "/app" }, "company/app:2.0", "company/os");
        var bases = new BuildBases([new BuildBase(ImageName.Parse("company/os"), ImageName.Parse("company/os:2.0"), BaseOrigin.Ours, null)], false);
        var dockerfiles = new Dockerfiles(new() { ["/os"] = [], ["/app"] = images });
        var targets = BakeTarget.Of([new GraphBuild(plan, []), new GraphBuild(app, []) { Bases = bases }], dockerfiles);
        Assert.Equal("target:os", targets[1].Links["company/os"]);
        Assert.Equal([0], targets[1].After);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, Relaxed);

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonElement Target(JsonDocument file, string name = "os") => file.RootElement.GetProperty("target").GetProperty(name);

    private static (RetagPlan Plan, string[] Images) Plan(
        string container, ContainerBuild build, string target = "company/os", params string[] images) =>
        (new RetagPlan { Container = container, Target = target, Build = build, Path = "/stack/crane.yaml" }, images);

    private static IEnumerable<BakeTarget> Linked(string dockerfile, string? stage)
    {
        using var folder = new TemporaryFolder();
        folder.Write("os/Dockerfile", "FROM scratch\n");
        folder.Write("app/Dockerfile", dockerfile);
        GraphBuild[] builds =
        [
            .. new[] { "base", "base:1" }.Select(name => new GraphBuild(
                Plan("", new ContainerBuild { Context = Path.Join(folder.Path, "os") }, name).Plan, [])),
            new(Plan("", new ContainerBuild { Context = Path.Join(folder.Path, "app"), Target = stage }, "app").Plan, []),
        ];
        return BakeTarget.Of(builds, new LocalDockerfiles(_ => null)).Where(target => target.Request == builds[^1]);
    }

    private static JsonDocument Write(bool isNamed, params (RetagPlan Plan, string[] Images)[] plans) => Write(
        isNamed,
        plans.ToDictionary(entry => entry.Plan.Build!.Context, entry => entry.Images),
        [.. plans.Select(entry => new GraphBuild(entry.Plan, []))]);

    private static JsonDocument Write(GraphBuild build, string[] images) => Write(false, new() { [build.Build.Context] = images }, [build]);

    private static JsonDocument Write(bool isNamed, Dictionary<string, string[]> images, IReadOnlyList<GraphBuild> builds)
    {
        var targets = BakeTarget.Of(builds, new Dockerfiles(images));
        var file = new BakeFile(name => name == "FROM_HERE" ? "${a} %{b}" : null);
        return JsonDocument.Parse(file.Write(targets, noCache: false, isNamed));
    }

    private sealed class Dockerfiles(Dictionary<string, string[]> images) : IDockerfiles
    {
        public DockerfileImages Read(ContainerBuild build) =>
            new(null, [.. images[build.Context].Select(image => new DockerfileImage(image, "Dockerfile", 1))]);
    }
}
