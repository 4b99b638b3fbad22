using Crane.CraneFile;

namespace Crane.Adapters.Yaml;

/// <summary>Finds the crane files of a query.</summary>
internal static class CraneFileFinder
{
    private const string Variable = "CRANE_CONFIG";

    private static readonly string[] Names = ["crane.yaml", "crane.yml", "crane.json"];

    /// <summary>
    /// Returns the files in the order in which they merge: those of the query; else those of <c>CRANE_CONFIG</c>; else the
    /// one in the current folder or its nearest parent that has one.
    /// </summary>
    /// <exception cref="CraneException">CraneFileNotFound, with the locations that were searched.</exception>
    public static IReadOnlyList<FoundFile> Find(CraneFileQuery query)
    {
        if (query.Path.Count > 0)
            return [.. query.Path.Select(path => Given(path, "given by path"))];
        var configured = (query.Variables.Get(Variable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return configured.Length > 0
            ? [.. configured.Select(path => Given(Path.GetFullPath(path, query.CurrentFolder), $"named by {Variable}"))]
            : [Search(query.CurrentFolder)];
    }

    private static FoundFile Given(string path, string how)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? new FoundFile(path, how) : throw new CraneException(
                CraneErrorId.CraneFileNotFound, $"The file '{path}', {how}, does not exist.", "Correct the path.")
            { Subject = path };
        return InFolder(path) is { } file ? new FoundFile(file, $"found in a folder {how}") : throw new CraneException(
            CraneErrorId.CraneFileNotFound,
            $"The folder '{path}', {how}, has no {string.Join(", ", Names)}.",
            "Give the path of the crane file itself.")
        { Subject = path };
    }

    private static FoundFile Search(string currentFolder)
    {
        for (var folder = currentFolder; folder is not null; folder = Path.GetDirectoryName(folder))
            if (InFolder(folder) is { } file)
                return new FoundFile(
                    file,
                    folder == currentFolder ? "found in the current folder" : $"found in a parent of the current folder {currentFolder}");
        throw new CraneException(
            CraneErrorId.CraneFileNotFound,
            $"There is no {string.Join(", ", Names)} in '{currentFolder}', nor in any of its parents.",
            $"Change to the folder of a crane file, or name one with -Path or {Variable}.")
        { Subject = currentFolder };
    }

    private static string? InFolder(string folder) => Names.Select(name => Path.Join(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>A crane file that exists.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="FoundBy">How it was found, as the end of a sentence.</param>
internal sealed record FoundFile(string Path, string FoundBy);
