using System.Diagnostics;
using System.Text.Json;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>The programs that others read and write layouts with, as the testbed has them.</summary>
internal static class Peer
{
    /// <summary>Runs a program beside the testbed's engines, in a folder, and gives what it wrote.</summary>
    public static async Task<string> RunAsync(string folder, params string[] command)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var testbed = Testbed.Folder;
        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(testbed, "testbed.json"), cancellation));
        var script = Path.Combine(AppContext.BaseDirectory, "testbed.sh");
        string[] enter = [script, "enter", testbed, state.RootElement.GetProperty("init").ToString(), $"DOCKER_HOST={Testbed.Engine("containerd")}"];
        using var process = Process.Start(new ProcessStartInfo("bash", [.. enter, .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {await errors}{await output}");
        return await output;
    }
}
