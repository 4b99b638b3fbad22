using System.Text;
using Crane.Adapters.Machine;
using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using Crane.CraneFile.Variables;
using Crane.CraneFile;

namespace Crane.Adapters.Yaml;

/// <summary>Crane files on disk, in YAML or JSON.</summary>
internal sealed class CraneFileSource : ICraneFileSource
{
    /// <inheritdoc/>
    public CraneStackResult Load(CraneFileQuery query)
    {
        IReadOnlyList<FoundFile> files;
        try
        {
            files = CraneFileFinder.Find(query);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            return new CraneStackResult(null, [CraneException.From(failure)], [], query.Variables);
        }

        var documents = files.Select(Read).ToList();
        var secrets = ComposeSecrets.DeclaredIn(documents.Select(each => each.Document?.Root));
        var (roots, errors, warnings) = (new List<MapNode>(), new List<CraneException>(), new List<string>());
        foreach (var (document, error) in documents)
        {
            if (document is null)
            {
                errors.Add(error!);
                continue;
            }

            var verdict = CraneFileRules.Judge(document, isAlone: files.Count == 1, secrets);
            errors.AddRange(verdict.Errors);
            warnings.AddRange(verdict.Warnings);
            if (document.Root is MapNode root)
                roots.Add(root);
        }

        var variables = query.Variables;
        try
        {
            variables = EnvFiles.Read(query, files[0].Path);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            errors.Add(CraneException.From(failure));
        }

        return new CraneStackResult(errors.Count == 0 ? CraneStack.Merge(roots, File.Exists) : null, errors, warnings, variables);
    }

    private static (ConfigDocument? Document, CraneException? Error) Read(FoundFile found)
    {
        try
        {
            return (YamlDocument.Read(CraneFileText.Read(found)), null);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure))
        {
            return (null, CraneException.From(failure).About(found.Path));
        }
    }
}

/// <summary>Finds and reads files of variables.</summary>
internal static class EnvFiles
{
    private const string Default = ".env";

    /// <summary>The variables of a query, and of its files: <c>.env</c> beside the crane file, if it names none.</summary>
    /// <exception cref="CraneException">CraneFileNotFound for a file that is named; the errors of <see cref="EnvFile"/>.</exception>
    public static IVariables Read(CraneFileQuery query, string craneFile)
    {
        var files = query.EnvFile ?? [Path.Join(Path.GetDirectoryName(craneFile), Default)];
        if (files is [])
            return query.Variables;
        var values = new Dictionary<string, EnvValue>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (File.Exists(file))
                EnvFile.Read(CraneFileText.Read(new FoundFile(file, "a file of variables")), query.Variables, values);
            else if (query.EnvFile is not null)
                throw new CraneException(
                    CraneErrorId.CraneFileNotFound,
                    $"The file '{file}', given by -EnvFile, {(Directory.Exists(file) ? "is a folder" : "does not exist")}.",
                    "Correct the path.")
                { Subject = file };
        }

        return new FileVariables(query.Variables, values) { Files = files };
    }
}

/// <summary>Decodes crane files: UTF-8 with or without a byte order mark, UTF-16 with one.</summary>
internal static class CraneFileText
{
    private const string SaveAsUtf8 = "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CraneException">CraneFileInvalid where the file cannot be read, is too large or is not text.</exception>
    public static SourceFile Read(FoundFile found) => new(found.Path, Decode(Bytes(found.Path), found.Path), found.FoundBy);

    private static byte[] Bytes(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.CraneFileInvalid, $"'{path}' cannot be read: {exception.Message.TrimEnd('.')}.",
                (exception as FileRefusedException)?.Advice, exception)
            { Subject = path };
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        var (encoding, mark) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ((Encoding)Utf8, 3),
            [0xFF, 0xFE, 0x00, 0x00, ..] or [0x00, 0x00, 0xFE, 0xFF, ..] => throw Invalid(path, "is UTF-32"),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            [0x00, not 0x00, ..] or [not 0x00, 0x00, ..] => throw Invalid(path, "is UTF-16 without a byte order mark"),
            _ => (Utf8, 0),
        };
        bytes = bytes[mark..];
        try
        {
            var text = encoding.GetString(bytes);
            var zero = text.IndexOf('\0', StringComparison.Ordinal);

            // The YAML scanner takes a zero for the end of the file and would silently ignore the rest.
            return zero < 0 ? text : throw Invalid(path, "has a null character here", text, zero);
        }
        catch (DecoderFallbackException exception)
        {
            var text = new UTF8Encoding().GetString(bytes);
            throw encoding == Utf8
                ? Invalid(path, "is not valid UTF-8 from here on", text, new UTF8Encoding().GetCharCount(bytes[..exception.Index]))
                : Invalid(path, "is not valid UTF-16");
        }
    }

    private static CraneException Invalid(string path, string problem) =>
        new(CraneErrorId.CraneFileInvalid, $"'{path}' {problem}.", SaveAsUtf8) { Subject = path };

    private static CraneException Invalid(string path, string problem, string text, int at)
    {
        var before = text.AsSpan(0, at);
        var location = new SourceFile(path, text, "").Locate(before.Count('\n') + 1, at - before.LastIndexOf('\n'));
        return new CraneException(CraneErrorId.CraneFileInvalid, $"the file {problem}.", SaveAsUtf8) { Subject = path }.At(location);
    }
}
