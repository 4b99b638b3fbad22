using Crane.Building;
using Crane.Execution;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>What provisioning works with: what pulls into an engine, and its builder.</summary>
internal sealed record ProvisionStores(IMover Mover, IImageBuilder Builder) : IAsyncDisposable
{
    /// <exception cref="CraneException">As for <see cref="IAdapters.OpenStoreAsync"/>.</exception>
    public static async Task<ProvisionStores> OpenAsync(IAdapters adapters, StoreRequest request, int throttleLimit, CancellationToken cancellation)
    {
        var mover = await adapters.OpenMoverAsync(request, throttleLimit, cancellation);
        ProvisionStores? stores = null;
        try
        {
            return stores = new ProvisionStores(mover, await adapters.OpenBuilderAsync(request, cancellation));
        }
        finally
        {
            if (stores is null)
                await mover.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Builder.DisposeAsync();
        await Mover.DisposeAsync();
    }
}
