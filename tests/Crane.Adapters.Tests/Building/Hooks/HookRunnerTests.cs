using Crane.Adapters.Building.Hooks;
using Crane.Adapters.Machine;
using Crane.Planning;

namespace Crane.Adapters.Tests.Building.Hooks;

/// <summary>Each test runs real programs, in a folder of its own.</summary>
public sealed class HookRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public HookRunnerTests()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The test's hooks are of a POSIX system.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_runs_in_the_folder_of_the_crane_file_and_knows_its_container()
    {
        _folder.Write("mark", "here\n");
        await RunAsync("sh -c 'cat mark; echo $CRANE_HOOKED_CONTAINER'");
        Assert.Equal(["here", "os"], _lines);
    }

    [Fact]
    public async Task A_path_is_relative_to_that_folder_and_arguments_arrive_unchanged()
    {
        _folder.WriteProgram("tools/show", """for word; do echo "<$word>"; done""");
        await RunAsync("""tools/show 'a b' "" '$HOME' * """);
        Assert.Equal(["<a b>", "<>", "<$HOME>", "<*>"], _lines);
    }

    [Fact]
    public async Task Lines_of_both_streams_come_as_they_are_printed()
    {
        await RunAsync("sh -c 'echo one; sleep 0.2; echo two >&2; sleep 0.2; printf three'");
        Assert.Equal(["one", "two", "three"], _lines);
    }

    [Fact]
    public async Task It_reads_an_empty_input()
    {
        await RunAsync("cat");
        Assert.Empty(_lines);
    }

    [Fact]
    public async Task An_exit_code_is_an_error_with_the_last_output()
    {
        var error = await FailAsync("sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11; do echo line $i; done; exit 3'");
        Assert.Contains("'sh', the pre-build hook of 'os', ended with exit code 3; 'company/os' is not built.", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 11", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 1\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_error_stream_comes_last_and_is_not_pushed_out_by_the_rest()
    {
        var error = await FailAsync("sh -c 'echo gone wrong >&2; sleep 0.2; for i in 1 2 3 4 5 6 7 8 9 10 11; do echo line $i; done; exit 3'");
        Assert.EndsWith("line 11\n  gone wrong", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 2\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_post_build_hook_says_that_the_image_is_built()
    {
        var command = HookCommand.After(Plan(new ContainerHook { PostBuild = "false" }))!;
        var error = await Assert.ThrowsAsync<CraneException>(() => RunAsync(command, Cancellation));
        Assert.Contains("'company/os' is built all the same", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crane-absent-program", "not found on the PATH")]
    [InlineData("./absent", "does not exist")]
    [InlineData("./text", "could not be started")]
    [InlineData("./script", "could not be started")]
    public async Task A_program_that_cannot_be_run_is_an_error_with_its_name(string program, string reason)
    {
        _folder.Write("text", "#!/bin/sh\n");
        _folder.WriteProgram("script", "");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "script"), "echo no interpreter", Cancellation);
        var error = await FailAsync(program);
        Assert.Contains($"'{program}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("sh -c", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crane_file_that_is_not_on_this_machine_is_an_error()
    {
        var plan = Plan(new ContainerHook { PreBuild = "true" }) with { Path = Path.Combine(_folder.Path, "absent", "crane.yaml") };
        var error = await Assert.ThrowsAsync<CraneException>(() => RunAsync(HookCommand.Before(plan)!, Cancellation));
        Assert.Equal(CraneErrorId.HookFailed, error.Id);
        Assert.Contains("absent does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_in_the_background_is_not_waited_for()
    {
        await RunAsync("sh -c 'echo begun; sleep 600 & echo $! > pid'");
        Assert.Equal(["begun"], _lines);
        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(await ReadAsync("pid"), null));
        Assert.False(left.HasExited);
        left.Kill();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sh -c 'sleep 600 & echo $! > pid'")]
    [InlineData("sh -c 'setsid sleep 600 > log & echo $! > pid'")]
    public async Task What_is_left_in_the_background_ends_with_a_run_that_is_canceled_later(string hook)
    {
        using var stop = new CancellationTokenSource();
        await RunAsync(Command(hook), stop.Token, _ => { });
        var left = int.Parse(await ReadAsync("pid"), null);
        using (var process = System.Diagnostics.Process.GetProcessById(left))
            Assert.False(process.HasExited);
        await stop.CancelAsync();
        await AssertEndedAsync(left);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sh -c 'sleep 600 & echo $! > pid; echo begun; wait'")]
    [InlineData("sh -c 'sleep 600 & echo $! > pid; echo begun'")]
    [InlineData("sh -c '(sleep 600 & echo $! > pid); echo begun; sleep 600'")]
    [InlineData("sh -c 'setsid sleep 600 & sleep 0.1; echo $! > pid; echo begun; sleep 600'")]
    [InlineData("sh -c 'trap : TERM INT; (sleep 600 & echo $! > pid); echo begun; while :; do sleep 600; done'")]
    public async Task Cancellation_kills_every_process_that_it_has_started(string hook)
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Command(hook), stop.Token, line =>
        {
            if (line == "begun")
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await AssertEndedAsync(int.Parse(await ReadAsync("pid"), null));
    }

    [Fact]
    public async Task A_run_that_is_canceled_already_starts_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(Command("touch mark"), new CancellationToken(canceled: true)));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "mark")));
    }

    [Fact]
    public async Task A_gate_knows_its_image_and_fails_as_a_gate()
    {
        var plan = Plan(new ContainerHook { PreTag = "sh -c 'echo $CRANE_IMAGE $CRANE_OPERATION $CRANE_PLATFORM $CRANE_HOOKED_CONTAINER; exit 3'" });
        var gate = HookCommand.Gate(plan with { Operation = RetagOperation.Push })!.About("r.co/os@sha256:aa", "linux/amd64");
        var error = await Assert.ThrowsAsync<CraneException>(() => RunAsync(gate, Cancellation));
        Assert.Equal(CraneErrorId.GateFailed, error.Id);
        Assert.Equal(["r.co/os@sha256:aa Push linux/amd64 os"], _lines);
        Assert.Contains("'company/os' keeps its name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_line_is_shown_in_parts()
    {
        await RunAsync("sh -c 'head -c 40000 /dev/zero | tr \"\\0\" x'");
        Assert.Equal(40000, _lines.Sum(line => line.Length));
        Assert.All(_lines, line => Assert.True(line.Length <= 16 * 1024));
    }

    // A killed process is there until somebody has asked for its exit code, which its new parent does in its own time.
    private static async Task AssertEndedAsync(int id)
    {
        while (File.Exists($"/proc/{id}/stat")
            && !(await File.ReadAllTextAsync($"/proc/{id}/stat", Cancellation)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(10, Cancellation);
        }
    }

    private RetagPlan Plan(ContainerHook hook) => new()
    {
        Container = "os",
        Operation = RetagOperation.Build,
        Target = "company/os",
        Hook = hook,
        Path = Path.Combine(_folder.Path, "crane.yaml"),
    };

    private HookCommand Command(string hook) => HookCommand.Before(Plan(new ContainerHook { PreBuild = hook }))!;

    private Task RunAsync(string hook) => RunAsync(Command(hook), Cancellation);

    private Task RunAsync(HookCommand command, CancellationToken cancellation, Action<string>? heard = null) =>
        new HookRunner(DockerEnvironment.OfProcess).RunAsync(
            command,
            line =>
            {
                _lines.Add(line);
                heard?.Invoke(line);
            },
            cancellation);

    private async Task<CraneException> FailAsync(string hook)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => RunAsync(hook));
        Assert.Equal(CraneErrorId.HookFailed, error.Id);
        return error;
    }

    private async Task<string> ReadAsync(string name) => (await File.ReadAllTextAsync(Path.Combine(_folder.Path, name), Cancellation)).Trim();
}
