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

    // Some registries give everything at once, and a repository may have 100,000 tags.
    private const int LargestPage = 16 * 1024 * 1024;

    // Ten times as many as any repository is known to have.
    private const int MostTags = 1_000_000;

    /// <exception cref="CraneException">
    /// ImageNotFound, PullFailed, and those of the transport. What is no tag is an error too, when all tags have been given.
    /// </exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        Repository repository, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pages = new PageWalk<IReadOnlyList<string>>(repository, What, (response, token) => ReadPageAsync(repository, response, token));
        var count = 0;
        string? odd = null;
        await foreach (var page in pages.WalkAsync(repository.Request(HttpMethod.Get, "tags/list"), cancellation))
        {
            foreach (var name in page)
            {
                if (++count > MostTags)
                    throw repository.Error(What, $"there are more than {MostTags}, the most that are read");
                if (TagGrammar.Check(name) is null)
                    yield return name;
                else
                    odd ??= name;
            }
        }

        if (odd is not null)
            throw repository.Error(What, $"'{odd}' is among them, which cannot be a name; the others are complete");
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
            // Nothing, or null, is what some registries say of a list that is empty.
            using var document = JsonDocument.Parse(bytes);
            return !document.RootElement.TryGetProperty("tags", out var names) || names.ValueKind == JsonValueKind.Null
                ? []
                : names.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : name.ToString()).ToList();
        }
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
        {
            throw repository.Error(What, "its answer is not the JSON that it should be");
        }
    }
}

/// <summary>Reads a list page by page, as the Link of each one says where the next one is.</summary>
internal sealed class PageWalk<T>(Repository repository, string what, Func<HttpResponseMessage, CancellationToken, Task<T>> readPage)
{
    // Far more than any registry has, so that one that never ends does.
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
                throw repository.Error(what, $"its pages have no end; '{address}' came again, or too many came");
            next = address is null ? null : next with { Path = address };
        }
    }

    private string? NextPage(HttpResponseMessage response) => ResponseHeaders.TryReadNextPage(response, out var address)
        ? address : throw repository.Error(what, "its header Link, which says where the next page is, cannot be read");
}
