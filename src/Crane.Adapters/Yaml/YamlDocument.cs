using Crane.CraneFile.Nodes;
using YamlDotNet.Core.Events;

namespace Crane.Adapters.Yaml;

/// <summary>
/// Reads YAML, and JSON as the part of YAML that it is, into the tree of a crane file. Works on the parser's events: a
/// serializer would lose places, resolve merge keys wrongly, and cost most of the start-up time.
/// </summary>
internal static class YamlDocument
{
    /// <summary>Reads a file of one document.</summary>
    /// <exception cref="CraneException">
    /// CraneFileInvalid where it is no YAML, has several documents or expands too far; DuplicateKey and InvalidValue for a
    /// merge key that has no meaning.
    /// </exception>
    public static ConfigDocument Read(SourceFile file)
    {
        var events = new YamlEvents(file);
        events.Advance();
        events.Advance();
        if (events.Current is not DocumentStart)
            return new ConfigDocument(file, new ScalarNode(file, 1, 1, "", isPlain: true), []);
        events.Advance();
        var builder = new NodeBuilder(file, events);
        var root = builder.ReadRoot();
        events.Advance();
        if (events.Current is DocumentStart second)
        {
            var location = file.Locate((int)second.Start.Line, (int)second.Start.Column);
            throw new CraneException(
                CraneErrorId.CraneFileInvalid,
                $"{location}: a second YAML document begins here; a crane file is one document.",
                "Put each document in a file of its own and name them all: they merge.")
            { Location = location };
        }

        return new ConfigDocument(file, root, builder.MapsWithDuplicates);
    }
}
