using Crane.Adapters.Tests.Transfer;
using Xunit.Runner.InProc.SystemConsole;

namespace Crane.Adapters.Tests;

/// <summary>Runs the tests; or, in a process of its own that a test kills, an atomic run.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        arguments is [AtomicRun.Verb, .. var rest] ? AtomicRun.RunChildAsync(rest) : ConsoleRunner.Run(arguments);
}
