using System.Reflection;

namespace Crane.Loading;

/// <summary>The adapters, loaded on first use so that importing the module stays fast.</summary>
internal static class Adapters
{
    private static readonly Lazy<IAdapters> Loaded = new(Load);

    public static IAdapters Current => Loaded.Value;

    private static IAdapters Load()
    {
        var folder = Path.Combine(Path.GetDirectoryName(typeof(Adapters).Assembly.Location)!, "dependencies");
        var assembly = new AdapterContext(folder).LoadFromAssemblyName(new AssemblyName("Crane.Adapters"));
        return (IAdapters)Activator.CreateInstance(assembly.GetType("Crane.Adapters.AdapterSet", throwOnError: true)!)!;
    }
}
