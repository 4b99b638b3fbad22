using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Content;

namespace Crane.Adapters.Registry.Lists;

/// <summary>A list of names that a registry gives in pages: tags, or repositories.</summary>
/// <param name="repository">Whose list it is.</param>
/// <param name="what">What is listed, for messages.</param>
/// <param name="key">Under which key of a page's JSON the names are.</param>
internal sealed class NameList(Repository repository, string what, string key)
{
    // Some registries give everything at once, and a repository may have 100,000 tags.
    private const int LargestPage = 16 * 1024 * 1024;

    /// <summary>The names, page by page.</summary>
    /// <exception cref="CraneException">ImageNotFound, PullFailed, and those of the transport.</exception>
    public async IAsyncEnumerable<string> ReadAsync(RegistryRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in new PageWalk<IReadOnlyList<string>>(repository, what, ReadPageAsync).WalkAsync(first, cancellation))
            foreach (var name in page)
                yield return name;
    }

    private async Task<IReadOnlyList<string>> ReadPageAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw repository.NotFound(what);
        if (!answer.IsSuccessStatusCode)
            throw await repository.FaultAsync(what, answer, cancellation);
        var bytes = await BoundedBody.ReadAsync(answer, LargestPage, cancellation)
            ?? throw repository.Fault(what, $"a page has more than {LargestPage} bytes");
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(key, out var names)
                && names.ValueKind == JsonValueKind.Array
                    ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToList()
                    : [];
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            throw repository.Fault(what, "its answer is not valid JSON");
        }
    }
}
