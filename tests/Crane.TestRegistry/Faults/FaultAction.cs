namespace Crane.Testing;

/// <summary>
/// What goes wrong with one request: see <see cref="ResponseFault"/>, <see cref="DownloadFault"/> and
/// <see cref="UploadFault"/>.
/// </summary>
/// <param name="exchange">The request, the way on to the registry, and the way back to the client.</param>
public delegate Task FaultAction(FaultExchange exchange);
