using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Building;

/// <summary>
/// Finds where a Dockerfile depends on variables that BuildKit sets, such as TARGETARCH. In the engine's own builder they are empty, and
/// it would build something else.
/// </summary>
internal sealed class AutomaticVariables
{
    private readonly IReadOnlyDictionary<string, string> _buildArguments;
    private readonly GlobalVariables _buildKit;
    private readonly GlobalVariables? _engine;

    public AutomaticVariables(
        DockerfileSource source, char escape, IEnumerable<Instruction> instructions, IReadOnlyDictionary<string, string> buildArguments)
    {
        _buildArguments = buildArguments;
        var arguments = instructions.TakeWhile(instruction => instruction.Keyword != "FROM")
            .SelectMany(StageReader.Arguments).ToList();
        // Their values depend on the machine that builds; here they only have to differ from nothing.
        var automatic = PredefinedVariables.Names.ToDictionary(name => name, name => buildArguments.GetValueOrDefault(name, name));
        _buildKit = new(source, escape, automatic, arguments, buildArguments);
        _engine = Try(() => new GlobalVariables(source, escape, new Dictionary<string, string>(), arguments, buildArguments));
    }

    /// <summary>Whether a FROM means something else to the engine's own builder.</summary>
    public bool Change(Instruction from) => from.Arguments.Values.Take(1).Concat(from.Flags).Any(value =>
        _engine is null
        || _buildKit.Expand(value, from.Line) != Try(() => _engine.Expand(value, from.Line)));

    /// <summary>The argument of an ARG in a stage that BuildKit sets; null for none.</summary>
    public string? In(Instruction argument) => StageReader.Arguments(argument)
        .Where(declared => declared.Default is null && !_buildArguments.ContainsKey(declared.Name))
        .Select(declared => declared.Name)
        .FirstOrDefault(name => _engine is null || _buildKit.Find(name) != _engine.Find(name));

    // ${TARGETARCH:?} is an error to the engine alone.
    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CraneException)
        {
            return null;
        }
    }
}
