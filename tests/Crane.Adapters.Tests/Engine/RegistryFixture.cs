using System.Runtime.InteropServices;
using Crane.Testing;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Puts images into an open registry without an engine, for those that an engine would not push.</summary>
internal sealed class RegistryFixture : IDisposable
{
    private readonly RegistrySeeder _seeder = new(new Uri($"http://{Testbed.Official}"));

    /// <summary>The architecture that the engine here pulls.</summary>
    public static string OwnArchitecture { get; } =
        RuntimeInformation.OSArchitecture == Architecture.X64 ? "amd64" : RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>One that it does not.</summary>
    public static string OtherArchitecture => "s390x";

    /// <summary>Puts an index with an image for each architecture; gives its digest and those of the images.</summary>
    public async Task<(string Index, IReadOnlyList<string> Manifests)> PutIndexAsync(ImageName name, params string[] architectures)
    {
        var images = new List<SampleManifest>();
        foreach (var architecture in architectures)
            images.Add(await _seeder.PutImageAsync(name.Repository, null, architecture, SampleLayer.Random(100_000)));
        var index = await _seeder.PutIndexAsync(name.Repository, name.Tag, [.. images]);
        return (index.Digest, index.Parts);
    }

    public void Dispose() => _seeder.Dispose();
}
