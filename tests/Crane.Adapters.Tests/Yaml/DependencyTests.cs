using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class DependencyTests
{
    [Theory]
    [InlineData("requires: [db]")]
    [InlineData("depends_on: [db]")]
    [InlineData("depends_on: {db: {condition: service_healthy}}")]
    [InlineData("links: [db]")]
    [InlineData("link: ['db:database']")]
    [InlineData("volumes-from: ['db:ro']")]
    [InlineData("volumes_from: [db]")]
    [InlineData("net: 'container:db'")]
    [InlineData("network_mode: 'service:db'")]
    [InlineData("run: {link: ['db:database']}")]
    [InlineData("run: {volumes-from: [db]}")]
    [InlineData("run: {net: 'container:db'}")]
    [InlineData("links: ['${NAME}:x']")]
    [InlineData("requires: ['${NAME}', db]")]
    public void Each_key_puts_what_it_names_first(string key)
    {
        var containers = CraneFile.Containers($"containers:\n  web:\n    image: web\n    {key}\n  db: {{image: db}}\n", "NAME=db");

        Assert.Equal(["db", "web"], containers.Select(container => container.Name));
        Assert.Equal(["db"], containers[1].Requires);
    }

    [Theory]
    [InlineData("links: ['${NO}:x']")]
    [InlineData("links: ['${NO!}']")]
    [InlineData("links: {a: b}")]
    [InlineData("links: 5")]
    [InlineData("depends_on: [gone, [db]]")]
    [InlineData("net: host")]
    [InlineData("net: 'container:'")]
    [InlineData("volumes_from: ['container:db']")]
    [InlineData("external_links: [db]")]
    [InlineData("requires: [gone]")]
    public void Unknown_name_is_neither_an_edge_nor_an_error(string key)
    {
        var containers = CraneFile.Containers($"containers:\n  web:\n    image: web\n    {key}\n  db: {{image: db}}\n");

        Assert.Equal(["web", "db"], containers.Select(container => container.Name));
        Assert.Empty(containers[0].Requires);
    }

    [Fact]
    public void Ties_keep_the_order_of_the_file() => Assert.Equal(
        ["a", "c", "d", "b", "e"],
        CraneFile.Containers("""
            containers:
              a: {image: a}
              b: {image: b, requires: [d]}
              c: {image: c}
              d: {image: d, requires: [c]}
              e: {image: e}
            """).Select(container => container.Name));

    [Theory]
    [InlineData(false, false, new[] { "web" })]
    [InlineData(true, false, new[] { "os", "db", "web" })]
    [InlineData(false, true, new[] { "web", "proxy" })]
    [InlineData(true, true, new[] { "os", "db", "web", "cert", "proxy" })]
    public void Dependencies_and_dependents_come_on_request(bool dependency, bool dependent, string[] expected) =>
        AssertSelected(expected, new SelectionRequest { Name = ["web"], WithDependency = dependency, WithDependent = dependent });

    [Fact]
    public void Excluded_dependency_brings_nothing_behind_it() =>
        AssertSelected(["web"], new SelectionRequest { Name = ["web"], WithDependency = true, Exclude = ["db"] });

    [Fact]
    public void Undeclared_dependency_is_an_error_with_its_location()
    {
        var result = CraneFile.Select(
            "containers:\n  web:\n    image: web\n    requires: [db]\n", new SelectionRequest { WithDependency = true });

        Assert.Equal(["web"], result.Containers.Select(container => container.Name));
        var error = Assert.Single(result.Errors);
        Assert.Equal((CraneErrorId.UnknownContainer, 4), (error.Id, error.Location!.Line));
    }

    [Fact]
    public void Variable_in_requires_must_be_set()
    {
        var result = CraneFile.Select("containers:\n  web: {image: web, requires: ['${NO}']}\n");

        Assert.Empty(result.Containers);
        Assert.Equal(CraneErrorId.UndefinedVariable, Assert.Single(result.Errors).Id);
    }

    [Fact]
    public void Cycle_is_an_error_that_shows_the_path_and_the_rest_goes_on()
    {
        var result = CraneFile.Select("""
            containers:
              behind: {image: x, requires: [a]}
              a: {image: a, requires: [b]}
              b: {image: b, links: [c]}
              c: {image: c, depends_on: [a, free]}
              free: {image: free}
            """);

        Assert.Equal(["free"], result.Containers.Select(container => container.Name));
        var error = Assert.Single(result.Errors);
        Assert.Equal(CraneErrorId.DependencyCycle, error.Id);
        Assert.Contains("a -> b -> c -> a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Container_that_needs_itself_is_a_cycle() => Assert.Contains(
        "a -> a",
        Assert.Single(CraneFile.Select("containers: {a: {image: a, requires: [a]}}").Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Each_cycle_is_an_error_of_its_own() => Assert.Equal(
        [CraneErrorId.DependencyCycle, CraneErrorId.DependencyCycle],
        CraneFile.Select("""
            containers:
              a: {image: a, requires: [b]}
              b: {image: b, requires: [a]}
              c: {image: c, requires: [d]}
              d: {image: d, requires: [c]}
            """).Errors.Select(error => error.Id));

    [Fact]
    public void Cycle_outside_of_the_selection_is_no_error()
    {
        var result = CraneFile.Select(
            "containers: {a: {image: a, requires: [b]}, b: {image: b, requires: [a]}}", new SelectionRequest { Name = ["a"] });

        Assert.Empty(result.Errors);
        Assert.Equal(["a"], result.Containers.Select(container => container.Name));
    }

    private static void AssertSelected(IEnumerable<string> expected, SelectionRequest request)
    {
        var result = CraneFile.Select(
            """
            containers:
              proxy: {image: proxy, requires: [web, cert]}
              os: {image: os}
              db: {image: db, requires: [os]}
              web: {image: web, requires: [db]}
              cert: {image: cert}
            """,
            request);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Containers.Select(container => container.Name));
    }

    [Fact]
    public void What_is_built_on_what_counts_where_it_is_known()
    {
        const string Stack = """
            containers:
              service: {image: company/service, build: service}
              os: {image: "company/os:${TAG}", build: os}
              base: {image: base}
              other: {image: other, build: "${UNSET}"}
              empty: {image: base, build: empty}
            """;
        IReadOnlyList<string> BasesOf(ContainerBuild build) =>
            Path.GetFileName(build.Context) switch
            {
                "service" => ["docker.io/company/os:1", "elsewhere"],
                "os" => ["base"],
                _ => throw new CraneException(CraneErrorId.BuildFailed, "no Dockerfile"),
            };

        IEnumerable<string> Selected(SelectionRequest request) =>
            CraneFile.Select(Stack, request with { BasesOf = BasesOf }, "TAG=1").Containers.Select(container => container.Name);

        Assert.Equal(["service", "os", "base", "empty"], Selected(new() { Name = ["service"], WithDependency = true }));
        Assert.Equal(["service", "os"], Selected(new() { Name = ["service"], WithDependency = true, Exclude = ["base", "empty"] }));
        Assert.Equal(["service", "os", "base"], Selected(new() { Name = ["base"], WithDependent = true }));
        Assert.Equal(["service"], Selected(new() { Name = ["service"] }));
    }
}
