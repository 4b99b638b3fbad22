using System.Reflection;
using System.Runtime.Loader;

namespace Crane.Loading;

/// <summary>
/// Loads Crane.Adapters and its packages from <c>dependencies/</c>, apart from other versions of the same packages that other
/// modules load. Crane.Core is shared with the cmdlets.
/// </summary>
internal sealed class AdapterContext(string folder) : AssemblyLoadContext("Crane")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var core = typeof(CraneException).Assembly;
        if (assemblyName.Name == core.GetName().Name)
            return core;
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
