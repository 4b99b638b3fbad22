using System.Text.Json;
using Crane.Adapters.Engine;
using Crane.Comparing;
using Docker.DotNet.Models;

namespace Crane.Adapters.Tests.Engine;

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
    public void An_origin_is_a_digest_that_a_registry_gave()
    {
        var overlay2 = $$"""{"Id":"{{Hash('c')}}","RepoTags":["t:1"],"RepoDigests":["r.co/t@{{Hash('1')}}"]}""";
        Assert.Equal([$"r.co/t@{Hash('1')}"], Read(overlay2).Origins.Select(name => name.ToString()));
        Assert.Equal(["t:1"], Read(overlay2).Names.Select(name => name.ToString()));
        // Containerd's store gives every image a digest, and podman one to each name.
        Assert.Empty(Read($$"""{"Id":"{{Hash('1')}}","RepoTags":["t:1"],"RepoDigests":["t@{{Hash('1')}}"]}""").Origins);
        Assert.Empty(Read(overlay2, namesAreOrigins: false).Origins);
    }

    [Theory]
    [InlineData(true, "0")]
    [InlineData(false, "1")]
    public void Of_an_index_that_is_not_here_whole_one_manifest_is_pushed(bool isWhole, string pushed)
    {
        var image = Read($$"""
            {"Id":"{{Hash('0')}}","Os":"linux","Architecture":"amd64","Descriptor":{"digest":"{{Hash('0')}}"},"Manifests":[
              {"Descriptor":{"digest":"{{Hash('1')}}"},"Available":true,"ImageData":{"Platform":{"os":"linux","architecture":"amd64"} } },
              {"Descriptor":{"digest":"{{Hash('2')}}"},"Available":{{(isWhole ? "true" : "false")}},"ImageData":{"Platform":{"os":"linux","architecture":"arm64","variant":"v8"} } },
              {"Descriptor":{"digest":"{{Hash('3')}}"},"Available":true,"AttestationData":{"For":"x"} }]}
            """);
        Assert.Equal(Hash(pushed[0]), image.PushDigest?.ToString());
        Assert.Equal(isWhole ? "linux/amd64 linux/arm64" : "linux/amd64", string.Join(' ', image.Platforms));
        Assert.Equal(isWhole ? "" : "linux/arm64", string.Join(' ', image.AbsentPlatforms));
    }

    [Fact]
    public void Store_without_manifests_makes_them_when_it_pushes() =>
        Assert.Null(Read($$"""{"Id":"{{Hash('c')}}","RepoDigests":["r.co/t@{{Hash('1')}}"]}""").PushDigest);

    [Fact]
    public void Content_is_the_same_under_another_digest_and_in_another_store()
    {
        static string Image(string id, string run) =>
            $$"""{"Id":"{{Hash(id[0])}}","Os":"linux","Architecture":"amd64","RootFS":{"Layers":["{{Hash('d')}}"]},"Config":{{run}} }""";
        var hash = Read(Image("1", """{"Cmd":["sh"],"Env":null,"Labels":{"a":"b"} }""")).ContentHash;
        Assert.Equal(hash, Read(Image("2", """{"Labels":{"a":"b"},"Env":null,"Cmd":["sh"]}""")).ContentHash);
        Assert.NotEqual(hash, Read(Image("1", """{"Cmd":["ls"],"Env":null,"Labels":{"a":"b"} }""")).ContentHash);
        Assert.NotEqual(hash, Read(Image("1", """{"Cmd":["sh"],"Env":null,"Labels":{"a":"c"} }""")).ContentHash);
    }

    [Fact]
    public void Image_that_was_never_in_a_registry_has_no_digests() =>
        Assert.Empty(Read($$"""{"Id":"{{Hash('c')}}","RepoDigests":null,"RootFS":{"Type":"layers"} }""").Digests);

    private static string Hash(char digit) => $"sha256:{new string(digit, 64)}";

    private static LocalImage Read(string json, bool namesAreOrigins = true) =>
        JsonSerializer.Deserialize<ImageInspectResponse>(json)!.ToLocalImage(namesAreOrigins);

    private static IEnumerable<string> Digests(LocalImage image) =>
        image.Digests.Select(digest => digest.ToString()).Order(StringComparer.Ordinal);
}
