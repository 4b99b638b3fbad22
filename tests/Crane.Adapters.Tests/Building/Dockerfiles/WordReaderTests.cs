using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>Each result here is BuildKit's.</summary>
public sealed class WordReaderTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["V"] = "1.22.3",
        ["E"] = "",
        ["P"] = "a/b/a/b",
        ["S"] = "x y",
        ["Q"] = "a*a?",
    };

    [Theory]
    [InlineData("$V", "1.22.3")]
    [InlineData("${V}", "1.22.3")]
    [InlineData("$V-alpine", "1.22.3-alpine")]
    [InlineData("$U", "")]
    [InlineData("$", "$")]
    [InlineData("a$/b", "a$/b")]
    [InlineData("$1$@$V", "1.22.3")]
    public void Plain(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${U:-d}", "d")]
    [InlineData("${E:-d}", "d")]
    [InlineData("${V:-d}", "1.22.3")]
    [InlineData("${U-d}", "d")]
    [InlineData("${E-d}", "")]
    [InlineData("${U:-${W:-x}}", "x")]
    [InlineData("${U:-a\\}b}", "a}b")]
    [InlineData("${U:-'a}b'}", "a}b")]
    [InlineData("${V:+a}${E:+b}${U:+c}", "a")]
    [InlineData("${V+a}${E+b}${U+c}", "ab")]
    [InlineData("${V:?m}${E?m}", "1.22.3")]
    public void With_a_word(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${V#*.}", "22.3")]
    [InlineData("${V##*.}", "3")]
    [InlineData("${V%.*}", "1.22")]
    [InlineData("${V%%.*}", "1")]
    [InlineData("${V#?.}", "22.3")]
    [InlineData("${V#2}", "1.22.3")]
    [InlineData("${V%\"3\"}", "1.22.")]
    [InlineData("${P#*/*/}", "a/b")]
    [InlineData("${P##*a}", "/b")]
    [InlineData("${P%a*}", "a/b/")]
    [InlineData("${Q#a\\*}", "a?")]
    [InlineData("${Q%\\?}", "a*a")]
    [InlineData("${U#x}", "")]
    public void With_a_pattern(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${V/./-}", "1-22.3")]
    [InlineData("${V//./-}", "1-22-3")]
    [InlineData("${V//./}", "1223")]
    [InlineData("${V/*/x}", "x")]
    [InlineData("${V//2*/x}", "1.x")]
    [InlineData("${P//\\//-}", "a-b-a-b")]
    [InlineData("${P/b\\/a/$V}", "a/1.22.3/b")]
    [InlineData("${E/*/x}", "x")]
    [InlineData("${P//?/x}", "xxxxxxx")]
    [InlineData("${V//2/${P%%/*}}", "1.aa.3")]
    public void With_a_replacement(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("'$V'", "$V")]
    [InlineData("\"$V\"", "1.22.3")]
    [InlineData("\"'$V'\"", "'1.22.3'")]
    [InlineData("\\$V", "$V")]
    [InlineData("\"\\$V\\a\"", "$V\\a")]
    [InlineData("a\\ b", "a b")]
    [InlineData("a\\", "a")]
    [InlineData("'a'b\"c\"", "abc")]
    public void Quoted_and_escaped(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Fact]
    public void Backtick_escapes_where_the_directive_says_so() => Assert.Equal("$V\\1.22.3", Expand("`$V\\$V", '`'));

    [Theory]
    [InlineData("${")]
    [InlineData("${}")]
    [InlineData("${V")]
    [InlineData("${V:-a")]
    [InlineData("${V:}")]
    [InlineData("${V=a}")]
    [InlineData("${V^^}")]
    [InlineData("${V:#a}")]
    [InlineData("${V/a}")]
    [InlineData("${V#\\a}")]
    [InlineData("${{V}}")]
    [InlineData("${U?}")]
    [InlineData("${E:?}")]
    [InlineData("'a")]
    [InlineData("\"a")]
    public void Refused(string word) => Assert.NotEmpty(Assert.Throws<DockerfileError>(() => Expand(word)).Message);

    [Fact]
    public void Deep_nesting_is_refused_instead_of_crashing() =>
        Assert.Throws<DockerfileError>(() => Expand(string.Concat(Enumerable.Repeat("${U:-", 100_000))));

    [Fact]
    public void Patterns_with_many_stars_are_bounded()
    {
        var budget = new ExpansionBudget();
        var value = new string('a', 100_000);
        var pattern = $"${{A//{string.Concat(Enumerable.Repeat("*a", 1_000))}*b/x}}";

        Assert.Throws<DockerfileError>(() => WordReader.Expand(pattern, new('\\'), _ => value, budget));
    }

    private static string Expand(string word, char escape = '\\') =>
        WordReader.Expand(word, new(escape), Variables.GetValueOrDefault, new ExpansionBudget());
}
