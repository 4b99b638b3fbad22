using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>What the order of builds and the links between them are made of.</summary>
public sealed class LocalDockerfilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_those_of_every_platform()
    {
        _folder.Write("Dockerfile", "FROM os-$TARGETARCH\nCOPY --from=tools a a\n");
        var read = new LocalDockerfiles(_ => null).Read(
            new ContainerBuild { Context = _folder.Path, Platform = ["linux/amd64", "linux/arm64"] });
        Assert.Equal(["os-amd64", "tools", "os-arm64"], read.Images.Select(image => image.Name));
        Assert.Equal("os-amd64", read.Parent);
    }

    [Fact]
    public void Images_of_unneeded_stages_before_the_target_are_separate()
    {
        _folder.Write("Dockerfile", "FROM tools AS test\nCOPY --from=os a a\nFROM os AS last\nFROM later\n");
        var read = new LocalDockerfiles(_ => null).Read(new ContainerBuild { Context = _folder.Path, Target = "last" });
        Assert.Equal(["os"], read.Images.Select(image => image.Name));
        Assert.Equal([("tools", 1)], read.Unneeded.Select(image => (image.Name, image.Line)));
    }
}
