using Crane.Planning;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Errors that are found when a container is planned say where in the file the wrong value is.</summary>
public sealed class LocatedErrorTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("image: 'Company/${V}'", RetagOperation.Pull, CraneErrorId.InvalidImageName, 13, "'image' of container 'web' (from ${V}): Image name 'Company/a..b'")]
    [InlineData("image: TheHolm/app", RetagOperation.Build, CraneErrorId.InvalidImageName, 13, "write 'theholm/app'.")]
    [InlineData($"image: 'os@{Digest}'", RetagOperation.Pull, CraneErrorId.DigestWithoutTag, 13, "'image' of container 'web': Image 'os@")]
    [InlineData("image: os, pull: {registry: 'r.${V}.co'}", RetagOperation.Pull, CraneErrorId.InvalidRegistry, 34, "'pull.registry' of container 'web' (from ${V}): Registry 'r.a..b.co'")]
    [InlineData("image: os, push: {registry: '${W}-${V}'}", RetagOperation.Push, CraneErrorId.InvalidRegistry, 34, "'push.registry' of container 'web' (from ${W}, ${V}): Registry 'w-a..b'")]
    [InlineData("image: os, push: {registry: r.co, override_user: '${V}'}", RetagOperation.Push, CraneErrorId.InvalidImageName, 55, "'push.override_user' of container 'web' (from ${V}): ")]
    [InlineData("image: os, pull: {override_user: Me}", RetagOperation.Pull, CraneErrorId.InvalidImageName, 39, "'pull.override_user' of container 'web': ")]
    [InlineData("image: os, push: {registry: r.co, tag: [ok, 'not ok']}", RetagOperation.Push, CraneErrorId.InvalidImageName, 50, "'push.tag' of container 'web': Tag 'not ok'")]
    [InlineData("push: {registry: r.co}", RetagOperation.Push, CraneErrorId.MissingImage, 3, "Container 'web' has no image.")]
    public void A_value_that_cannot_be_planned_has_its_location(
        string keys, RetagOperation operation, CraneErrorId id, int column, string words)
    {
        var built = operation == RetagOperation.Build ? ", build: ." : "";
        var selected = CraneFile.Select($"containers:\n  web:\n    {{{keys}{built}}}\n", null, "V=a..b", "W=w");

        Assert.Empty(selected.Errors);
        var error = Assert.Single(Planner.Plan(selected.Containers, operation).Errors);
        var line = id == CraneErrorId.MissingImage ? 2 : 3;
        Assert.Equal((id, CraneFile.FilePath, line, column), (error.Id, error.Location!.File, error.Location.Line, error.Location.Column));
        Assert.StartsWith($"{CraneFile.FilePath}:{line}:{column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(selected.Containers[0], error.Subject);
    }

    [Theory]
    [InlineData(RetagOperation.Push, 1, "'push.registry' of container 'a' (from ${R}): 'a' and 'b' would both push to r.co/me/nginx (from acme/nginx, acmeim/nginx)")]
    [InlineData(RetagOperation.Build, 3, "'image' of container 'c': 'c' and 'd' would both build portal in different ways")]
    public void A_conflict_has_the_location_of_what_decides_the_target(RetagOperation operation, int line, string words)
    {
        var containers = CraneFile.Containers(
            """
            containers: {a: {image: acme/nginx, push: {registry: '${R}', override_user: me}},
              b: {image: acmeim/nginx, push: {registry: '${R}', override_user: me}},
              c: {image: portal, build: one}, d: {image: portal, build: two}}
            """, "R=r.co");

        var errors = TargetConflicts.TakeOut(Planner.Plan(containers, operation).Plans).Errors;

        Assert.Equal(2, errors.Count);
        Assert.Contains(words, errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(line, errors[0].Location!.Line);
        Assert.IsType<RetagPlan>(errors[0].Subject);
    }

    [Fact]
    public void Locations_of_values_are_not_part_of_a_container()
    {
        var (one, other) = (CraneFile.Container("containers: {c: {image: a}}"), CraneFile.Container("containers: {c: {image:    a}}"));

        Assert.NotSame(one.Origin, other.Origin);
        Assert.Equal(one.Origin, other.Origin);
    }
}
