using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Distribution;

/// <summary>One page of a sorted list, as <c>n</c> and <c>last</c> in the query ask for it.</summary>
internal static class Page
{
    /// <summary>Cuts out the page that is asked for; where more follows, the header Link tells the next one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="all">The whole list, in ordinal order of its keys.</param>
    /// <param name="key">What an item is sorted by.</param>
    /// <param name="most">How many items a page has at most, whatever is asked for.</param>
    public static IReadOnlyList<T> Of<T>(HttpContext context, IEnumerable<T> all, Func<T, string> key, int? most)
    {
        var query = context.Request.Query;
        var asked = int.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue;
        var size = Math.Min(asked, most ?? int.MaxValue);
        var last = (string?)query["last"] ?? "";
        IReadOnlyList<T> rest = [.. all.SkipWhile(item => string.CompareOrdinal(key(item), last) <= 0)];
        if (rest.Count <= size || size == 0)
            return size == 0 ? [] : rest;
        IReadOnlyList<T> page = [.. rest.Take(size)];
        var others = query.Where(pair => pair.Key is not ("n" or "last"));
        var next = QueryString.Create([.. others, new("last", key(page[^1])), new("n", size.ToString(CultureInfo.InvariantCulture))]);
        context.Response.Headers.Link = $"<{context.Request.Path}{next}>; rel=\"next\"";
        return page;
    }
}
