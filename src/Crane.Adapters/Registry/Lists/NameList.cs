using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Errors;

namespace Crane.Adapters.Registry.Lists;

/// <summary>A list of names that a registry gives in pages: tags, or repositories.</summary>
/// <param name="repository">Whose list it is.</param>
/// <param name="what">What is listed, for messages.</param>
/// <param name="key">Under which key of a page's JSON the names are.</param>
internal sealed class NameList(Repository repository, string what, string key)
{
    // Some registries give everything at once, and a repository may have 100,000 tags.
    private const int LargestPage = 16 * 1024 * 1024;

    // Ten times as many as any repository is known to have.
    private const int MostNames = 1_000_000;

    /// <summary>Whether something that is listed is a name at all.</summary>
    public Func<string, bool> IsName { get; init; } = _ => true;

    /// <summary>The names, page by page.</summary>
    /// <exception cref="CraneException">
    /// ImageNotFound, PullFailed, and those of the transport. What is no name is an error too, when all names have been given.
    /// </exception>
    public async IAsyncEnumerable<string> ReadAsync(RegistryRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = 0;
        string? odd = null;
        await foreach (var page in new PageWalk<IReadOnlyList<string>>(repository, what, ReadPageAsync).WalkAsync(first, cancellation))
        {
            foreach (var name in page)
            {
                if (++count > MostNames)
                    throw repository.Fault(what, $"there are more than {MostNames}, the most that are read");
                if (IsName(name))
                    yield return name;
                else
                    odd ??= name;
            }
        }

        if (odd is not null)
            throw repository.Fault(what, $"'{odd}' is among them, which cannot be a name; the others are complete");
    }

    private async Task<IReadOnlyList<string>> ReadPageAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw await repository.NotFoundAsync(what, answer, cancellation);
        await repository.ExpectAsync(what, answer, cancellation);
        var bytes = await BoundedBody.ReadAsync(answer, LargestPage, cancellation)
            ?? throw repository.Fault(what, $"a page has more than {LargestPage} bytes");
        try
        {
            // Nothing, or null, is what some registries say of a list that is empty.
            using var document = JsonDocument.Parse(bytes);
            return !document.RootElement.TryGetProperty(key, out var names) || names.ValueKind == JsonValueKind.Null
                ? []
                : names.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : name.ToString()).ToList();
        }
        catch (Exception fault) when (JsonErrors.IsUnreadable(fault))
        {
            throw repository.Fault(what, "its answer is not the JSON that it should be");
        }
    }
}
