namespace Crane.Adapters.Tests.Yaml;

public sealed class ComposeRulesTests
{
    [Theory]
    [InlineData("include: [other.yaml]\nservices: {a: {image: a}}", CraneErrorId.InvalidValue, "'include' is not read.")]
    [InlineData("services: {a: {extends: {file: other.yaml, service: b}}}", CraneErrorId.InvalidValue, "service 'a' extends one of another file")]
    [InlineData("services: {a: {extends: [b]}}", CraneErrorId.InvalidValue, "'extends' of service 'a' must be the name of a service")]
    [InlineData("services: {a: {extends: {}}}", CraneErrorId.InvalidValue, "'extends' of service 'a' must be the name of a service")]
    [InlineData("services: {a: {extends: {service: [b]}}}", CraneErrorId.InvalidValue, "'extends' of service 'a' must be the name of a service")]
    [InlineData("services: {a: {extends: bb}, b: {}}", CraneErrorId.UnknownContainer, "service 'a' extends 'bb', which does not exist")]
    [InlineData("services: {a: {extends: a}}", CraneErrorId.DependencyCycle, "service 'a' extends itself")]
    [InlineData("services: {a: {build: {secrets: [token]}}}", CraneErrorId.InvalidValue, "a secret of the build of 'a' is not one of")]
    [InlineData("services: {a: {build: {secrets: [{source: token}]}}}\nsecrets: {token: {}}", CraneErrorId.InvalidValue, "a secret of the build of 'a' is not one of")]
    [InlineData("services: {a: {pull: mine, x-crane: {pull: mine}}}", CraneErrorId.DuplicateKey, "container 'a' has 'pull' twice")]
    [InlineData("containers: {a: {push: false, x-crane: {push: mine}}}", CraneErrorId.DuplicateKey, "container 'a' has 'push' twice")]
    [InlineData("services: {a: {requires: [], x-crane: {requires: []}}}", CraneErrorId.DuplicateKey, "container 'a' has 'requires' twice")]
    [InlineData("services: {a: {build: {pull: {registry: r.co}}}}", CraneErrorId.UnknownKey, "has no key 'pull'. It belongs under 'containers.NAME'.")]
    [InlineData("services: {a: {build: {tags: {Skip: true}}}}", CraneErrorId.UnknownKey, "has no key 'tags'.")]
    [InlineData("services: {a: {image: a}}\nx-crane: {services: {}}", CraneErrorId.UnknownKey, "'x-crane' has no key 'services'.")]
    public void What_Crane_cannot_read_is_refused(string yaml, CraneErrorId id, string words)
    {
        var error = CraneFile.Error(yaml);

        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Location);
    }

    [Theory]
    [InlineData("include:\nservices: {a: {image: a}}")]
    [InlineData("include: [other.yaml]\ncontainers: {a: {image: a}}")]
    [InlineData("services: {a: {extends: b}, b: {image: b}, c: {extends: {service: b}}, d: {extends: }}")]
    [InlineData("services: {a: {build: {secrets: [token, {source: key, target: k}, 'id=a,env=A']}}}\nsecrets: {token: {file: t}, key: {environment: K}}")]
    [InlineData("services: {a: {pull: mine, x-crane: {push: mine}}, b: {push: mine, x-crane: }}")]
    public void What_it_reads_has_no_errors(string yaml) => Assert.Empty(CraneFile.Judge(yaml).Errors);

    [Fact]
    public void Keys_of_builds_that_Crane_does_not_have_are_one_warning()
    {
        var (errors, warnings) = CraneFile.Judge("services: {a: {build: {pull: true, tags: [x], ulimits: {nofile: 1}}}}");

        Assert.Empty(errors);
        Assert.EndsWith("builds without them: 'pull' (line 1), 'tags' (line 1), 'ulimits' (line 1).", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
