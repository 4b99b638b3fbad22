using Crane.CraneFile;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;

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
            return new CraneStackResult(null, [CraneException.From(failure)], []);
        }

        var (roots, errors, warnings) = (new List<MapNode>(), new List<CraneException>(), new List<string>());
        foreach (var found in files)
        {
            try
            {
                var document = YamlDocument.Read(CraneFileText.Read(found));
                var verdict = CraneFileRules.Judge(document, isAlone: files.Count == 1);
                errors.AddRange(verdict.Errors);
                warnings.AddRange(verdict.Warnings);
                if (document.Root is MapNode root)
                    roots.Add(root);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                errors.Add(CraneException.From(failure).About(found.Path));
            }
        }

        return new CraneStackResult(errors.Count == 0 ? CraneStack.Merge(roots, File.Exists) : null, errors, warnings);
    }
}
