using Crane.Testing.Distribution;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Access;

/// <summary>What a request to a registry needs, as docker's registry has it.</summary>
internal static class NeededScopes
{
    public static IReadOnlyList<Scope> Of(HttpRequest request, RegistryPath path)
    {
        switch (path.Resource)
        {
            case RegistryResource.Base:
                return [];
            case RegistryResource.Catalog:
                return [new Scope("registry", "catalog", ["*"])];
            default:
                var needed = Scope.Repository(path.Repository, Actions(request.Method, path.Resource));
                return (string?)request.Query["from"] is { } from ? [needed, Scope.Repository(from, "pull")] : [needed];
        }
    }

    private static string[] Actions(string method, RegistryResource resource) => method switch
    {
        "GET" or "HEAD" => ["pull"],
        // A client that may begin an upload may cancel it.
        "DELETE" when resource is not RegistryResource.Upload => ["delete"],
        _ => ["pull", "push"],
    };
}
