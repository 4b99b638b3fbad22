using Crane.Building;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>What provisioning works with: the images of an engine, and its builder.</summary>
internal sealed record ProvisionStores(IImageStore Images, IImageBuilder Builder) : IAsyncDisposable
{
    /// <exception cref="CraneException">As for <see cref="IAdapters.OpenStoreAsync"/>.</exception>
    public static async Task<ProvisionStores> OpenAsync(IAdapters adapters, StoreRequest request, CancellationToken cancellation)
    {
        var images = await adapters.OpenStoreAsync(request, cancellation);
        ProvisionStores? stores = null;
        try
        {
            return stores = new ProvisionStores(images, await adapters.OpenBuilderAsync(request, cancellation));
        }
        finally
        {
            if (stores is null)
                await images.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Builder.DisposeAsync();
        await Images.DisposeAsync();
    }
}
