using Crane.Adapters.Building;
using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>A Dockerfile that names its frontend has that one's grammar.</summary>
public sealed class FrontendTests
{
    [Theory]
    [InlineData("# syntax=edrevo/dockerfile-plus\nFROM company/os\nINCLUDE+ common\nCOPY --from=company/tool /t /t\n")]
    [InlineData("// syntax=edrevo/dockerfile-plus\nFROM company/os\nINCLUDE+ common\nCOPY --from=company/tool /t /t\n")]
    [InlineData("#!/usr/bin/env build\n# syntax = edrevo/dockerfile-plus:1 option\nFROM company/os\nINCLUDE+ common\nCOPY --from=company/tool /t /t\n")]
    [InlineData("# escape=`\n# syntax=docker/dockerfile:1.99\nFROM --new=x company/os\nFUTURE thing\nRUN --newer --mount=from=company/tool,target=/t make\n")]
    [InlineData("# SYNTAX=docker.io/docker/dockerfile:1-labs\nFROM company/os\nCOPY --newer=1 --from=company/tool /t /t\n")]
    [InlineData("# syntax=docker/dockerfile-upstream:master\nFUTURE before\nFROM company/os AS os\nFROM os\nONBUILD FUTURE\nCOPY --from=company/tool a b\n")]
    public void Extensions_of_the_frontend_are_ignored(string dockerfile) =>
        Assert.Equal(["company/os", "company/tool"], Dockerfile.Needed(dockerfile));

    [Theory]
    [InlineData("# syntax=edrevo/dockerfile-plus\nINCLUDE+ base\nRUN make\n")]
    [InlineData("# syntax=r.co/own/frontend\nFROM a b c d\n")]
    [InlineData("# syntax=r.co/own/frontend\nFROM UPPER/Case\n")]
    [InlineData("# syntax=r.co/own/frontend\nservices:\n  - image: a\n")]
    [InlineData("{\"syntax\": \"r.co/own/frontend\", \"from\": \"company/os\"}")]
    [InlineData("{\n  \"from\": \"company/os\",\n  \"syntax\": \"r.co/own/frontend\"\n}\n")]
    public void Extensions_of_another_frontend_make_the_bases_unknown(string dockerfile)
    {
        var bases = Dockerfile.Read(dockerfile);
        Assert.Empty(bases.NeededForTarget);
        Assert.Null(bases.Parent);
    }

    [Fact]
    public void A_target_that_only_another_frontend_knows_is_no_error() =>
        Assert.Empty(Dockerfile.Needed("# syntax=edrevo/dockerfile-plus\nFROM a\nINCLUDE+ stages\n", "included"));

    [Theory]
    [InlineData("# syntax=docker/dockerfile:1\nRUN make\n")]
    [InlineData("# syntax=docker/dockerfile:1\nFROM a b c d\n")]
    [InlineData("# syntax=docker/dockerfile:1\nFROM a\nCOPY only-one\n")]
    [InlineData("FROM a\nINCLUDE+ common\n")]
    [InlineData("FROM a\nCOPY --newer=1 a b\n")]
    [InlineData("# a comment\n# syntax=edrevo/dockerfile-plus\nFROM a\nINCLUDE+ common\n")]
    [InlineData("FROM a\n# syntax=edrevo/dockerfile-plus\nINCLUDE+ common\n")]
    [InlineData("{\"from\": \"company/os\"}")]
    [InlineData("{\"syntax\": [\"r.co/own/frontend\"]}")]
    public void The_known_grammar_stays_strict(string dockerfile) => Assert.Equal(CraneErrorId.BuildFailed, Dockerfile.Error(dockerfile).Id);

    [Theory]
    [InlineData("# syntax=edrevo/dockerfile-plus\nFROM a\n", "edrevo/dockerfile-plus")]
    [InlineData("// syntax=edrevo/dockerfile-plus\nFROM a\n", "edrevo/dockerfile-plus")]
    [InlineData("{\"syntax\": \"r.co/own/frontend\"}", "r.co/own/frontend")]
    [InlineData("# syntax=docker/dockerfile:1.99\nFROM a\nFUTURE thing\n", "FUTURE")]
    [InlineData("# syntax=docker/dockerfile:1.99\nFROM a\nCOPY --newer=1 a b\n", "COPY --newer")]
    [InlineData("# syntax=docker/dockerfile:1.99\nFROM --newer=1 a\n", "FROM --newer")]
    public void The_engines_own_builder_leaves_it_to_Buildx(string dockerfile, string what)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<CraneException>(
            () => SteppedDockerfile.Read(folder.Write("Dockerfile", dockerfile), new DockerfileOptions()));
        Assert.Equal(CraneErrorId.NotSupportedByBuilder, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("-Builder Buildx", error.RecommendedAction, StringComparison.Ordinal);
        Assert.NotNull(error.Location);
        var build = new ContainerBuild { Context = folder.Path };
        Assert.False(EngineLimits.CanBuild(build, ImageName.Parse("company/app"), _ => null));
    }

    [Fact]
    public void The_engines_own_builder_does_what_it_knows_under_any_version_of_dockers_frontend()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("Dockerfile", "# syntax=docker/dockerfile:1\nFROM company/os\nCOPY --from=company/tool a b\n");
        Assert.Equal(2, SteppedDockerfile.Read(path, new DockerfileOptions()).Images.Count);
    }
}
