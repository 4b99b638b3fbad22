using System.Text.Json;
using Crane.Adapters.Docker;
using Crane.Stores;

namespace Crane.Adapters.Tests.Docker;

public sealed class EngineImageTests
{
    [Fact]
    public void Overlay2_knows_the_digests_it_pulled_and_pushed()
    {
        var image = Read($$"""
            {"Id":"{{Hash('c')}}","RepoDigests":["r.co/t@{{Hash('1')}}","[::1]:5000/u@{{Hash('2')}}"],
             "Os":"linux","Architecture":"amd64","RootFS":{"Type":"layers","Layers":["{{Hash('d')}}"]} }
            """);
        Assert.Equal([Hash('1'), Hash('2')], Digests(image));
        Assert.Equal([Hash('d')], image.Layers);
        Assert.Equal(Hash('c'), image.Id);
    }

    [Fact]
    public void Containerd_knows_its_index_and_the_manifest_of_the_platform_that_is_shown()
    {
        var image = Read($$"""
            {"Id":"{{Hash('0')}}","RepoDigests":[],"Os":"linux","Architecture":"arm64","Variant":"v8",
             "Descriptor":{"digest":"{{Hash('0')}}"},"Manifests":[
              {"ID":"a","Descriptor":{"digest":"{{Hash('1')}}"},"Available":true,"Kind":"image",
               "ImageData":{"Platform":{"os":"linux","architecture":"arm64","variant":"v8"} } },
              {"ID":"b","Descriptor":{"digest":"{{Hash('2')}}"},"Available":true,"Kind":"image",
               "ImageData":{"Platform":{"os":"linux","architecture":"amd64"} } },
              {"ID":"c","Descriptor":{"digest":"{{Hash('3')}}"},"Available":false,"Kind":"image",
               "ImageData":{"Platform":{"os":"linux","architecture":"arm64","variant":"v8"} } },
              {"ID":"d","Descriptor":{"digest":"{{Hash('4')}}"},"Available":true,"Kind":"attestation","AttestationData":{"For":"x"} }]}
            """);
        Assert.Equal([Hash('0'), Hash('1')], Digests(image));
    }

    [Fact]
    public void Image_that_was_never_in_a_registry_has_no_digests() =>
        Assert.Empty(Read($$"""{"Id":"{{Hash('c')}}","RepoDigests":null,"RootFS":{"Type":"layers"} }""").Digests);

    private static string Hash(char digit) => $"sha256:{new string(digit, 64)}";

    private static LocalImage Read(string json) => JsonSerializer.Deserialize(json, DockerJson.Default.EngineImage)!.ToLocalImage();

    private static IEnumerable<string> Digests(LocalImage image) =>
        image.Digests.Select(digest => digest.ToString()).Order(StringComparer.Ordinal);
}
