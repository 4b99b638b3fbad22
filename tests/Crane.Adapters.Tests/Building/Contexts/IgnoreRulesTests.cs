using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("/a/", "a/b", true)]
    [InlineData("./a/../b", "b", true)]
    [InlineData("  a  ", "a", true)]
    [InlineData("a b", "a b", true)]
    [InlineData("a\r\nb\r\n", "a", true)]
    [InlineData("#a", "#a", false)]
    [InlineData(" #a", "#a", true)]
    [InlineData(@"\#a", "#a", true)]
    [InlineData("\uFEFF#a", "#a", false)]
    [InlineData("\uFEFFa", "a", true)]
    [InlineData("*", "a/b", true)]
    [InlineData("*/*", "a", false)]
    [InlineData("**", "a", true)]
    [InlineData("a**", "abc/d", true)]
    [InlineData("a**b", "axb", false)]
    [InlineData("a**b", "ab", true)]
    [InlineData("a**b", "ax/b", true)]
    [InlineData("**/a*", "b/c/ab", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("?", "a", true)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("??", "é", false)]
    [InlineData("?", "😀", true)]
    [InlineData("??", "😀", false)]
    [InlineData("[😀-😂]*", "😁", true)]
    [InlineData("[😀-😂]*", "😃", false)]
    [InlineData("[^a]*", "😀", true)]
    [InlineData("[!a]", "!", true)]
    [InlineData("[^a]", "b", true)]
    [InlineData("[^a]", "a", false)]
    [InlineData("x[^a]y", "x/y", true)]
    [InlineData(@"[\]]", "]", true)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData(".", "a", false)]
    [InlineData("/", "a", false)]
    [InlineData("..", "a", false)]
    [InlineData("../a", "a", false)]
    [InlineData("A", "a", false)]
    public void Pattern_matches_a_path(string ignore, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, Rules(ignore).Ignores(path));

    // Their authors hardly mean this, but moby's patterns are Go's regular expressions in disguise.
    [Theory]
    [InlineData(@"v\d", "v7", true)]
    [InlineData(@"v\d", "vd", false)]
    [InlineData("a{2}*", "aab", true)]
    [InlineData("a{2}", "aa", false)]
    [InlineData("x|y*", "xa", true)]
    [InlineData("x|y", "x", false)]
    [InlineData("[[:digit:]]", "7", true)]
    [InlineData("^a*", "ab", true)]
    [InlineData("b^a*", "b^a", false)]
    [InlineData("[*]", "[]", true)]
    [InlineData(@"\Qa", "a$b", true)]
    public void Pattern_means_what_it_means_to_moby(string ignore, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, Rules(ignore).Ignores(path));

    [Theory]
    [InlineData("a\n!a", "a", false)]
    [InlineData("!a\na", "a", true)]
    [InlineData("a\n!a/b", "a/b/c", false)]
    [InlineData("a\n!a/b", "a/c", true)]
    [InlineData("a\n!a/b\na/b/c", "a/b/c", true)]
    [InlineData("a\n! a ", "a", false)]
    [InlineData("a\n/!a", "a", false)]
    [InlineData("*\n!!a", "!a", false)]
    public void Last_rule_that_matches_decides(string ignore, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, Rules(ignore).Ignores(path));

    [Fact]
    public void Exception_for_a_folder_does_not_reinclude_its_ignored_content()
    {
        var rules = Rules("a/b\n!a");

        Assert.True(Walked.Ignores(rules, "a/b"));
        Assert.False(Walked.Ignores(rules, "a/c"));
    }

    [Theory]
    [InlineData("a", "a", false)]
    [InlineData("a\n!a/b/c", "a", true)]
    [InlineData("a\n!a/b/c", "a/b", true)]
    [InlineData("a\n!a/b/c", "a/d", false)]
    [InlineData("*\n!b", "a", false)]
    [InlineData("*\n!**/c", "a", true)]
    [InlineData("*\n!*/c", "a", true)]
    [InlineData("*\n!*/c", "a/b", false)]
    [InlineData("*\n!a*/c/?", "b", false)]
    [InlineData("*\n!a/**", "b", false)]
    [InlineData("!a/b\na", "a", false)]
    [InlineData("*\n!x|y*", "a", true)]
    public void Ignored_folder_is_read_only_for_what_may_be_reincluded(string ignore, string folder, bool isLookedInto)
    {
        var rules = Rules(ignore);
        var verdict = folder.Split('/').Index().Aggregate(rules.Root, (above, part) =>
            rules.Judge(string.Join('/', folder.Split('/')[..(part.Index + 1)]), above));

        Assert.True(verdict.IsIgnored);
        Assert.Equal(isLookedInto, rules.CouldReinclude(folder, verdict));
    }

    [Theory]
    [InlineData("[", "'[' is not closed")]
    [InlineData("[a", "'[' is not closed")]
    [InlineData("[]", "unexpected ']' in '[…]'")]
    [InlineData("[a-]", "unexpected ']' in '[…]'")]
    [InlineData("[-a]", "unexpected '-' in '[…]'")]
    [InlineData("[b-a]", "is reversed")]
    [InlineData(@"a*\q", @"'\q' is not an escape sequence")]
    [InlineData(@"src\public", "Unicode class")]
    [InlineData(@"\", "ends with a backslash")]
    [InlineData(@"\*\", "ends with a backslash")]
    [InlineData("!", "has no pattern")]
    [InlineData("!/", "has no pattern")]
    [InlineData("*{2}", "nothing to repeat")]
    [InlineData("a{1001}*", "at most 1000")]
    [InlineData("a{2,1}*", "the smaller number first")]
    [InlineData("[[:letter:]]", "unknown character class")]
    public void Invalid_pattern_is_an_error_with_its_line(string pattern, string problem)
    {
        var ignoreFile = $"# first\r\n\r\n  {pattern}\r\nlast";

        var error = Assert.Throws<CraneException>(() => IgnoreFile.Parse(ignoreFile, "/c/.dockerignore"));

        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.StartsWith("'/c/.dockerignore' line 3: invalid pattern", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal("/c/.dockerignore:3:3", error.Location!.ToString());
        Assert.Equal("  " + pattern, error.Location.LineText);
    }

    [Fact]
    public void Endless_pattern_is_refused() =>
        Assert.Throws<CraneException>(() => Rules(new string('a', 64 * 1024)));

    [Fact]
    public void Repetitions_do_not_multiply_without_bound() =>
        Assert.Throws<CraneException>(() => Rules(string.Concat(Enumerable.Repeat("a{1000}", 200)) + "*"));

    [Fact]
    public void Pattern_made_to_backtrack_does_not()
    {
        var (stars, folders) = (Enumerable.Repeat("*a", 200), Enumerable.Repeat("**/a", 200));
        var rules = Rules($"{string.Concat(stars)}\n{string.Concat(folders)}b");

        Assert.False(rules.Ignores(new string('a', 4000) + "b"));
    }

    private static IgnoreRules Rules(string ignore) => IgnoreFile.Parse(ignore, ".dockerignore");
}
