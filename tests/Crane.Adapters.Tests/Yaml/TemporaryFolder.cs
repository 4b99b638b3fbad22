using System.Text;
using Crane.CraneFile;
using Crane.CraneFile.Variables;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("crane-").FullName;

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] bytes)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string At(string name) => System.IO.Path.Join(Path, name);

    public CraneStackResult Load(params string[] names) => LoadWith(new GivenVariables(), names);

    public CraneStackResult LoadWith(IVariables variables, params string[] names) =>
        CraneFile.Load(new CraneFileQuery([.. names.Select(At)], Path, variables));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
