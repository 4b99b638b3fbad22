using Crane.Names;

namespace Crane.Core.Tests.Names;

public sealed class RetagTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("foo:1", null, null, "foo:1")]
    [InlineData("foo:1", "", "", "foo:1")]
    [InlineData("foo", "localhost", null, "localhost/foo")]
    [InlineData("foo", "[::1]:5000", null, "[::1]:5000/foo")]
    [InlineData("foo", "r.co/", null, "r.co/foo")]
    [InlineData("foo", "r.co:5000/a/b/", "me", "r.co:5000/a/b/me/foo")]
    [InlineData("foo", "docker.io", null, "foo")]
    [InlineData("foo", "index.docker.io", "me", "me/foo")]
    [InlineData("foo", "docker.io/acme", null, "acme/foo")]
    [InlineData("docker.io/library/ubuntu", null, "me", "docker.io/me/ubuntu")]
    [InlineData("docker.io/ubuntu", "r.co", null, "r.co/ubuntu")]
    [InlineData("library/ubuntu", "r.co", null, "r.co/library/ubuntu")]
    [InlineData("company/foo", null, "a/b", "a/b/foo")]
    [InlineData("reg.a.co/org/team/foo", null, "a/b", "reg.a.co/org/a/b/foo")]
    [InlineData("foo.com", null, "me", "me/foo.com")]
    [InlineData("foo.com:5000", "r.co", null, "r.co/foo.com:5000")]
    [InlineData("company/foo", "r.co", "first.last", "r.co/first.last/foo")]
    [InlineData("a/b/c", null, "first.last", "a/first.last/c")]
    [InlineData("company/foo@" + Digest, "r.co", null, "r.co/company/foo@" + Digest)]
    public void Remote_applies_user_then_registry(string image, string? registry, string? user, string expected) =>
        Assert.Equal(ImageName.Parse(expected), Retag.Remote(ImageName.Parse(image), registry, user));

    [Theory]
    [InlineData("https://r.co", "Remove 'https://'.")]
    [InlineData("HTTP://r.co:5000/acme/", "Remove 'HTTP://'.")]
    [InlineData("oci://r..co", "Remove 'oci://'. Check whether a variable in it is empty.")]
    [InlineData("https://proxy", "Remove 'https://'. If it is a host, add its port; if it is a user, use override_user.")]
    [InlineData("proxy", "If it is a host, add its port; if it is a user, use override_user.")]
    [InlineData("registry..company.co", "Check whether a variable in it is empty.")]
    [InlineData("r.co ", "Write a host such as 'registry.company.co', 'host:5000' or 'ghcr.io/acme'.")]
    [InlineData("r.co:0", "Write a host such as 'registry.company.co', 'host:5000' or 'ghcr.io/acme'.")]
    [InlineData("r.co/Acme", "Write the path in lower case.")]
    public void A_bad_registry_is_refused_with_advice(string registry, string advice)
    {
        var error = Refused(() => Retag.Remote(ImageName.Parse("company/foo"), registry, null));

        Assert.Equal(CraneErrorId.InvalidRegistry, error.Id);
        Assert.Equal(advice, error.RecommendedAction);
    }

    [Theory]
    [InlineData("/")]
    [InlineData(" ")]
    [InlineData("r.co//")]
    [InlineData("r.co//acme")]
    [InlineData("/acme")]
    [InlineData("r.co\n")]
    [InlineData("r.co:5000:latest")]
    [InlineData("r.co/acme:latest")]
    [InlineData("r.co/acme@" + Digest)]
    [InlineData("my_registry.co")]
    [InlineData("réseau.co")]
    public void What_is_no_registry_is_refused(string registry) => Assert.Equal(
        CraneErrorId.InvalidRegistry, Refused(() => Retag.Remote(ImageName.Parse("company/foo"), registry, null)).Id);

    [Theory]
    [InlineData("registry..company.co", "Registry 'registry..company.co' is not valid: registry host, position 10: a part between the dots is empty.")]
    [InlineData("r.co/a//b", "Registry 'r.co/a//b' is not valid: path, position 8: a component of the path is empty.")]
    [InlineData("proxy", "Registry 'proxy' is not valid: registry host, position 1: 'proxy' in front of a name reads as a user of Docker Hub; a host would be 'proxy:443'.")]
    [InlineData("TheHolm", "Registry 'TheHolm' is not valid: registry host, position 1: 'TheHolm' in front of a name reads as a user of Docker Hub; a host would be 'TheHolm:443'.")]
    [InlineData("proxy/acme/", "Registry 'proxy/acme/' is not valid: registry host, position 1: 'proxy' in front of a name reads as a user of Docker Hub; a host would be 'proxy:443/acme'.")]
    [InlineData("https://r.co", "Registry 'https://r.co' is not valid: registry host, position 1: a registry has no scheme; write 'r.co'.")]
    [InlineData("HTTP://r.co:5000/acme/", "Registry 'HTTP://r.co:5000/acme/' is not valid: registry host, position 1: a registry has no scheme; write 'r.co:5000/acme'.")]
    [InlineData("https://r..co", "Registry 'https://r..co' is not valid: registry host, position 1: a registry has no scheme.")]
    public void The_message_says_where_a_registry_is_wrong_and_what_to_write(string registry, string message) =>
        Assert.Equal(message, Refused(() => Retag.Remote(ImageName.Parse("company/foo"), registry, null)).Message);

    [Theory]
    [InlineData("https://bob:hunter2@r.co")]
    [InlineData("https://bob:hunter/2@r.co")]
    [InlineData("bob:hunter2@r.co")]
    [InlineData("bob:hunter2@localhost:5000")]
    [InlineData("bob:hunter2@proxy")]
    [InlineData("hunter2@proxy")]
    [InlineData("bob/hunter2@proxy")]
    public void A_password_in_a_registry_is_never_shown(string registry)
    {
        var error = Refused(() => Retag.Remote(ImageName.Parse("company/foo"), registry, null));

        Assert.Equal(CraneErrorId.InvalidRegistry, error.Id);
        Assert.Contains("***@", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Me", "write 'me'")]
    [InlineData("team/Me", "write 'team/me'")]
    [InlineData("ME!", null)]
    [InlineData("me/", null)]
    [InlineData("/me", null)]
    [InlineData("me:1", null)]
    [InlineData("me ", null)]
    [InlineData("_me", null)]
    [InlineData("É", null)]
    public void A_bad_user_is_refused_and_lower_case_offered_where_that_helps(string user, string? offer)
    {
        var error = Refused(() => Retag.Remote(ImageName.Parse("company/foo"), "r.co", user));

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.StartsWith($"override_user '{user}' is not valid: path, position ", error.Message, StringComparison.Ordinal);
        Assert.Equal(offer is not null, error.Message.Contains("write '", StringComparison.Ordinal));
        Assert.Contains(offer ?? "", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo", "first.last")]
    [InlineData("company/foo", "registry.company.co")]
    [InlineData("company/foo", "localhost/me")]
    public void A_user_that_would_be_read_as_a_registry_is_refused(string image, string user)
    {
        var error = Refused(() => Retag.Remote(ImageName.Parse(image), null, user));

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.Contains("reads as a registry", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_grows_too_long_is_refused()
    {
        var image = ImageName.Parse("r.co/u/" + new string('a', 253));

        Assert.Equal(CraneErrorId.InvalidImageName, Refused(() => Retag.Remote(image, null, "me")).Id);
        Assert.Equal(CraneErrorId.InvalidImageName, Refused(() => Retag.Remote(image, "r.co/x", null)).Id);
        Assert.Equal(255, Retag.Remote(image, "other.co", "v").Repository.Length);
    }

    [Fact]
    public void The_library_that_docker_hub_implies_counts_too()
    {
        var image = ImageName.Parse("r.co/" + new string('a', 250));

        Assert.Equal(CraneErrorId.InvalidImageName, Refused(() => Retag.Remote(image, "docker.io", null)).Id);
    }

    [Theory]
    [InlineData("company/foo", "company/foo")]
    [InlineData("r.co/foo:1", "r.co/foo:1")]
    [InlineData("r.co/foo:1@" + Digest, "r.co/foo:1")]
    public void Local_is_the_name_without_its_digest(string image, string expected) =>
        Assert.Equal(expected, Retag.Local(ImageName.Parse(image)).ToString());

    [Fact]
    public void A_digest_alone_is_no_local_name()
    {
        var error = Refused(() => Retag.Local(ImageName.Parse("company/foo@" + Digest)));

        Assert.Equal(CraneErrorId.DigestWithoutTag, error.Id);
        Assert.EndsWith($"write 'company/foo:TAG@{Digest}'.", error.Message, StringComparison.Ordinal);
    }

    private static CraneException Refused(Action action) => Assert.Throws<CraneException>(action);

    [Theory]
    [InlineData("bob:s3cret@r.co")]
    [InlineData("bob:s3cret@x")]
    public void Credentials_in_place_of_a_user_are_masked(string user)
    {
        var error = Assert.Throws<CraneException>(() => Retag.Remote(ImageName.Parse("company/foo"), "r.co", user));

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }
}
