namespace Crane.Commands.Base;

/// <summary>
/// What rows of one table share, so that the view can leave it out of them. Type names carry it, as those of PowerShell's own objects
/// choose their views: they survive CliXml, jobs and remote sessions, and are in no other output.
/// </summary>
/// <param name="plans">The plans of all rows.</param>
/// <param name="hasSeveralEngines">Whether the rows are of several engines.</param>
internal sealed class RowLabels(IReadOnlyList<RetagPlan> plans, bool hasSeveralEngines = false)
{
    // A heading for a single row only takes space.
    private const int FewestRows = 2;

    private readonly string _registries = string.Join(
        " -> ", new[] { Shared(plans, isSource: true), Shared(plans, isSource: false) }.OfType<string>().Distinct());

    // All rows of a table have one type.
    private string? _typeName;

    /// <summary>Returns a plan or result with the labels of its table.</summary>
    public PSObject Label(object row)
    {
        var labeled = PSObject.AsPSObject(row);
        if (_registries.Length > 0)
            labeled.TypeNames.Insert(0, _typeName ??= $"{row.GetType().FullName}#Registry={_registries}");
        if (hasSeveralEngines)
            labeled.TypeNames.Insert(0, $"{row.GetType().FullName}#Engine");
        return labeled;
    }

    /// <summary>The registry that all moves read from, or write to; null if there are several or none.</summary>
    private static string? Shared(IReadOnlyList<RetagPlan> plans, bool isSource)
    {
        var local = isSource ? RetagOperation.Push : RetagOperation.Pull;
        var names = plans
            .Where(plan => plan.Status != RetagStatus.Skipped && plan.Operation != RetagOperation.Build && plan.Operation != local)
            .Select(plan => isSource ? plan.Source : plan.Target).ToList();
        if (names.Count < FewestRows || !ImageName.TryParse(names[0], out var first))
            return null;
        // Only a registry that is written in the name can be left out.
        var prefix = $"{first.Registry}/";
        return names.TrueForAll(name => name.StartsWith(prefix, StringComparison.Ordinal)) ? first.Registry : null;
    }
}
