using Crane.Adapters.Credentials;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Adapters.Resilience;
using Crane.Oci;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>A store of registries in an environment of its own, whose pauses are over at once.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly RegistryCredentials _credentials;

    public OpenStore(RegistryTimeouts? timeouts = null)
    {
        var environment = TestEnvironment.Of(_home);
        var time = new InstantTime();
        _credentials = new RegistryCredentials(new Dictionary<string, System.Net.NetworkCredential>(), environment);
        Http = new RegistryHttp(new RegistryClients(TimeSpan.Zero, timeouts, time), _credentials, environment, []);
        Store = new RegistryStore(Http, new TransientRetry(time));
    }

    public RegistryHttp Http { get; }

    public RegistryStore Store { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Copies an image with all that it needs, as simply as can be.</summary>
    public async Task CopyAsync(ImageName from, ImageName to)
    {
        var found = await Store.ResolveAsync(from, Cancellation);
        await Store.WriteTagAsync(to, await CopyPartsAsync(from, to, found!), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _credentials.Dispose();
        _home.Dispose();
    }

    private async Task<Manifest> CopyPartsAsync(ImageName from, ImageName to, Descriptor descriptor)
    {
        var manifest = await Store.ReadManifestAsync(from, descriptor, Cancellation);
        foreach (var child in manifest.Manifests)
            await Store.WriteManifestAsync(to, await CopyPartsAsync(from, to, child), Cancellation);
        foreach (var blob in manifest.IsIndex ? [] : manifest.Blobs)
            await Store.WriteBlobAsync(
                to, new BlobWrite(blob, (offset, token) => Store.OpenBlobAsync(from, blob, offset, token)), Cancellation);
        return manifest;
    }
}
