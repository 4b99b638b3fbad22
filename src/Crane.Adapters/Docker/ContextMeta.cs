namespace Crane.Adapters.Docker;

/// <summary>A context's <c>meta.json</c>.</summary>
internal sealed record ContextMeta(string? Name = null, ContextEndpoints? Endpoints = null);

internal sealed record ContextEndpoints(ContextEndpoint? Docker);

internal sealed record ContextEndpoint(string? Host, bool SkipTlsVerify);
