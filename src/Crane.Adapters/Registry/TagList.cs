using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crane.Adapters.Registry.Http;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.Registry;

/// <summary>The tags of a repository, as the registry orders them, page by page.</summary>
internal static class TagList
{
    private const string What = "the tags";

    // Some registries return everything in one page, and a repository may have 100,000 tags.
    private const int LargestPage = 16 * 1024 * 1024;

    // Ten times as many as any known repository has.
    private const int MostTags = 1_000_000;

    /// <exception cref="CraneException">
    /// ImageNotFound, PullFailed, and those of the transport. An invalid tag is an error after all others have been returned.
    /// </exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        Repository repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pages = new PageWalk<IReadOnlyList<string>>(repository, What, (response, token) => ReadPageAsync(repository, response, token));
        var count = 0;
        string? invalid = null;
        await foreach (var page in pages.WalkAsync(repository.Request(HttpMethod.Get, "tags/list"), cancellation))
        {
            foreach (var name in page)
            {
                if (++count > MostTags)
                    throw repository.Error(What, $"there are more than {MostTags}, the limit");
                if (TagGrammar.Check(name) is null)
                    yield return name;
                else
                    invalid ??= name;
            }
        }

        if (invalid is not null)
            throw repository.Error(What, $"'{invalid}' is not a valid tag; all others were returned");
    }

    private static async Task<IReadOnlyList<string>> ReadPageAsync(
        Repository repository, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw await repository.NotFoundAsync(What, response, cancellation);
        await repository.ExpectAsync(What, response, cancellation);
        var bytes = await BoundedBody.ReadAsync(response, LargestPage, cancellation)
            ?? throw repository.Error(What, $"a page has more than {LargestPage} bytes");
        try
        {
            // Some registries leave an empty list out, or return null.
            using var document = JsonDocument.Parse(bytes);
            return !document.RootElement.TryGetProperty("tags", out var names) || names.ValueKind == JsonValueKind.Null
                ? []
                : names.EnumerateArray().Select(name => name.ToString()).ToList();
        }
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
        {
            throw repository.Error(What, "the response is not a valid list in JSON");
        }
    }
}

/// <summary>Reads a list page by page, following the Link header of each one.</summary>
internal sealed class PageWalk<T>(Repository repository, string what, Func<HttpResponseMessage, CancellationToken, Task<T>> readPage)
{
    // Ends a list without an end: far more than any registry has.
    private const int MostPages = 10_000;

    public async IAsyncEnumerable<T> WalkAsync(RegistryRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (RegistryRequest? next = first; next is not null;)
        {
            var (page, address) = await repository.AskAsync(
                next, async (response, token) => (await readPage(response, token), NextPage(response)), cancellation);
            yield return page;
            if (address is not null && (!seen.Add(address) || seen.Count == MostPages))
                throw repository.Error(what, $"its pages do not end: '{address}' repeats, or there are more than {MostPages}");
            next = address is null ? null : next with { Path = address };
        }
    }

    private string? NextPage(HttpResponseMessage response) => ResponseHeaders.TryReadNextPage(response, out var address)
        ? address : throw repository.Error(what, "its Link header, which names the next page, is invalid");
}
