using System.Reflection;
using System.Runtime.Loader;

namespace Crane.Loading;

/// <summary>
/// Where Crane.Adapters and its packages live. Other modules bring other versions of the same packages into the
/// session; here everything comes from <c>dependencies/</c>, except what is shared with the cmdlets.
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
