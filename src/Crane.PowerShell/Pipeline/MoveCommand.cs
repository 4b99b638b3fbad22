using System.Management.Automation;
using Crane.Loading;

namespace Crane.Commands;

/// <summary>What Invoke-CranePull and Invoke-CranePush are: plans that move an image from one name to another.</summary>
public abstract class MoveCommand : EngineCommand
{
    private const string ReferenceSet = "Reference";

    /// <summary>The image to read: in a registry for a pull, in the engine for a push.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name to write it to: in the engine for a pull, in a registry for a push.</summary>
    [Parameter(ParameterSetName = ReferenceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Target { get; set; } = "";

    /// <summary>The container that the plan is for: a name for the result, for errors and for progress to carry.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public string Container { get; set; } = "";

    /// <summary>What the plan is. Where it is not what this cmdlet runs, it is an error; without it, the cmdlet's own.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    public RetagOperation? Operation { get; set; }

    /// <summary>
    /// Moves every image, without asking whether it is up to date, or whether something would be lost: the last name of an image
    /// that is nowhere else, or platforms of what a push overwrites.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == ReferenceSet)
            Gather(new RetagPlan { Container = Container, Operation = Operation ?? Runs[0], Source = Source, Target = Target });
        else
            base.Process();
    }

    private protected override void Run(IReadOnlyList<RetagPlan> plans)
    {
        var engine = LayoutPath.Resolve(this, Engine);
        new MoveSession(
            this,
            (request, cancellation) => Adapters.Current.OpenMoverAsync(request with { Engine = engine }, ThrottleLimit, cancellation),
            Force,
            StopToken).Run(plans);
    }
}
