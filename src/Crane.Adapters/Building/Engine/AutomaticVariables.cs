using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Building;

/// <summary>
/// Finds where a Dockerfile depends on variables that BuildKit sets by itself, such as TARGETARCH: to the engine's own builder
/// they are empty, and it would build something else.
/// </summary>
internal sealed class AutomaticVariables
{
    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly GlobalVariables _buildKit;
    private readonly GlobalVariables? _engine;

    /// <param name="source">The Dockerfile.</param>
    /// <param name="escape">Its escape character.</param>
    /// <param name="instructions">Its instructions.</param>
    /// <param name="given">The values given to the build.</param>
    public AutomaticVariables(
        DockerfileSource source, char escape, IEnumerable<Instruction> instructions, IReadOnlyDictionary<string, string> given)
    {
        _given = given;
        var arguments = instructions.TakeWhile(instruction => instruction.Keyword != "FROM")
            .SelectMany(StageReader.Arguments).ToList();
        // What they are set to depends on the machine that builds; here they only have to differ from nothing.
        var automatic = PredefinedVariables.Names.ToDictionary(name => name, name => given.GetValueOrDefault(name, name));
        _buildKit = new(source, escape, automatic, arguments, given);
        _engine = Try(() => new GlobalVariables(source, escape, new Dictionary<string, string>(), arguments, given));
    }

    /// <summary>Whether a FROM means something else to the engine's own builder.</summary>
    public bool Change(Instruction from) => from.Arguments.Values.Take(1).Concat(from.Flags).Any(text =>
        _engine is null
        || _buildKit.Expand(text, from.Line) != Try(() => _engine.Expand(text, from.Line)));

    /// <summary>The argument of an ARG in a stage that has a value of BuildKit's making; null for none.</summary>
    public string? In(Instruction argument) => StageReader.Arguments(argument)
        .Where(declared => declared.Default is null && !_given.ContainsKey(declared.Name))
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
