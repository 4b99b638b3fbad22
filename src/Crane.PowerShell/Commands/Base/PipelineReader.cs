using Crane.Input;

namespace Crane.Commands.Base;

/// <summary>
/// Reads what is piped to a cmdlet that selects containers: names and crane files, whose containers are selected, and objects, which
/// the cmdlet reads itself. A row of Get-CraneStatus is read as its container. Names are selected at the end and together: what several of them need is selected once.
/// </summary>
/// <param name="command">The cmdlet.</param>
/// <param name="add">Takes the containers of a selection.</param>
/// <param name="read">Reads an object.</param>
internal sealed class PipelineReader(SelectionCommand command, Action<IReadOnlyList<CraneContainer>> add, Action<PSObject> read)
{
    private readonly List<string> _names = [];
    private readonly HashSet<CraneContainer> _ofRows = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads an object or several; writes an error for each that is invalid.</summary>
    public void Add(PSObject input)
    {
        foreach (var item in LanguagePrimitives.GetEnumerable(input) ?? new[] { input })
            command.Try(() => Take(PipedObject.Of(item)), item);
    }

    /// <summary>Selects the containers with the names that were read.</summary>
    public void Finish()
    {
        if (_names.Count > 0)
            command.Try(() => add(command.SelectContainers([.. _names])));
    }

    private void Take(PSObject input)
    {
        if (input.BaseObject is string name)
            _names.Add(name);
        else if (input.BaseObject is ImageStatus { Origin: { } row } && !command.TakesStatus)
            AddRow(row);
        else if (PlanReader.IsPlan(input) || ContainerReader.IsContainer(input))
            ReadObject(input);
        else if ((input.String("PSPath") ?? input.String(nameof(command.LiteralPath))) is { } path)
            AddFile(path, input);
        else if (PipedObject.NameOf(input) is { } named)
            _names.Add(named);
        else
            read(input);
    }

    private void ReadObject(PSObject input)
    {
        Refuse(command.SelectionParameters, input, "An object with its own values");
        read(input);
    }

    // A container has a row for each engine and for each tag that it is pushed to, but is moved or built once.
    private void AddRow(StatusOrigin row)
    {
        if (command.Engines is { } engines && !engines.Any(choice => choice.Engine == row.Engine))
            throw new CraneException(
                CraneErrorId.SettingConflict,
                $"The status of '{row.Container}' is that of {Shown(row.Engine)}, but this command runs on "
                    + $"{string.Join(" and ", engines.Select(choice => Shown(choice.Engine)))}.",
                row.Engine is null ? "Give Get-CraneStatus the same -Engine." : $"Add -Engine {row.Engine}.").About(row.Container);
        if (_ofRows.Add(row.Container))
            ReadObject(PSObject.AsPSObject(row.Container));
    }

    private static string Shown(string? engine) => engine is null ? "the default engine" : $"the engine '{engine}'";

    // PowerShell has bound the file to InputObject, as it does any object.
    private void AddFile(string path, PSObject input)
    {
        Refuse([nameof(command.Path), nameof(command.LiteralPath)], input, "A file");
        command.LiteralPath = [path];
        try
        {
            add(command.SelectContainers(null));
        }
        finally
        {
            command.LiteralPath = null;
        }
    }

    private void Refuse(IEnumerable<string> parameters, PSObject input, string what)
    {
        if (parameters.Where(command.MyInvocation.BoundParameters.ContainsKey).ToList() is [_, ..] given)
            throw new CraneException(
                CraneErrorId.InvalidValue, $"{what} is piped, but -{string.Join(" and -", given)} would select from crane files.",
                "Remove that parameter, or pipe names of containers.").About(input);
    }
}
