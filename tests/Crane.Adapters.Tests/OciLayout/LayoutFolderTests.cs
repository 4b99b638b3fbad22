using System.Text.Json;
using Crane.Adapters.OciLayout;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class LayoutFolderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_folder_has_no_images_and_reading_does_not_create_it()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();

        Assert.Null(await store.ResolveAsync(Sample.Repository, Cancellation));
        Assert.Empty(await store.ReferrersAsync(Sample.Repository, SampleImage.Make().Digest, Cancellation));
        Assert.False(await store.HasManifestAsync(Sample.Repository, SampleImage.Make().Manifest.Descriptor, Cancellation));
        Assert.False(Directory.Exists(layout.Folder));
        Assert.Equal($"oci:{layout.Folder}", store.Name);
    }

    [Fact]
    public async Task The_first_write_makes_it_a_layout_with_nothing_left_over()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();

        await image.WriteAsync(store, "company/os");

        using var marker = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(layout.Folder, "oci-layout"), Cancellation));
        Assert.Equal("1.0.0", marker.RootElement.GetProperty("imageLayoutVersion").GetString());
        using var index = JsonDocument.Parse(await File.ReadAllTextAsync(layout.Index, Cancellation));
        Assert.Equal(2, index.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("application/vnd.oci.image.index.v1+json", index.RootElement.GetProperty("mediaType").GetString());
        Assert.Equal(
            image.Blobs.Select(blob => blob.Digest).Append(image.Digest).Select(digest => $"blobs/sha256/{digest.Hex}")
                .Concat(["index.json", "oci-layout"]).Order(StringComparer.Ordinal),
            layout.Files());
    }

    [Fact]
    public async Task A_blob_alone_makes_a_whole_layout_too()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();

        await store.WriteBlobAsync(Sample.Repository, image.Write(image.Blobs.First()), Cancellation);

        Assert.True(File.Exists(Path.Combine(layout.Folder, "oci-layout")));
        Assert.Empty(layout.Entries());
    }

    [Fact]
    public async Task An_empty_folder_and_one_of_a_disk_of_its_own_are_free_to_be_used()
    {
        await using var layout = new Layout();
        Directory.CreateDirectory(Path.Combine(layout.Folder, "lost+found"));
        var store = await layout.OpenAsync();

        await SampleImage.Make().WriteAsync(store, "company/os");

        Assert.Equal(["company/os:latest"], layout.RefNames());
    }

    [Fact]
    public async Task What_a_killed_process_left_in_a_new_folder_does_no_harm()
    {
        await using var layout = new Layout();
        layout.Write(".crane/oci-layout.new", "{\"imageLay");
        layout.Write(".crane/index.lock", "");
        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/os");

        File.Delete(layout.Index);      // as if it had ended between the two files
        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/service");

        Assert.Equal(["company/service:latest"], layout.RefNames());
    }

    [Fact]
    public async Task A_folder_with_other_files_is_refused_and_stays_as_it_is()
    {
        await using var layout = new Layout();
        layout.Write("photo.jpg", "");

        var error = await Assert.ThrowsAsync<CraneException>(() => layout.OpenAsync());

        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains($"'{layout.Folder}' is not an image layout", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
        Assert.Equal(["photo.jpg"], layout.Files());
    }

    [Fact]
    public async Task A_folder_that_others_filled_after_it_was_opened_is_refused_when_written_to()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        layout.Write("photo.jpg", "");

        var error = await Assert.ThrowsAsync<CraneException>(() => SampleImage.Make().WriteAsync(store, "company/os"));

        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Equal(["photo.jpg"], layout.Files());
    }

    [Fact]
    public async Task A_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("image.tar", "");

        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(path, Cancellation));

        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains($"'{path}' is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_path_is_refused_since_its_caller_knows_what_it_is_relative_to()
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync("images", Cancellation));
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
    }

    [Theory]
    [InlineData("""{"imageLayoutVersion":"2.0.0"}""", "'2.0.0'")]
    [InlineData("""{"imageLayoutVersion":"1"}""", "'1'")]
    [InlineData("""{"imageLayoutVersion":1}""", "is invalid")]
    [InlineData("{}", "is invalid")]
    [InlineData("[]", "is invalid")]
    [InlineData("1.0.0", "is invalid")]
    [InlineData("""{"imageLayoutVersion":"\ud800"}""", "is invalid")]
    [InlineData("", "is invalid")]
    public async Task A_layout_of_another_version_is_refused(string marker, string message)
    {
        await using var layout = new Layout();
        var path = layout.Write("oci-layout", marker);

        var error = await Assert.ThrowsAsync<CraneException>(() => layout.OpenAsync());

        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"schemaVersion":2,"manifests":[""")]
    [InlineData("[]")]
    [InlineData("""{"schemaVersion":2,"manifests":{}}""")]
    [InlineData("""{"schemaVersion":1,"manifests":[]}""")]
    [InlineData("""{"schemaVersion":"2","manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"manifests":[]}""")]
    public async Task A_broken_index_is_an_error_and_never_overwritten(string index)
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        layout.WriteIndex(index);

        foreach (var error in new[]
        {
            await Assert.ThrowsAsync<CraneException>(() => layout.OpenAsync()),
            await Assert.ThrowsAsync<CraneException>(() => store.ResolveAsync(Sample.Repository, Cancellation)),
            await Assert.ThrowsAsync<CraneException>(() => SampleImage.Make().WriteAsync(store, "company/os")),
        })
        {
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains($"'{layout.Index}' is not a valid index of an image layout", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.RecommendedAction);
        }
        Assert.Equal(index, await File.ReadAllTextAsync(layout.Index, Cancellation));
    }

    [Theory]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"manifests":null}""")]
    [InlineData("""{"manifests":[]}""")]
    public async Task An_index_without_a_list_has_no_images(string index)
    {
        await using var layout = new Layout();
        layout.WriteIndex(index);
        var store = await layout.OpenAsync();
        Assert.Null(await store.ResolveAsync(Sample.Repository, Cancellation));

        await SampleImage.Make().WriteAsync(store, "company/os");

        Assert.Equal(["company/os:latest"], layout.RefNames());
    }
}
