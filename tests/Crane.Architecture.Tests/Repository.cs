using System.Reflection;

namespace Crane.Architecture.Tests;

/// <summary>The folder that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string Folder = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Repository").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);
}
