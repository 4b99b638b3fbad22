namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>A stage with what it is made from.</summary>
/// <param name="Stage">The stage as written.</param>
/// <param name="Base">What its FROM means.</param>
/// <param name="Needs">What its own instructions need.</param>
/// <param name="TriggeredNeeds">What the ONBUILD instructions of the stage it is made from need in it.</param>
internal sealed record StageNode(
    Stage Stage, StageOrImage Base, IReadOnlyList<StageNeed> Needs, IReadOnlyList<StageNeed> TriggeredNeeds)
{
    /// <summary>The needs in the order in which BuildKit gets to them.</summary>
    public IEnumerable<StageNeed> AllNeeds => TriggeredNeeds.Concat(Needs);

    /// <summary>The images it needs itself, not through another stage.</summary>
    public IEnumerable<BaseImage> Images => Sources.Select(source => source.Image).OfType<BaseImage>();

    /// <summary>The stages it needs itself.</summary>
    public IEnumerable<int> Stages => Sources.Select(source => source.Stage).OfType<int>();

    private IEnumerable<StageOrImage> Sources => AllNeeds.Select(need => need.Source).Prepend(Base);
}
