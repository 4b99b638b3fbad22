using Crane.Adapters.Registry.Http;
using CsCheck;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Challenges as registries write them, and as RFC 9110 allows them.</summary>
public sealed class ChallengeReaderTests
{
    [Theory]
    [InlineData(
        "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:library/busybox:pull,push\"",
        "Bearer realm=https://auth.docker.io/token service=registry.docker.io scope=repository:library/busybox:pull,push")]
    [InlineData("bearer REALM=\"https://r/t\"", "bearer REALM=https://r/t")]
    [InlineData("Basic realm=\"a\\\"b\\\\c, d\"", "Basic realm=a\"b\\c, d")]
    [InlineData("Basic realm = \"a\" , charset=\"UTF-8\"", "Basic realm=a charset=UTF-8")]
    [InlineData("Bearer realm=https://r/t?a=b,service=s", "Bearer realm=https://r/t?a=b service=s")]
    [InlineData("Basic realm=\"r\", Bearer realm=\"https://r/t\",service=s", "Basic realm=r|Bearer realm=https://r/t service=s")]
    [InlineData("Negotiate, Basic realm=\"r\"", "Negotiate|Basic realm=r")]
    [InlineData("Negotiate a87421000492aa874209af8bc028==, Basic realm=\"r\"", "Negotiate a87421000492aa874209af8bc028==|Basic realm=r")]
    [InlineData(",, Basic realm=\"r\",", "Basic realm=r")]
    [InlineData("Basic", "Basic")]
    [InlineData("Basic realm=\"\"", "Basic realm=")]
    [InlineData("Basic realm=\"never ends", "Basic")]
    [InlineData("Basic realm=\"ends in an escape\\", "Basic")]
    [InlineData("realm=\"of nothing\"", "")]
    [InlineData("=", "")]
    [InlineData("", "")]
    public void Header_is_read(string header, string expected) => Assert.Equal(expected, Show(ChallengeReader.Read([header])));

    [Fact]
    public void Several_headers_are_read() =>
        Assert.Equal("Negotiate|Basic realm=r", Show(ChallengeReader.Read(["Negotiate", "Basic realm=\"r\""])));

    [Fact]
    public void Of_a_repeated_parameter_the_first_value_counts() =>
        Assert.Equal("a", ChallengeReader.Read(["Basic realm=a, realm=b"])[0].Realm);

    [Fact]
    public void Any_value_comes_back_as_it_was_quoted() => Gen.String.Where(value => value.Length < 200).Sample(value =>
    {
        var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var challenges = ChallengeReader.Read([$"Basic realm=\"r\", Bearer realm=\"{quoted}\", service=s"]);
        return challenges.Count == 2 && challenges[1].Realm == value && challenges[1].Service == "s";
    });

    [Fact]
    public void Any_text_is_read_to_its_end() =>
        Gen.String[Gen.Char["\"\\=, ab"], 0, 40].Sample(value => ChallengeReader.Read([value]).Count <= value.Length);

    private static string Show(IEnumerable<Challenge> challenges) => string.Join('|', challenges.Select(challenge =>
        string.Join(' ', challenge.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}").Prepend(challenge.Scheme))));
}
