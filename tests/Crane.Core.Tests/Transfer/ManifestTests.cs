using System.Text;
using Crane.Oci;

namespace Crane.Core.Tests.Transfer;

/// <summary>What manifests say of the content that they need.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue / 2 + 1, long.MaxValue / 2 + 1)]
    public void Sizes_that_nothing_can_have_add_up_to_the_most_that_can_be_said(long first, long second) =>
        Assert.Equal(long.MaxValue, Read($$"""{"config":{{Blob(2)}},"layers":[{{Blob(first)}},{{Blob(second)}}]}""").ContentSize);

    [Fact]
    public void Sizes_add_up() => Assert.Equal(2 + 3 + 3, Read($$"""{"config":{{Blob(2)}},"layers":[{{Blob(3)}},{{Blob(3)}}]}""").ContentSize);

    [Fact]
    public void Artifact_has_blobs_and_no_configuration()
    {
        var artifact = Read($$"""{"mediaType":"{{MediaTypes.OciArtifact}}","artifactType":"a/b","blobs":[{{Blob(3)}}],"subject":{{Blob(9)}}}""");
        Assert.Equal((MediaTypes.OciArtifact, "a/b"), (artifact.Descriptor.MediaType, artifact.Descriptor.ArtifactType));
        Assert.Equal([3], artifact.Blobs.Select(blob => blob.Size));
        Assert.Equal(9, artifact.Subject?.Size);
        Assert.Null(artifact.Config);
    }

    private static Manifest Read(string json) => Manifest.Read(Encoding.UTF8.GetBytes(json), null, null, ImageName.Parse("r.co/a"));

    private static string Blob(long size) => $$"""{"mediaType":"a/b","digest":"sha256:{{new string('1', 64)}}","size":{{size}}}""";
}
