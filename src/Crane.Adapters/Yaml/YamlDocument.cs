using Crane.Configuration;
using YamlDotNet.Core;
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
        try
        {
            using var text = new StringReader(file.Text);
            return Read(file, new Parser(text));
        }
        catch (YamlException exception)
        {
            throw Unreadable(file, (int)exception.Start.Line, (int)exception.Start.Column, exception);
        }
    }

    private static ConfigDocument Read(SourceFile file, Parser parser)
    {
        parser.MoveNext();
        parser.MoveNext();
        if (parser.Current is not DocumentStart)
            return new ConfigDocument(file, new ScalarNode(file, 1, 1, "", isPlain: true), []);
        parser.MoveNext();
        var builder = new NodeBuilder(file, parser);
        var root = builder.ReadRoot();
        parser.MoveNext();
        if (parser.Current is DocumentStart second)
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

    private static CraneException Unreadable(SourceFile file, int line, int column, YamlException exception)
    {
        var location = file.Locate(Math.Max(1, line), Math.Max(1, column));
        var message = exception.Message;
        return CraneFileKind.Template(file, location) ?? new CraneException(
            CraneErrorId.CraneFileInvalid,
            $"{location}: this is no valid YAML: {message.TrimEnd('.')}.",
            location.LineText.TrimStart(' ').StartsWith('\t') ? "Indent with spaces: YAML allows no tabs there." : null,
            exception)
        { Location = location };
    }
}
