using Crane.Names;

namespace Crane.Planning;

/// <summary>A pull, push or copy plan whose names are known to be good: what can be run.</summary>
/// <param name="Plan">The plan, with steps that fit its names.</param>
/// <param name="Source">Where from.</param>
/// <param name="Target">Where to.</param>
internal sealed record CheckedMove(RetagPlan Plan, ImageName Source, ImageName Target)
{
    /// <summary>Whether the image is built where its registry does not have it, so that this is no reason to stop.</summary>
    public bool IsElseBuilt { get; init; }

    /// <summary>The registry's side of the move.</summary>
    public ImageName Remote => Plan.Operation == RetagOperation.Pull ? Source : Target;

    /// <summary>The registries that take part.</summary>
    public IEnumerable<string> Registries =>
        Plan.Operation == RetagOperation.Copy ? [Source.Registry, Target.Registry] : [Remote.Registry];

    /// <summary>
    /// Checks a plan that may have been edited on its way: through a file, a review, another program. The steps are
    /// made anew, since they must say what will be done.
    /// </summary>
    /// <exception cref="CraneException">InvalidImageName, DigestWithoutTag; the plan is the target.</exception>
    public static CheckedMove Check(RetagPlan plan)
    {
        try
        {
            var source = ImageName.ParseGiven(plan.Source);
            var target = ImageName.ParseGiven(plan.Target);
            return plan.Operation switch
            {
                RetagOperation.Pull => Make(source, Retag.Local(target)),
                RetagOperation.Push => Make(Retag.Local(source), target),
                _ => Make(source, target),
            };
        }
        catch (CraneException error)
        {
            throw plan.Locate(error);
        }

        CheckedMove Make(ImageName source, ImageName target) => new(plan.Moving(source, target), source, target);
    }
}
