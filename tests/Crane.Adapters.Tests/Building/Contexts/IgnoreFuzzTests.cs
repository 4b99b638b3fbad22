using Crane.Adapters.Contexts;
using CsCheck;

namespace Crane.Adapters.Tests.Building;

public sealed class IgnoreFuzzTests
{
    private static readonly Gen<string> Pattern = Gen
        .OneOf("a", "b", "a.b", "*", "**", "**/", "?", "/", "[ab]", "[^b]", "[a-c]", @"\*", @"\?", ".log", "é")
        .Array[1, 7].Select(string.Concat).Where(pattern => pattern != "/" && !pattern.Contains("//", StringComparison.Ordinal));

    private static readonly Gen<string[]> Lines =
        Gen.Select(Gen.OneOf("", "", "!"), Pattern).Select((mark, pattern) => mark + pattern).Array[1, 5];

    private static readonly Gen<string> Path =
        Gen.OneOf("a", "b", "c", "ab", "a.b", "x.log", ".log", "é", "*", "?", "aé")
            .Array[1, 4].Select(parts => string.Join('/', parts));

    [Fact]
    public void Rules_agree_with_the_straightforward_reading() =>
        Gen.Select(Lines, Path).Sample(
            (lines, path) => Assert.Equal(
                new MobyPatterns(lines).Ignores(path), IgnoreFile.Parse(string.Join('\n', lines), "f").Ignores(path)),
            iter: 10_000);

    [Fact]
    public void Walk_skips_only_what_is_ignored() =>
        Gen.Select(Lines, Path).Sample(
            (lines, path) =>
            {
                var rules = IgnoreFile.Parse(string.Join('\n', lines), "f");
                Assert.True(Walked.Reaches(rules, path) || Walked.Ignores(rules, path));
            },
            iter: 10_000);

    [Fact]
    public void Any_string_is_rules_or_a_declared_error() =>
        Gen.OneOf(Gen.String["ab*?/!\\[]^-{}|(),:$.+\n\r\t #12dQEpx\u00E9\uD83D\uFEFF"], Gen.String)
            .Sample(
                ignoreFile =>
                {
                    try
                    {
                        IgnoreFile.Parse(ignoreFile, "f").Ignores("a/b");
                    }
                    catch (CraneException error)
                    {
                        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
                        Assert.NotNull(error.Location);
                    }
                },
                iter: 2_000);
}
