namespace Crane.Oci;

/// <summary>What images can be read from and written to.</summary>
internal interface IContentStore : IContentSource, IContentTarget, IAsyncDisposable
{
    /// <summary>How the store is called in results and messages, such as <c>oci:/srv/images</c>.</summary>
    string Name { get; }
}
