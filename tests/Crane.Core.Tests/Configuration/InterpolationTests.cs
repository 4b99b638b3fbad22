using Crane.CraneFile.Variables;
using CsCheck;

namespace Crane.Core.Tests.Configuration;

public sealed class InterpolationTests
{
    private static readonly Dictionary<string, string> Values = new() { ["A"] = "apple", ["EMPTY"] = "", ["LINES"] = "x\ny" };

    [Theory]
    [InlineData("${A:?no}", "apple")]
    [InlineData("${EMPTY?no}", "")]
    [InlineData("${EMPTY+set}", "set")]
    [InlineData("${EMPTY:+set}", "")]
    [InlineData("${U+set}", "")]
    [InlineData("${EMPTY-}", "")]
    [InlineData("${U:--x}", "-x")]
    [InlineData("${U:-:-x}", ":-x")]
    [InlineData("${U-:x}", ":x")]
    [InlineData("${A:-${B!}}", "apple")]
    [InlineData("${U:+${B!}}", "")]
    [InlineData("${A:+$A$A}", "appleapple")]
    [InlineData("${U:-{\"a\":{\"b\":1}}}", "{\"a\":{\"b\":1}}")]
    [InlineData("${U:-{}/${V:-x}", "{/x")]
    [InlineData("${U:-${A}-${A}}", "apple-apple")]
    [InlineData("$A$", "apple$")]
    [InlineData("$$A", "$A")]
    [InlineData("$$$A", "$apple")]
    [InlineData("$1", "$1")]
    [InlineData("$é", "$é")]
    [InlineData("$Aé", "appleé")]
    [InlineData("${U:-\t}", "\t")]
    [InlineData("${LINES}", "x\ny")]
    [InlineData("${A:-x}\r\n${A}", "apple\r\napple")]
    public void Template_is_expanded(string template, string expected)
    {
        var text = Interpolation.Expand(template, new GivenVariables(Values), out var error);

        Assert.Null(error);
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("${A:=x}")]
    [InlineData("${A:}")]
    [InlineData("${A:x}")]
    [InlineData("${A:")]
    [InlineData("${A")]
    [InlineData("${")]
    [InlineData("${}")]
    [InlineData("${ A}")]
    [InlineData("${A }")]
    [InlineData("${A.b}")]
    [InlineData("${é}")]
    [InlineData("${Aé}")]
    [InlineData("${A[0]}")]
    [InlineData("${A#x}")]
    [InlineData("${A%x}")]
    [InlineData("${A^^}")]
    [InlineData("${A@Q}")]
    [InlineData("${!A}")]
    [InlineData("${#A}")]
    [InlineData("${$A}")]
    [InlineData("${-x}")]
    [InlineData("${U:-${A:=x}}")]
    [InlineData("${U:?${A:=x}}")]
    [InlineData("${A:-x\ny}")]
    [InlineData("${{ matrix.os }}")]
    public void What_compose_lacks_is_invalid(string template)
    {
        Interpolation.Expand(template, new GivenVariables(Values), out var error);

        Assert.IsType<InterpolationError.Invalid>(error);
    }

    [Fact]
    public void First_error_counts()
    {
        Interpolation.Expand("$A $U ${B!}", new GivenVariables(Values), out var error);

        Assert.Equal(new InterpolationError.Undefined("U", []), error);
    }

    [Fact]
    public void Missing_variable_in_a_message_does_not_hide_the_message()
    {
        Interpolation.Expand("${U:?set U for $V, like $A}", new GivenVariables(Values), out var error);

        Assert.Equal(new InterpolationError.Required("U", "set U for , like apple", []), error);
    }

    [Fact]
    public void Word_that_is_not_needed_is_not_evaluated()
    {
        var variables = new GivenVariables(Values);

        Interpolation.Expand("${A:-$B} ${A-${C}} ${U:+$D} ${A:?$E}", variables, out _);

        Assert.Equal(["A", "A", "U", "A"], variables.Asked);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash()
    {
        var template = string.Concat(Enumerable.Repeat("${U:-", 2_000)) + new string('}', 2_000);

        Interpolation.Expand(template, new GivenVariables(Values), out var error);

        Assert.IsType<InterpolationError.Invalid>(error);
    }

    [Fact]
    public void The_error_of_a_long_template_does_not_repeat_it()
    {
        Interpolation.Expand(new string('$', 1_000_000), new GivenVariables(Values), out var error);

        Assert.True(Assert.IsType<InterpolationError.Invalid>(error).Text.Length < 100);
    }

    [Fact]
    public void Text_without_dollars_stays_as_it_is() => Gen.String.Sample(text =>
    {
        var plain = text.Replace("$", "", StringComparison.Ordinal);
        return Interpolation.Expand(plain, new GivenVariables(Values), out _) == plain;
    });

    [Fact]
    public void Doubled_dollars_give_back_any_text() => Gen.String[Gen.Char["$${}:-?+Aab "], 0, 30].Sample(text =>
        Interpolation.Expand(text.Replace("$", "$$", StringComparison.Ordinal), new GivenVariables(Values), out var error) == text
        && error is null);

    [Fact]
    public void Any_string_expands_or_has_an_error() => Gen.String[Gen.Char["${}:-?+!AU \n"], 0, 40].Sample(text =>
    {
        var expanded = Interpolation.Expand(text, new GivenVariables(Values), out var error);
        return error is null || expanded.Length == 0;
    });

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "")]
    [InlineData("$", "")]
    [InlineData("a$", "")]
    [InlineData("$A/$B.c", "A B")]
    [InlineData("${A}", "A")]
    [InlineData("$${A} $$B $$$C", "C")]
    [InlineData("${A:-${B-x$C}} ${D:+$E} ${F?${G}}", "A B C D E F G")]
    [InlineData("$1 ${} ${ A} $-", "")]
    [InlineData("${A", "A")]
    public void Every_variable_that_is_named_is_found(string template, string names) =>
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), Interpolation.NamesIn(template));
}
