using Crane.Names;

namespace Crane.Planning;

/// <summary>A pull, push or copy plan that can be run: its names are valid, and its steps match them.</summary>
internal sealed record CheckedMove(RetagPlan Plan, ImageName Source, ImageName Target)
{
    /// <summary>Whether the image is built if its registry does not have it, so a missing image does not stop the run.</summary>
    public bool IsElseBuilt { get; init; }

    /// <summary>The name in the registry.</summary>
    public ImageName Remote => Plan.Operation == RetagOperation.Pull ? Source : Target;

    public IEnumerable<string> Registries => Plan.Operation == RetagOperation.Copy ? [Source.Registry, Target.Registry] : [Remote.Registry];

    /// <summary>Checks a plan that may have been edited. Its steps are replaced by what will be run.</summary>
    /// <exception cref="CraneException">InvalidImageName, DigestWithoutTag; the plan is the subject.</exception>
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
