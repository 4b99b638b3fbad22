using Crane.Building;
using Crane.Execution;
using Crane.Loading;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>What provisioning works with: what pulls into an engine, and its builder.</summary>
internal sealed record ProvisionStores(IMover Mover, RunBuilder Builder) : IAsyncDisposable
{
    /// <exception cref="CraneException">As for <see cref="RunBuilder.OpenAsync"/>.</exception>
    public static async Task<ProvisionStores> OpenAsync(
        BuildCommand command, StoreRequest request, IEnumerable<BuildNode> nodes, CancellationToken cancellation)
    {
        var mover = await Adapters.Current.OpenMoverAsync(request, command.ThrottleLimit, cancellation);
        ProvisionStores? stores = null;
        try
        {
#pragma warning disable CA2000 // It belongs to what is returned.
            return stores = new ProvisionStores(mover, await RunBuilder.OpenAsync(command, request, nodes, cancellation));
#pragma warning restore CA2000
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
