using Crane.Names;

namespace Crane.Core.Tests.Names;

public sealed class DigestTests
{
    [Theory]
    [InlineData("sha256", 64)]
    [InlineData("sha384", 96)]
    [InlineData("sha512", 128)]
    public void Reads_and_writes(string algorithm, int length)
    {
        var written = $"{algorithm}:{new string('a', length)}";

        Assert.True(Digest.TryParse(written, out var digest));
        Assert.Equal(algorithm, digest.Algorithm);
        Assert.Equal(new string('a', length), digest.Hex);
        Assert.Equal(written, digest.ToString());
    }

    [Theory]
    [InlineData("sha256", 63)]
    [InlineData("sha256", 65)]
    [InlineData("sha384", 64)]
    [InlineData("sha512", 96)]
    [InlineData("sha1", 40)]
    [InlineData("SHA256", 64)]
    [InlineData("sha256:", 64)]
    [InlineData("", 64)]
    public void Refuses_other_algorithms_and_lengths(string algorithm, int length) =>
        Assert.False(Digest.TryParse($"{algorithm}:{new string('a', length)}", out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData(":")]
    [InlineData("sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa１")]
    public void Refuses_what_is_no_digest(string? written) => Assert.False(Digest.TryParse(written, out _));

    [Fact]
    public void Equal_strings_are_equal_digests()
    {
        var written = "sha256:" + new string('a', 64);
        Assert.True(Digest.TryParse(written, out var one));
        Assert.True(Digest.TryParse(written, out var other));

        Assert.Equal(one, other);
    }
}
