using Crane.Errors;

namespace Crane.Core.Tests.Errors;

/// <summary>Text of files, engines and registries in messages, results and streams: a terminal obeys none of it, and it has an end.</summary>
public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("\e[2J\e[31mred", @"\u001B[2J\u001B[31mred")]
    [InlineData("title\e]0;x\a", @"title\u001B]0;x\u0007")]
    [InlineData("a\rb", @"a\rb")]
    [InlineData("a\0b\bc\u007F", @"a\0b\u0008c\u007F")]
    [InlineData("\u009B31m", @"\u009B31m")]
    [InlineData("user\u202Egnp.exe", @"user\u202Egnp.exe")]
    [InlineData("\u2066a\u2069 b\u200Bc \uFEFFd", @"\u2066a\u2069 b\u200Bc \uFEFFd")]
    [InlineData("a\u2028b\u2029c\u0085d", @"a\u2028b\u2029c\u0085d")]
    [InlineData("tag \U000E0041", @"tag \U000E0041")]
    [InlineData("one\r\ntwo\n\tthree", "one\ntwo\n\tthree")]
    [InlineData("déjà vu e\u0301 日本 → a b", "déjà vu e\u0301 日本 → a b")]
    public void What_a_terminal_would_obey_is_escaped_in_messages_and_advice(string words, string shown)
    {
        var error = new CraneException(CraneErrorId.PullFailed, $"It said: {words}", words);
        Assert.Equal(($"It said: {shown}", shown), (error.Message, error.RecommendedAction));
        Assert.Equal(shown, new SourceLocation("f", 1, 1, words).LineText);
        Assert.Equal(shown, new RetagPlan { Reason = words }.Reason);
    }

    [Fact]
    public void Half_a_character_is_escaped_and_a_whole_one_stays() =>
        Assert.Equal(@"half \uD83D, whole 🐳", VisibleText.Message("half \uD83D, whole 🐳"));

    [Theory]
    [InlineData(20_000_000, 'x')]
    [InlineData(6_101, 'x')]
    [InlineData(4_000, '\e')]
    public void What_is_very_long_is_cut_in_the_middle_once(int length, char filling)
    {
        var error = new CraneException(CraneErrorId.PullFailed, $"begin{new string(filling, length - 8)}end");
        Assert.InRange(error.Message.Length, 6_000, 6_100);
        Assert.StartsWith("begin", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"end ({length} characters)", error.Message, StringComparison.Ordinal);

        Assert.Equal(error.Message, error.About("a").Settled().Message);
        Assert.Equal($"f:1:2: {error.Message}", error.At(new SourceLocation("f", 1, 2, "")).Message);
        Assert.Equal(error.Message, VisibleText.Message(error.Message));
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(6_100)]
    public void Long_message_is_whole(int length) =>
        Assert.Equal(new string('x', length), new CraneException(CraneErrorId.PullFailed, new string('x', length)).Message);

    [Fact]
    public void A_copy_of_an_error_keeps_all_that_it_says()
    {
        var error = new CraneException(CraneErrorId.PullFailed, "no", "advice", new InvalidOperationException()) { Subject = "a", IsTransient = true };
        var located = error.At(new SourceLocation("f", 1, 2, "line")).About("b");
        Assert.Equal((error.Id, "advice", error.InnerException, "a", true), (located.Id, located.RecommendedAction, located.InnerException, located.Subject, located.IsTransient));
        Assert.Equal("f:1:2", located.Location!.ToString());
        Assert.False(located.Settled().IsTransient);
    }

    [Fact]
    public void An_image_shows_what_its_registry_says_of_it_escaped_and_labels_at_their_whole_length()
    {
        var image = new CraneImage
        {
            Platform = ["\e[31mlinux/amd64"],
            MediaType = "a\e[0m",
            Label = new Dictionary<string, string> { ["a\u202E"] = new string('x', 10_000) + "\e" },
            Layer = [new ImageLayer { MediaType = "\a" }],
            Manifest = [new ImageManifest { Platform = "\b", MediaType = "\e" }],
        };
        Assert.Equal([@"\u001B[31mlinux/amd64"], image.Platform);
        Assert.Equal(@"a\u001B[0m", image.MediaType);
        Assert.Equal(new string('x', 10_000) + @"\u001B", image.Label[@"a\u202E"]);
        Assert.Equal((@"\u0007", @"\u0008", @"\u001B"), (image.Layer[0].MediaType, image.Manifest[0].Platform, image.Manifest[0].MediaType));
    }
}
