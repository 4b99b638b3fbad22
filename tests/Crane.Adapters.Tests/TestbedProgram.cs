using System.Diagnostics;
using System.Text.Json;

namespace Crane.Adapters.Tests;

/// <summary>
/// Programs of the testbed (skopeo, crane, oras, docker-registry): they see the files and the network of this machine,
/// and none of the user's settings.
/// </summary>
internal static class TestbedProgram
{
    /// <summary>Runs one; gives what it printed. A failure fails the test with what it said.</summary>
    /// <param name="command">
    /// The program and its arguments; before it may stand variables of its environment as <c>NAME=VALUE</c>.
    /// </param>
    public static async Task<string> RunAsync(params string[] command)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Start(command);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}\n{await errors}");
        return output.TrimEnd();
    }

    /// <summary>Starts one without waiting for its end; the caller has to end it, with all that it started.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static Process Start(params string[] command)
    {
        var testbed = JsonDocument.Parse(File.ReadAllText(Path.Combine(Testbed.Folder, "testbed.json"))).RootElement;
        string Of(string name) => testbed.GetProperty(name).GetString()!;
        return Process.Start(new ProcessStartInfo("bash", [Of("script"), "enter", Of("folder"), Of("init"), .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
