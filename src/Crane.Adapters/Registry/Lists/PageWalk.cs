using System.Runtime.CompilerServices;
using Crane.Adapters.Registry.Repositories;

namespace Crane.Adapters.Registry.Lists;

/// <summary>Reads a list page by page, as the Link of each one says where the next one is.</summary>
/// <param name="repository">Whose list it is.</param>
/// <param name="what">What is listed, for messages.</param>
/// <param name="readPage">Reads one page.</param>
internal sealed class PageWalk<T>(Repository repository, string what, Func<HttpResponseMessage, CancellationToken, Task<T>> readPage)
{
    // Far more than any registry has, so that one that never ends does.
    private const int MostPages = 10_000;

    /// <summary>Each page, as soon as it is there.</summary>
    /// <exception cref="CraneException">PullFailed for pages that go in a circle or on for ever, and what reading a page throws.</exception>
    public async IAsyncEnumerable<T> WalkAsync(RegistryRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (RegistryRequest? next = first; next is not null;)
        {
            var (page, address) = await repository.AskAsync(
                next, async (answer, token) => (await readPage(answer, token), NextPage(answer)), cancellation);
            yield return page;
            if (address is not null && (!seen.Add(address) || seen.Count == MostPages))
                throw repository.Fault(what, $"its pages have no end; '{address}' came again, or too many came");
            next = address is null ? null : next with { Path = address };
        }
    }

    private string? NextPage(HttpResponseMessage answer) => AnswerHeaders.TryReadNextPage(answer, out var address)
        ? address : throw repository.Fault(what, "its header Link, which says where the next page is, cannot be read");
}
