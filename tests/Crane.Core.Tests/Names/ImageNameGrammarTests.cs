namespace Crane.Core.Tests.Names;

/// <summary>Rules of the distribution project's reference grammar, many from its own tests, beyond the vectors.</summary>
public sealed class ImageNameGrammarTests
{
    private const string Digest = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    [Theory]
    [InlineData("test_com", "docker.io", "library/test_com")]
    [InlineData("test.com:tag", "docker.io", "library/test.com")]
    [InlineData("foo_bar.com:8080", "docker.io", "library/foo_bar.com")]
    [InlineData("foo/foo_bar.com:8080", "docker.io", "foo/foo_bar.com")]
    [InlineData("LOCALDOMAIN/debian", "LOCALDOMAIN", "debian")]
    [InlineData("a-B/c", "a-B", "c")]
    [InlineData("sub-dom1.foo.com/bar/baz/quux:some-long-tag", "sub-dom1.foo.com", "bar/baz/quux")]
    [InlineData("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io", "test.example.com/my-app")]
    [InlineData("example.com/some_separator__underscore/myimage", "example.com", "some_separator__underscore/myimage")]
    [InlineData("0101.com/x", "0101.com", "x")]
    [InlineData("a.b.c.d.e/x", "a.b.c.d.e", "x")]
    [InlineData("a--b.c/x", "a--b.c", "x")]
    [InlineData("host:1/x", "host:1", "x")]
    [InlineData("host:65535/x", "host:65535", "x")]
    [InlineData("host:00080/x", "host:00080", "x")]
    [InlineData("[2001:db8::]:5000/repo", "[2001:db8::]:5000", "repo")]
    [InlineData("[2001:DB8::1]/repo", "[2001:DB8::1]", "repo")]
    [InlineData("docker.io/library/foo/bar", "docker.io", "library/foo/bar")]
    [InlineData("library/foo/bar", "docker.io", "library/foo/bar")]
    [InlineData("localhost", "docker.io", "library/localhost")]
    [InlineData("docker.io", "docker.io", "library/docker.io")]
    [InlineData("index.docker.io", "docker.io", "library/index.docker.io")]
    [InlineData("index.docker.io:443/x", "index.docker.io:443", "x")]
    [InlineData("r.co/foo__bar---baz.qux_1", "r.co", "foo__bar---baz.qux_1")]
    public void Is_valid(string reference, string registry, string repository)
    {
        var name = ImageName.Parse(reference);

        Assert.Equal(registry, name.Registry);
        Assert.Equal(repository, name.Repository);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/")]
    [InlineData(":")]
    [InlineData("@")]
    [InlineData(":justtag")]
    [InlineData("@" + Digest)]
    [InlineData(":1@" + Digest)]
    [InlineData("r.co/")]
    [InlineData("r.co/:1")]
    [InlineData("r.co//x")]
    [InlineData(":5000/x")]
    [InlineData(".co/x")]
    [InlineData("r..co/x")]
    [InlineData("r.co./x")]
    [InlineData("-r.co/x")]
    [InlineData("r-.co/x")]
    [InlineData("r.co-:5000/x")]
    [InlineData("my_registry.example.com/app")]
    [InlineData("host:99999999999999999999/x")]
    [InlineData("host:00000/x")]
    [InlineData("host:+1/x")]
    [InlineData("host: 1/x")]
    [InlineData("[]/x")]
    [InlineData("[]:80/x")]
    [InlineData("[::1/x")]
    [InlineData("[/x")]
    [InlineData("::1]/x")]
    [InlineData("[::1]x/x")]
    [InlineData("[::1]:/x")]
    [InlineData("[::1].co/x")]
    [InlineData("[fe80::1%eth0]:5000/repo")]
    [InlineData("[2001:db8:3:4::192.0.2.33]:5000/debian")]
    [InlineData("test:5000/Uppercase/lowercase:tag")]
    [InlineData("aa/asdf$$^/aa")]
    [InlineData("_docker/_docker")]
    [InlineData("docker_/docker_")]
    [InlineData("dock___er")]
    [InlineData("a_-b")]
    [InlineData("a._b")]
    [InlineData("foo@")]
    [InlineData("foo@sha256")]
    [InlineData("foo@sha256:")]
    [InlineData("foo@SHA256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("foo@" + Digest + "f")]
    [InlineData("foo@" + Digest + ":1")]
    [InlineData("foo:1 @" + Digest)]
    [InlineData("foo:1@2@" + Digest)]
    [InlineData("foo\u200b")]
    [InlineData("foo\u00a0")]
    [InlineData("\ufefffoo")]
    [InlineData("f\u043e\u043e")]
    [InlineData("\u212aelvin/x")]
    public void Is_not_valid(string? reference) => Assert.False(ImageName.TryParse(reference, out _));

    [Theory]
    [InlineData("r.co/", 255)]
    [InlineData("docker.io/", 247)]
    [InlineData("index.docker.io/", 247)]
    [InlineData("", 247)]
    [InlineData("docker.io/u/", 253)]
    [InlineData("library/", 247)]
    public void A_path_has_at_most_255_characters_with_what_is_implied(string start, int room)
    {
        Assert.True(ImageName.TryParse(start + new string('a', room) + ":tag@" + Digest, out _));
        Assert.False(ImageName.TryParse(start + new string('a', room + 1) + ":tag@" + Digest, out _));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a-")]
    [InlineData("a_")]
    [InlineData("a/")]
    [InlineData("a.b/")]
    [InlineData("-")]
    [InlineData("[")]
    [InlineData("a:")]
    [InlineData("a@")]
    [InlineData("a@sha256:")]
    [InlineData("h:1")]
    public void Time_is_linear_so_a_million_repeats_are_read_at_once(string repeated)
    {
        var reference = string.Concat(Enumerable.Repeat(repeated, 1_000_000));

        Assert.False(ImageName.TryParse(reference, out _));
        Assert.False(ImageName.TryParse(reference + "/x", out _));
        Assert.False(ImageName.TryParse("x:" + reference, out _));
    }
}
