using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Testing.Hosting;
using Crane.Testing.Storage;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Distribution;

/// <summary>What can be listed: repositories, tags, and what refers to a manifest.</summary>
internal sealed class ListEndpoint(RegistryFolder folder, Manifests manifests, TestRegistryOptions options)
{
    public Task CatalogAsync(HttpContext context)
    {
        var all = folder.Repositories().Order(StringComparer.Ordinal);
        return SendAsync(context, new { repositories = Page.Of(context, all, name => name, options.PageSize) });
    }

    public Task TagsAsync(HttpContext context, string repository)
    {
        if (!folder.Repositories().Contains(repository))
            throw new RegistryException(404, "NAME_UNKNOWN", $"There is no repository '{repository}'.");
        var tags = Page.Of(context, manifests.Tags(repository), tag => tag, options.PageSize);
        return SendAsync(context, new { name = repository, tags });
    }

    public async Task ReferrersAsync(HttpContext context, string repository, string reference)
    {
        if (!options.HasReferrers)
            throw new RegistryException(404, "UNSUPPORTED", "This registry has no API for referrers.");
        var digest = ContentDigest.Parse(reference) ?? throw RegistryException.NoDigest(reference);
        var all = await manifests.ReferrersAsync(repository, digest, context.RequestAborted);
        if ((string?)context.Request.Query["artifactType"] is { } type)
        {
            all = [.. all.Where(descriptor => (string?)descriptor["artifactType"] == type)];
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }
        var page = Page.Of(context, all, descriptor => (string)descriptor["digest"]!, options.PageSize);
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray([.. page]),
        };
        await SendAsync(context, index, "application/vnd.oci.image.index.v1+json");
    }

    private static Task SendAsync<T>(HttpContext context, T response, string contentType = "application/json") =>
        Reply.SendAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(response), contentType);
}
