using System.Diagnostics;

namespace Crane.Adapters.Tests.Building;

/// <summary>Programs of a Unix machine: for what .NET cannot make, and for a second opinion on what it made.</summary>
internal static class Shell
{
    /// <summary>Runs a program in a folder and gives what it wrote.</summary>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The test needs a program of Unix.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C.UTF-8", ["TZ"] = "UTC" },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
