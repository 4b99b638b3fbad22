using System.Formats.Tar;
using System.Net;
using System.Text.Json;
using Crane.Adapters.Engine;
using Crane.Moving.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>
/// A store at a real engine, for one test: its images have names that no other test uses, are made by the engine's own
/// import of a tar file, and are gone afterwards.
/// </summary>
internal sealed class SampleImages : IAsyncDisposable
{
    private readonly string _id = Guid.NewGuid().ToString("n");
    private readonly List<ImageName> _names = [];
    private readonly UnixEndpoint _endpoint;

    private SampleImages(UnixEndpoint endpoint, IImageStore store, StoreRequest request) =>
        (_endpoint, Store, Request) = (endpoint, store, request);

    public IImageStore Store { get; }

    /// <summary>What the store was opened with.</summary>
    public StoreRequest Request { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A store at the engine with that image store, with the given password for the personal registry.</summary>
    public static async Task<SampleImages> OpenAsync(string imageStore, string? password = null)
    {
        var address = Testbed.Engine(imageStore);
        var credentials = new Dictionary<string, NetworkCredential>();
        if (password is not null)
            credentials[Testbed.Personal] = new(Testbed.PersonalUser, password);
        using var home = new TemporaryFolder();
        var environment = TestEnvironment.Of(home);
        var request = new StoreRequest(address, credentials);
        var store = await DockerEngine.OpenAsync(request, environment, Cancellation);
        return new SampleImages((UnixEndpoint)new EngineSearch(environment).Find(address)[0], store, request);
    }

    /// <summary>A name of this test's own; nothing is there yet.</summary>
    public ImageName Name(string registry, string name = "os:1")
    {
        var image = ImageName.Parse($"{registry}/crane-test-{_id}/{name}");
        _names.Add(image);
        return image;
    }

    /// <summary>An image of random bytes, so that no registry has a layer of it.</summary>
    public async Task<ImageName> ImportAsync(string registry, string name = "os:1", int size = 100_000)
    {
        var image = Name(registry, name);
        await ImportAsync(image, Tar(size));
        return image;
    }

    /// <summary>An image with a shell and the usual commands in /bin.</summary>
    public async Task<ImageName> ImportShellAsync(string registry, string name = "shell:1")
    {
        var image = Name(registry, name);
        await ImportAsync(image, await ShellTarAsync());
        return image;
    }

    /// <summary>The engine's own description of an image.</summary>
    public async Task<JsonElement> InspectAsync(ImageName image)
    {
        using var client = new HttpClient(EngineConnector.Handler(_endpoint)) { BaseAddress = _endpoint.Root };
        var json = await client.GetStringAsync(new Uri($"images/{EngineReference.Name(image)}/json", UriKind.Relative), Cancellation);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Waits until the engine has removed the containers of an image.</summary>
    public async Task UntilUnusedAsync(ImageName image)
    {
        using var client = new HttpClient(EngineConnector.Handler(_endpoint)) { BaseAddress = _endpoint.Root };
        var filter = Uri.EscapeDataString($$"""{"ancestor":["{{image.FullName}}"]}""");
        var containers = new Uri($"containers/json?all=1&filters={filter}", UriKind.Relative);
        while ((await client.GetStringAsync(containers, Cancellation)).Trim() != "[]")
            await Task.Delay(50, Cancellation);
    }

    private async Task ImportAsync(ImageName image, byte[] tar)
    {
        using var client = new HttpClient(EngineConnector.Handler(_endpoint)) { BaseAddress = _endpoint.Root };
        using var content = new ByteArrayContent(tar);
        content.Headers.ContentType = new("application/x-tar");
        var repository = Uri.EscapeDataString(EngineReference.Repository(image));
        using var response = await client.PostAsync(
            new Uri($"images/create?fromSrc=-&repo={repository}&tag={image.Tag}", UriKind.Relative), content, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<byte[]> ShellTarAsync()
    {
        using var stream = new MemoryStream();
        await using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            await tar.WriteEntryAsync(Testbed.Busybox, "bin/busybox", Cancellation);
            foreach (var command in (string[])["sh", "cat", "echo", "sleep", "test", "true", "false"])
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{command}") { LinkName = "busybox" }, Cancellation);
        }
        return stream.ToArray();
    }

    /// <summary>A tar file with one file of random bytes.</summary>
    public static byte[] Tar(int size)
    {
        var bytes = new byte[size];
        Random.Shared.NextBytes(bytes);
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(bytes) });
        return stream.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names)
            await Store.UntagAsync(name, CancellationToken.None);
        await Store.DisposeAsync();
    }
}
