using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class SelectionTests
{
    private const string Stack = """
        containers:
          os: {image: company/os}
          service: {image: company/service}
          server: {image: company/server}
          tools: {image: company/tools}
        groups:
          core: [os, service]
          tools: [server]
          broken: [os, gone]
          empty: []
          nothing:
        """;

    [Theory]
    [InlineData(new[] { "os" }, new[] { "os" })]
    [InlineData(new[] { "service", "os" }, new[] { "os", "service" })]
    [InlineData(new[] { "serv*" }, new[] { "service", "server" })]
    [InlineData(new[] { "SERV*" }, new[] { "service", "server" })]
    [InlineData(new[] { "OS" }, new[] { "os" })]
    [InlineData(new[] { "x*" }, new string[0])]
    [InlineData(new[] { "core" }, new[] { "os", "service" })]
    [InlineData(new[] { "tools" }, new[] { "server" })]
    [InlineData(new[] { "tool?" }, new[] { "tools" })]
    [InlineData(new[] { "empty" }, new string[0])]
    [InlineData(new[] { "nothing" }, new string[0])]
    [InlineData(new[] { "os", "os", "core" }, new[] { "os", "service" })]
    [InlineData(new[] { "*" }, new[] { "os", "service", "server", "tools" })]
    public void Names_are_containers_groups_or_patterns(string[] names, string[] expected) =>
        AssertSelected(expected, new SelectionRequest { Name = names });

    [Fact]
    public void Without_names_everything_is_meant() =>
        AssertSelected(["os", "service", "server", "tools"], new SelectionRequest());

    [Theory]
    [InlineData("default: [b]", new[] { "b" })]
    [InlineData("default: []", new string[0])]
    [InlineData("default: ", new[] { "a", "b" })]
    public void Without_names_the_default_group_is_meant(string group, string[] expected)
    {
        var result = CraneFile.Select($"containers: {{a: {{image: a}}, b: {{image: b}}}}\ngroups:\n  {group}\n");

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Containers.Select(container => container.Name));
    }

    [Theory]
    [InlineData(new[] { "core" }, new[] { "os", "service" })]
    [InlineData(new[] { "c*", "tools" }, new[] { "os", "service", "server" })]
    [InlineData(new[] { "x*" }, new string[0])]
    public void Groups_are_names_or_patterns(string[] groups, string[] expected) =>
        AssertSelected(expected, new SelectionRequest { Group = groups });

    [Theory]
    [InlineData(new[] { "os" }, new[] { "service", "server", "tools" })]
    [InlineData(new[] { "core", "tool?" }, new[] { "server" })]
    [InlineData(new[] { "*" }, new string[0])]
    public void Excluded_names_groups_and_patterns_are_left_out(string[] excluded, string[] expected) =>
        AssertSelected(expected, new SelectionRequest { Exclude = excluded });

    [Theory]
    [InlineData("servce", "Did you mean 'service' or 'server'?")]
    [InlineData("cor", "Did you mean")]
    [InlineData("zzzzzz", "No container or group is called 'zzzzzz'.")]
    public void Unknown_name_is_an_error_with_near_matches(string name, string words)
    {
        var result = CraneFile.Select(Stack, new SelectionRequest { Name = [name, "os"] });

        var error = Assert.Single(result.Errors);
        Assert.Equal(CraneErrorId.UnknownContainer, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(["os"], result.Containers.Select(container => container.Name));
    }

    [Fact]
    public void Unknown_group_is_an_error_with_near_matches()
    {
        var error = Assert.Single(CraneFile.Select(Stack, new SelectionRequest { Group = ["croe"] }).Errors);

        Assert.Equal(CraneErrorId.UnknownGroup, error.Id);
        Assert.Contains("Did you mean 'core'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_exclusion_selects_nothing()
    {
        var result = CraneFile.Select(Stack, new SelectionRequest { Exclude = ["servise"] });

        Assert.Empty(result.Containers);
        Assert.Equal(CraneErrorId.UnknownContainer, Assert.Single(result.Errors).Id);
    }

    [Fact]
    public void Undeclared_member_is_an_error_at_its_location_and_the_others_are_selected()
    {
        var result = CraneFile.Select(Stack, new SelectionRequest { Name = ["broken"] });

        Assert.Equal(["os"], result.Containers.Select(container => container.Name));
        var error = Assert.Single(result.Errors);
        Assert.Equal((CraneErrorId.UnknownContainer, 9), (error.Id, error.Location!.Line));
        Assert.Contains("group 'broken' names 'gone'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_members_are_expanded()
    {
        const string yaml = """
            containers:
              ${STACK}_web: {image: web}
              ${STACK}_db: {image: db}
            groups:
              ${STACK}: ["${STACK}_db"]
            """;

        var result = CraneFile.Select(yaml, new SelectionRequest { Name = ["dev"] }, "STACK=dev");

        Assert.Empty(result.Errors);
        var container = Assert.Single(result.Containers);
        Assert.Equal("dev_db", container.Name);
        Assert.Equal(["dev"], container.Group);
    }

    [Fact]
    public void Name_that_cannot_be_expanded_affects_only_its_container()
    {
        const string yaml = "containers:\n  ${STACK}_web: {image: web}\n  db: {image: db}\n";

        var all = CraneFile.Select(yaml);
        var one = CraneFile.Select(yaml, new SelectionRequest { Name = ["db"] });

        Assert.Equal(["db"], all.Containers.Select(container => container.Name));
        Assert.Equal((CraneErrorId.UndefinedVariable, 2), (Assert.Single(all.Errors).Id, all.Errors[0].Location!.Line));
        Assert.Equal(["db"], one.Containers.Select(container => container.Name));
        Assert.Empty(one.Errors);
    }

    [Fact]
    public void Two_names_that_become_one_are_an_error_for_both()
    {
        var result = CraneFile.Select("containers: {\"${A}\": {image: x}, \"${B}\": {image: y}, c: {image: z}}", null, "A=web", "B=web");

        Assert.Equal(CraneErrorId.DuplicateKey, Assert.Single(result.Errors).Id);
        Assert.Equal(["c"], result.Containers.Select(container => container.Name));
    }

    [Fact]
    public void Names_for_completion_never_fail()
    {
        var stack = CraneFile.Stack("containers: {web: {}, \"${NO}_db\": {}, \"${\": {}, \"${S}\": {}}\ngroups: {g: , \"${NO}\": []}");

        Assert.Equal(["web", "${NO}_db", "${", "dev"], stack.ContainerNames(new GivenVariables("S=dev")));
        Assert.Equal(["g", "${NO}"], stack.GroupNames(new GivenVariables()));
    }

    private static void AssertSelected(IEnumerable<string> expected, SelectionRequest request)
    {
        var result = CraneFile.Select(Stack, request);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Containers.Select(container => container.Name));
    }
}
