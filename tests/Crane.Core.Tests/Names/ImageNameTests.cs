namespace Crane.Core.Tests.Names;

public sealed class ImageNameTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Hex64 = "3b1f6c0d9e8a74525f0e1d2c3b4a59687786a5b4c3d2e1f00f1e2d3c4b5a6978";

    [Theory]
    [InlineData("ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("company/foo:1", "docker.io/company/foo:1")]
    [InlineData("index.docker.io/ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("r.co:5000/foo", "r.co:5000/foo:latest")]
    [InlineData("foo@" + Digest, "docker.io/library/foo@" + Digest)]
    [InlineData("foo:1@" + Digest, "docker.io/library/foo:1@" + Digest)]
    public void FullName_spells_everything_out(string reference, string expected) =>
        Assert.Equal(expected, ImageName.Parse(reference).FullName);

    [Theory]
    [InlineData("ubuntu", "docker.io/library/ubuntu:latest")]
    [InlineData("ubuntu", "index.docker.io/ubuntu")]
    [InlineData("library/ubuntu:latest", "ubuntu")]
    [InlineData("r.co/foo:latest", "r.co/foo")]
    public void Names_that_mean_the_same_are_equal(string left, string right)
    {
        var (one, other) = (ImageName.Parse(left), ImageName.Parse(right));

        Assert.Equal(one, other);
        Assert.True(one == other);
        Assert.False(one != other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [InlineData("ubuntu", "ubuntu:24.04")]
    [InlineData("foo@" + Digest, "foo:latest@" + Digest)]
    [InlineData("foo", "localhost/foo")]
    [InlineData("R.co/foo", "r.co/foo")]
    [InlineData("r.co/foo", "r.co:443/foo")]
    [InlineData("foo:a", "foo:A")]
    public void Names_that_mean_different_things_are_not_equal(string left, string right)
    {
        Assert.NotEqual(ImageName.Parse(left), ImageName.Parse(right));
        Assert.True(ImageName.Parse(left) != ImageName.Parse(right));
    }

    [Fact]
    public void A_name_is_nothing_else()
    {
        var name = ImageName.Parse("foo");

        Assert.False(name.Equals((object)"foo"));
        Assert.False(name.Equals(null));
        Assert.False(name == null);
    }

    [Theory]
    [InlineData("ubuntu", "ubuntu")]
    [InlineData("docker.io/library/ubuntu:latest", "ubuntu:latest")]
    [InlineData("r.co/foo:1@" + Digest, "r.co/foo:1@" + Digest)]
    [InlineData("docker.io/localhost/x", "docker.io/localhost/x")]
    [InlineData("docker.io/first.last/x:1", "docker.io/first.last/x:1")]
    [InlineData("docker.io/library/first.last", "first.last")]
    [InlineData("docker.io/index.docker.io/x", "docker.io/index.docker.io/x")]
    [InlineData("docker.io/" + Hex64, "docker.io/library/" + Hex64)]
    [InlineData("docker.io/" + Hex64 + ":1", Hex64 + ":1")]
    [InlineData("docker.io/" + Hex64 + "@" + Digest, Hex64 + "@" + Digest)]
    public void The_familiar_name_is_shown_unless_it_would_be_read_as_another(string reference, string expected) =>
        Assert.Equal(expected, ImageName.Parse(reference).ToString());

    [Theory]
    [InlineData("ubuntu", null, "ubuntu")]
    [InlineData("docker.io/library/ubuntu", "docker.io", "library/ubuntu")]
    [InlineData("index.docker.io/ubuntu", "index.docker.io", "ubuntu")]
    [InlineData("r.co/a/b", "r.co", "a/b")]
    public void What_was_written_is_kept(string reference, string? registry, string path)
    {
        var written = ImageName.Parse(reference).Parts;

        Assert.Equal(registry, written.WrittenRegistry);
        Assert.Equal(path, written.WrittenPath);
        Assert.Equal(reference, written.ToString());
    }

    [Theory]
    [InlineData("foo", "latest")]
    [InlineData("foo:1", "1")]
    [InlineData("foo:1@" + Digest, "1")]
    [InlineData("foo@" + Digest, null)]
    public void A_missing_tag_is_latest_unless_a_digest_says_more(string reference, string? expected) =>
        Assert.Equal(expected, ImageName.Parse(reference).TagOrDefault);

    [Theory]
    [InlineData("foo", "foo:2")]
    [InlineData("r.co/foo:1", "r.co/foo:2")]
    [InlineData("foo:1@" + Digest, "foo:2@" + Digest)]
    public void WithTag_replaces_the_tag_alone(string reference, string expected) =>
        Assert.Equal(expected, ImageName.Parse(reference).WithTag("2").ToString());

    [Fact]
    public void WithTag_refuses_what_is_no_tag()
    {
        var error = Assert.Throws<CraneException>(() => ImageName.Parse("foo").WithTag("1 2"));

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.Equal("Tag '1 2' is not valid: tag, position 2: ' ' is not allowed in a tag.", error.Message);
    }

    [Fact]
    public void WithoutDigest_keeps_the_rest()
    {
        Assert.Equal("r.co/foo:1", ImageName.Parse("r.co/foo:1@" + Digest).WithoutDigest().ToString());
        Assert.Equal("r.co/foo:1", ImageName.Parse("r.co/foo:1").WithoutDigest().ToString());
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("_", true)]
    [InlineData("v1.0-rc_1", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-1", false)]
    [InlineData(".1", false)]
    [InlineData("1\n", false)]
    [InlineData("1:2", false)]
    [InlineData("１", false)]
    public void IsValidTag_knows_a_tag(string? tag, bool expected) => Assert.Equal(expected, ImageName.IsValidTag(tag));

    [Fact]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.True(ImageName.IsValidTag(new string('a', 128)));
        Assert.False(ImageName.IsValidTag(new string('a', 129)));
    }
}
