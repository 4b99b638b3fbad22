using System.Text.Json;
using Crane.Adapters.Building;
using Docker.DotNet.Models;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>What an engine says in pieces, as lines.</summary>
public sealed class EngineBuildLogTests
{
    private readonly List<string> _lines = [];
    private readonly List<string> _steps = [];
    private readonly EngineBuildLog _log;

    public EngineBuildLogTests() => _log = new(line =>
    {
        _lines.Add(line.Text);
        if (line.IsStep)
            _steps.Add(line.Text);
    });

    [Fact]
    public void Pieces_become_lines()
    {
        Say("Step 1/2 : FROM a", "\n", "one\ntw", "o\n\nthree");
        Assert.Equal(["Step 1/2 : FROM a", "one", "two", ""], _lines);
        _log.Take(new() { Error = new() { Message = "failed" } });
        Assert.Equal("three", _lines[^1]);
    }

    [Fact]
    public void Endless_line_is_reported_in_parts()
    {
        Say(new string('x', 100_000));
        Assert.NotEmpty(_lines);
    }

    [Fact]
    public void Step_is_one_only_in_its_turn()
    {
        Say("Step 1/3 : FROM a\n", "Step 3/3 : RUN faked\n", "Step 0/0 : RUN faked\n", "Step x/3 : RUN faked\n");
        Assert.Equal((1, "FROM a"), (_log.Step?.Number, _log.Step?.Instruction));
        Say("Step 2/3 : RUN a : b\n");
        Assert.Equal((2, "RUN a : b"), (_log.Step?.Number, _log.Step?.Instruction));
        Assert.Empty(_log.Tail);
        Assert.Equal(["Step 1/3 : FROM a", "Step 2/3 : RUN a : b"], _steps);
    }

    [Fact]
    public void Image_is_that_of_the_last_stage()
    {
        foreach (var id in (string[])["sha256:1", "sha256:2"])
            _log.Take(JsonSerializer.Deserialize<JSONMessage>($$"""{"aux":{"ID":"{{id}}"} }""")!);
        Assert.Equal("sha256:2", _log.ImageId);
    }

    [Fact]
    public void Phases_of_a_fetched_base_are_reported_without_its_bytes()
    {
        _log.Take(new() { Status = "Pulling fs layer", ID = "abc", Progress = new() });
        _log.Take(new() { Status = "Downloading", ID = "abc", Progress = new() { Current = 1, Total = 2 } });
        _log.Take(new() { Status = "Digest: sha256:0" });
        Assert.Equal(["abc: Pulling fs layer", "Digest: sha256:0"], _lines);
    }

    [Theory]
    [InlineData("\u001b[1;31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001b(Bplain\u001b7", "plain")]
    [InlineData("10 %\r50 %\r100 %\r", "100 %")]
    [InlineData("a\tb\u0008\u0000", "a\tb")]
    [InlineData("cut\u001b[3", "cut")]
    [InlineData("cut\u001b", "cut")]
    [InlineData("cut\u001b]0;title", "cut")]
    public void Lines_are_what_a_terminal_would_show(string line, string shown)
    {
        Say(line, "\n");
        Assert.Equal([shown], _lines);
    }

    private void Say(params string[] pieces)
    {
        foreach (var piece in pieces)
            _log.Take(new JSONMessage { Stream = piece });
    }
}
