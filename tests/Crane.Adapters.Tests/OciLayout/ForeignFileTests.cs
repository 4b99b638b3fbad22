using Crane.Adapters.OciLayout;
using Crane.Adapters.Tests.Building;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>A folder in which others have put links, pipes and devices: nothing outside of it is written, and nothing waits.</summary>
public sealed class ForeignFileTests : IAsyncDisposable
{
    private readonly Layout _layout = new();
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _home.Dispose();
        await _layout.DisposeAsync();
    }

    [Theory]
    [InlineData(".crane/index.json.new")]
    [InlineData(".crane/oci-layout.new")]
    [InlineData(".crane/index.json.0123456789abcdef0123456789abcdef.new")]
    public async Task A_link_instead_of_a_new_file_is_not_followed(string name)
    {
        var victim = Link(name);
        var image = SampleImage.Make();
        await image.WriteAsync(await _layout.OpenAsync(), "company/os:1");
        Assert.Equal("mine", await File.ReadAllTextAsync(victim, Cancellation));
        Assert.Single(_layout.Entries());
    }

    [Theory]
    [InlineData(".crane/index.lock")]
    [InlineData("index.json")]
    public async Task A_link_instead_of_a_lock_or_of_the_index_is_refused_before_anything_is_transferred(string name)
    {
        _layout.WriteEntries();
        var index = await File.ReadAllTextAsync(Path.Combine(_layout.Folder, "index.json"), Cancellation);
        var victim = Link(name, index);
        await AssertRefusedAsync("it is a link", name);
        Assert.Equal(index, await File.ReadAllTextAsync(victim, Cancellation));
        Assert.NotNull(new FileInfo(Path.Combine(_layout.Folder, name)).LinkTarget);
    }

    [Fact]
    public async Task A_link_instead_of_a_partial_blob_is_refused()
    {
        _layout.WriteEntries();
        var image = SampleImage.Make();
        var blob = image.Blobs.First();
        var victim = Link(Path.GetRelativePath(_layout.Folder, _layout.PartialPath(blob.Digest)));
        await AssertRefusedAsync("it is a link", Path.GetFileName(victim)[..30], image);
        Assert.Equal("mine", await File.ReadAllTextAsync(victim, Cancellation));
    }

    [Theory]
    [InlineData(".crane")]
    [InlineData(".crane/partial")]
    public async Task A_link_instead_of_crane_s_own_folder_is_refused(string name)
    {
        _layout.WriteEntries();
        var path = Path.Combine(_layout.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateSymbolicLink(path, _home.Path);
        await AssertRefusedAsync("it is a link", name);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    public async Task A_pipe_is_not_waited_for(string name)
    {
        _layout.WriteEntries();
        File.Delete(Path.Combine(_layout.Folder, name));
        await Shell.RunAsync(_layout.Folder, "mkfifo", name);
        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(_layout.Folder, Cancellation));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains($"{name}' cannot be read: it is a pipe", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    public async Task A_device_is_not_read(string name)
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "The test needs a device without an end.");
        _layout.WriteEntries();
        File.Delete(Path.Combine(_layout.Folder, name));
        File.CreateSymbolicLink(Path.Combine(_layout.Folder, name), "/dev/zero");
        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(_layout.Folder, Cancellation));
        Assert.Contains("it is a device", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"mediaType":7,"digest":{},"size":"x"}""")]
    [InlineData("""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:zz","size":1e400}""")]
    [InlineData("""{"mediaType":"application/vnd.oci.image.manifest.v1+json\ud800","digest":"\udc00","size":-1}""")]
    [InlineData("""{"annotations":{"org.opencontainers.image.ref.name":"\ud800","io.containerd.image.name":7}}""")]
    [InlineData("""{"annotations":{"\ud800":"x"},"annotations":[]}""")]
    public async Task An_odd_entry_stays_as_it_is_and_affects_no_other(string entry)
    {
        _layout.WriteEntries(entry);
        var image = SampleImage.Make();
        await image.WriteAsync(await _layout.OpenAsync(), "company/os:1");
        Assert.Equal(image.Digest, (await (await _layout.OpenAsync()).ResolveAsync(ImageName.Parse("company/os:1"), Cancellation))?.Digest);
        Assert.Contains(entry, await File.ReadAllTextAsync(_layout.Index, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"\ud800":1,"manifests":[]}""")]
    [InlineData("""{"schemaVersion":"\ud800"}""")]
    [InlineData("\"\\ud800\"")]
    public async Task An_index_with_an_unpaired_surrogate_is_an_error(string index)
    {
        _layout.WriteIndex(index);
        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(_layout.Folder, Cancellation));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains("index.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_an_error_with_the_limit()
    {
        _layout.WriteEntries();
        await using (var file = File.OpenWrite(Path.Combine(_layout.Folder, "index.json")))
            file.SetLength(64 * 1024 * 1024 + 1);
        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(_layout.Folder, Cancellation));
        Assert.Contains("it is larger than 64 MB", error.Message, StringComparison.Ordinal);
    }

    private string Link(string name, string content = "mine")
    {
        var path = Path.Combine(_layout.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var victim = _home.Write(Path.GetFileName(path), content);
        File.Delete(path);
        File.CreateSymbolicLink(path, victim);
        return victim;
    }

    private async Task AssertRefusedAsync(string why, string name, SampleImage? image = null)
    {
        var error = await Assert.ThrowsAsync<CraneException>(
            async () => await (image ?? SampleImage.Make()).WriteAsync(await _layout.OpenAsync(), "company/os:1"));
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}
