using Crane.Testing.Access;
using Crane.Testing.Hosting;
using Crane.Testing.Storage;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Distribution;

/// <summary>
/// The API of the OCI Distribution Specification 1.1: sends each request to its endpoint, once it is allowed.
/// </summary>
internal sealed class RegistryApi
{
    private readonly AccessPolicy _policy;
    private readonly BlobEndpoint _blobs;
    private readonly UploadEndpoint _uploads;
    private readonly ManifestEndpoint _manifests;
    private readonly ListEndpoint _lists;

    public RegistryApi(string root, TestRegistryOptions options)
    {
        var folder = new RegistryFolder(root);
        var blobs = new Blobs(folder);
        var manifests = new Manifests(folder);
        _policy = AccessPolicies.Of(options);
        _blobs = new BlobEndpoint(blobs);
        _uploads = new UploadEndpoint(blobs, new Uploads(folder));
        _manifests = new ManifestEndpoint(manifests, blobs, options);
        _lists = new ListEndpoint(folder, manifests, options);
    }

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            var path = RegistryPath.Parse(context.Request.Path) ?? throw new RegistryException(404, "NOT_FOUND", "There is nothing here.");
            if (_policy(context.Request, NeededScopes.Of(context.Request, path)) is { } challenge)
            {
                throw new RegistryException(401, "UNAUTHORIZED", "authentication required")
                {
                    Header = ("WWW-Authenticate", challenge),
                };
            }
            await HandleAsync(context, path);
        }
        catch (RegistryException refusal)
        {
            await refusal.SendAsync(context);
        }
    }

    private Task HandleAsync(HttpContext context, RegistryPath path)
    {
        var (resource, repository, reference) = path;
        return (context.Request.Method, resource) switch
        {
            ("GET", RegistryResource.Base) => Reply.SendAsync(context, StatusCodes.Status200OK, "{}"u8.ToArray(), "application/json"),
            ("GET", RegistryResource.Catalog) => _lists.CatalogAsync(context),
            ("GET", RegistryResource.Tags) => _lists.TagsAsync(context, repository),
            ("GET", RegistryResource.Referrers) => _lists.ReferrersAsync(context, repository, reference),
            ("GET" or "HEAD" or "PUT" or "DELETE", RegistryResource.Manifest) => _manifests.HandleAsync(context, repository, reference),
            ("GET" or "HEAD" or "DELETE", RegistryResource.Blob) => _blobs.HandleAsync(context, repository, reference),
            ("POST", RegistryResource.Uploads) => _uploads.StartAsync(context, repository),
            ("GET" or "PATCH" or "PUT" or "DELETE", RegistryResource.Upload) => _uploads.ContinueAsync(context, repository, reference),
            _ => throw new RegistryException(405, "UNSUPPORTED", $"{context.Request.Method} does nothing here."),
        };
    }
}
