using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>The error about a variable in <c>--from</c>, where BuildKit expands none.</summary>
internal static class StageNameVariable
{
    public static DockerfileFault In(string from) => new(
        $"variables, quotes and escapes are not expanded in {VisibleText.Quote(from)}",
        "Give the image a stage of its own, FROM … AS NAME, where variables of ARGs before the first FROM are expanded, and "
        + "write that name here.");
}
