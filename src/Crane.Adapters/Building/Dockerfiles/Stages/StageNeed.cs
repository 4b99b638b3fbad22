namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>What one <c>--from</c> of a stage refers to. Neither a stage nor an image: <c>scratch</c>.</summary>
/// <param name="Line">Line of the instruction.</param>
/// <param name="From">The stage or image as written.</param>
/// <param name="Source">What that means.</param>
/// <param name="Fault">What BuildKit finds wrong once it gets to the instruction; null where nothing is.</param>
internal sealed record StageNeed(int Line, string From, StageOrImage Source, CraneException? Fault = null);

/// <summary>A stage, by its place among the stages, or an image from outside, or neither: <c>scratch</c>.</summary>
internal readonly record struct StageOrImage(int? Stage, BaseImage? Image);
