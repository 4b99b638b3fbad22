using System.Text;
using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class DockerfileTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Invalid_UTF8_matters_only_where_it_occurs()
    {
        var path = Write([.. "# caf"u8, 0xE9, .. "\nFROM alpine\n"u8]);

        Assert.Equal(["alpine"], Dockerfile.All(DockerfileText.Read(path)));
    }

    [Fact]
    public void Byte_order_mark_is_not_part_of_the_first_line() =>
        Assert.Equal(["alpine"], Dockerfile.All(DockerfileText.Read(Write([.. Encoding.UTF8.Preamble, .. "FROM alpine"u8]))));

    [Fact]
    public void Missing()
    {
        var error = Assert.Throws<CraneException>(() => DockerfileText.Read(Path.Join(_folder.Path, "none", "Dockerfile")));

        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains("Dockerfile' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("'file' in the build section", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder()
    {
        var error = Assert.Throws<CraneException>(() => DockerfileText.Read(_folder.Path));

        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_says_how_to_save() => Assert.Contains(
        "as UTF-8", Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("FROM a")]).RecommendedAction, StringComparison.Ordinal);

    [Fact]
    public void Too_large() => Assert.Contains(
        "larger than 16 MB", Refused(new byte[(16 * 1024 * 1024) + 1]).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private CraneException Refused(byte[] bytes)
    {
        var path = Write(bytes);
        return Assert.Throws<CraneException>(() => DockerfileText.Read(path));
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Join(_folder.Path, "Dockerfile");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
