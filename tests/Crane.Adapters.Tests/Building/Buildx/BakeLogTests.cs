using System.Text;
using Crane.Adapters.Building.Buildx;

namespace Crane.Adapters.Tests.Building.Buildx;

public sealed class BakeLogTests
{
    private readonly List<(int Target, string Line)> _lines = [];
    private readonly List<string> _steps = [];

    [Fact]
    public void Steps_are_reported_once_for_the_first_target_that_has_them()
    {
        var log = Log("os", "service");
        log.Take(Vertex("1", "[os internal] load build context", started: true));
        log.Take(Vertex("2", "[os 2/2] RUN make"));
        log.Take(Vertex("2", "[service 2/2] RUN make", started: true));
        log.Take(Vertex("2", "[os 2/2] RUN make", started: true));
        log.Take(Vertex("3", "[service] exporting to image", started: true));
        log.Take(Vertex("4", "[internal] load local bake definitions", started: true));
        Assert.Equal(
            [(0, "[internal] load build context"), (0, "[2/2] RUN make"), (1, "exporting to image")], _lines);
    }

    [Fact]
    public void Output_is_lines_however_it_is_cut()
    {
        var log = Log("os");
        log.Take(Vertex("1", "[2/2] RUN make", started: true));
        var bytes = Encoding.UTF8.GetBytes("one\ntwö\n\u001b[1mbold\u001b[0m");
        log.Take(Output("1", bytes[..7]));
        log.Take(Output("1", bytes[7..]));
        log.Take(Vertex("1", "[2/2] RUN make", started: true, error: "exit code: 1"));
        log.Take("ERROR: failed to solve: exit code: 1");
        Assert.Equal(["[2/2] RUN make", "one", "twö", "bold"], _lines.Select(line => line.Line));
        Assert.Equal(["[2/2] RUN make"], _steps);
        Assert.Equal(["one", "twö", "bold"], log.Failure().Tail);
    }

    [Fact]
    public void Failure_belongs_to_the_target_with_the_step_not_to_one_that_needs_it()
    {
        var log = Log("os", "service", "slow");
        log.Take(Vertex("1", "[service first 2/2] RUN make", started: true, error: "did not complete: exit code: 3"));
        log.Take(Vertex("1", "[os first 2/2] RUN make", started: true, error: "did not complete: exit code: 3"));
        log.Take(Vertex("2", "[slow 2/2] RUN sleep", started: true, error: "exit code: 137: context canceled: context canceled"));
        foreach (var line in new[]
        {
            "Dockerfile:6", "--------------------", "   6 | >>> RUN make", "--------------------",
            "ERROR: target service: failed to solve: did not complete: exit code: 3",
        })
            log.Take(line);
        var failure = log.Failure();
        Assert.Equal(
            (0, "[first 2/2] RUN make", "did not complete: exit code: 3", 6),
            (failure.Target, failure.Step, failure.Words, failure.Line));
    }

    [Fact]
    public void A_base_that_cannot_be_read_is_named()
    {
        var log = Log("os", "service");
        log.Take(Vertex("1", "[service internal] load metadata for registry.example/a:1", started: true, error: "not found"));
        log.Take("ERROR: target service: failed to solve: registry.example/a:1: failed to resolve source metadata: not found");
        var failure = log.Failure();
        Assert.Equal((1, "registry.example/a:1", null), (failure.Target, failure.Image?.ToString(), failure.Step));
    }

    [Fact]
    public void An_error_of_no_target_has_the_message_of_Buildx()
    {
        var log = Log("os", "service");
        log.Take("""{"vertexes":[]}""");
        log.Take("{ is no event");
        log.Take("ERROR: no builder \"nope\" found");
        Assert.Equal((null, "no builder \"nope\" found"), (log.Failure().Target, log.Failure().Words));
        Assert.Empty(_lines);
    }

    private BakeLog Log(params string[] targets) => new(targets, (target, line) =>
    {
        _lines.Add((target, line.Text));
        if (line.IsStep)
            _steps.Add(line.Text);
    });

    private static string Vertex(string digest, string name, bool started = false, string error = "") =>
        $$"""{"vertexes":[{"digest":"sha256:{{digest}}","name":"{{name}}"{{(started ? ",\"started\":\"2026-01-01T00:00:00Z\"" : "")}},"error":"{{error}}"}]}""";

    private static string Output(string digest, byte[] data) =>
        $$"""{"logs":[{"vertex":"sha256:{{digest}}","stream":1,"data":"{{Convert.ToBase64String(data)}}"}]}""";
}
