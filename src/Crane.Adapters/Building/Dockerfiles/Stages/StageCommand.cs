using Crane.Adapters.Building.Dockerfiles.Instructions;

namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>An instruction of a stage that may need another stage or an image.</summary>
/// <param name="Line">Its first line.</param>
internal abstract record StageCommand(int Line);

/// <summary><c>COPY --from</c>.</summary>
/// <param name="Line">Its first line.</param>
/// <param name="From">A stage's name or number, or an image.</param>
internal sealed record CopyFrom(int Line, string From) : StageCommand(Line);

/// <summary><c>RUN --mount</c>.</summary>
/// <param name="Line">Its first line.</param>
/// <param name="Mounts">Its mounts.</param>
internal sealed record RunWithMounts(int Line, IReadOnlyList<RunMount> Mounts) : StageCommand(Line);

/// <summary><c>ONBUILD</c>: an instruction that runs in the stages made from this one.</summary>
/// <param name="Line">Its first line.</param>
/// <param name="Text">The instruction with its heredocs.</param>
internal sealed record OnBuild(int Line, string Text) : StageCommand(Line);
