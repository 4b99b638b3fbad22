using Crane.CraneFile;

namespace Crane.Adapters.Yaml;

/// <summary>Finds the crane files of a query.</summary>
internal static class CraneFileFinder
{
    private const string Variable = "CRANE_CONFIG";

    private static readonly string[] Names = ["crane.yaml", "crane.yml", "crane.json"];

    // As docker compose looks for them, and the file that it merges over each.
    private static readonly (string File, string[] Overrides)[] ComposeNames =
    [
        ("compose.yaml", ["compose.override.yaml", "compose.override.yml"]),
        ("compose.yml", ["compose.override.yml", "compose.override.yaml"]),
        ("docker-compose.yml", ["docker-compose.override.yml", "docker-compose.override.yaml"]),
        ("docker-compose.yaml", ["docker-compose.override.yaml", "docker-compose.override.yml"]),
    ];

    private static readonly string AllNames = string.Join(", ", [.. Names, .. ComposeNames.Select(compose => compose.File)]);

    /// <summary>
    /// Returns the files in the order in which they merge: those of the query; else those of <c>CRANE_CONFIG</c>; else the
    /// one in the current folder or its nearest parent that has one; else the Compose file there, with its override file.
    /// </summary>
    /// <exception cref="CraneException">CraneFileNotFound, with the locations that were searched.</exception>
    public static IReadOnlyList<FoundFile> Find(CraneFileQuery query)
    {
        if (query.Path.Count > 0)
            return [.. query.Path.SelectMany(path => Given(path, "given by path"))];
        var configured = (query.Variables.Get(Variable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return configured.Length > 0
            ? [.. configured.SelectMany(path => Given(Path.GetFullPath(path, query.CurrentFolder), $"named by {Variable}"))]
            : Search(query.CurrentFolder);
    }

    private static IReadOnlyList<FoundFile> Given(string path, string how)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? [new FoundFile(path, how)] : throw new CraneException(
                CraneErrorId.CraneFileNotFound, $"The file '{path}', {how}, does not exist.", "Correct the path.")
            { Subject = path };
        var found = CraneFileIn(path) ?? ComposeFilesIn(path);
        return found is not null ? [.. found.Select(file => new FoundFile(file, $"found in a folder {how}"))] : throw new CraneException(
            CraneErrorId.CraneFileNotFound,
            $"The folder '{path}', {how}, has no {AllNames}.",
            "Give the path of the crane file itself, or make one there with New-CraneFile.")
        { Subject = path };
    }

    // A Compose file may only say how to run a stack whose images the crane file of a parent folder names.
    private static List<FoundFile> Search(string currentFolder)
    {
        foreach (var search in (Func<string, IReadOnlyList<string>?>[])[CraneFileIn, ComposeFilesIn])
            for (var folder = currentFolder; folder is not null; folder = Path.GetDirectoryName(folder))
                if (search(folder) is { } files)
                    return [.. files.Select(file => new FoundFile(file, folder == currentFolder
                        ? "found in the current folder"
                        : $"found in a parent of the current folder {currentFolder}"))];
        throw new CraneException(
            CraneErrorId.CraneFileNotFound,
            $"There is no {AllNames} in '{currentFolder}', nor in any of its parents.",
            $"Make one with New-CraneFile; 'Get-Help about_Crane_File' is the reference. Or change to the folder of a crane file, "
            + $"or name one with -Path or {Variable}.")
        { Subject = currentFolder };
    }

    private static string[]? CraneFileIn(string folder) => First(folder, Names) is { } file ? [file] : null;

    /// <summary>The Compose file in a folder, and the one that is merged over it; null for none.</summary>
    public static string[]? ComposeFilesIn(string folder)
    {
        foreach (var (name, overrides) in ComposeNames)
            if (First(folder, [name]) is { } file)
                return First(folder, overrides) is { } more ? [file, more] : [file];
        return null;
    }

    private static string? First(string folder, IEnumerable<string> names) =>
        names.Select(name => Path.Join(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>A crane file that exists.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="FoundBy">How it was found, as the end of a sentence.</param>
internal sealed record FoundFile(string Path, string FoundBy);
