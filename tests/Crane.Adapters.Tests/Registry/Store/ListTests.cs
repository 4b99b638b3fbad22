using System.Text;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>Tags and repositories, page by page.</summary>
public sealed class ListTests
{
    private static readonly ImageName Image = ImageName.Parse("r.io/a/b");

    private readonly ScriptedHttp _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("</v2/a/b/tags/list?last=2&n=2>; rel=\"next\"", "a/b/tags/list?last=2&n=2")]
    [InlineData("<list?last=2>; rel=next", "a/b/tags/list?last=2")]
    [InlineData("<?last=2>;rel=\"next\"", "a/b/tags/list?last=2")]
    [InlineData("<https://r.io/v2/a/b/tags/list?last=a,b;c>; title=\"x\"; rel=\"prev next\"", "a/b/tags/list?last=a,b;c")]
    [InlineData("</first>; rel=\"first\", </v2/a/b/tags/list?last=2>; rel=\"next\"", "a/b/tags/list?last=2")]
    public async Task Next_page_is_where_the_link_says(string link, string path)
    {
        Page("a/b/tags/list", """{"name":"a/b","tags":["1","2"]}""", link).Page(path, """{"tags":["3"]}""");
        Assert.Equal(["1", "2", "3"], await TagsAsync());
    }

    [Theory]
    [InlineData("""{"name":"a/b","tags":null}""")]
    [InlineData("""{"name":"a/b"}""")]
    [InlineData("""{"tags":[]}""")]
    public async Task Repository_may_have_no_tags(string body)
    {
        Page("a/b/tags/list", body, "</other>; rel=\"last\"");
        Assert.Empty(await TagsAsync());
    }

    [Fact]
    public async Task Pages_that_repeat_end()
    {
        const string toItself = "</v2/a/b/tags/list?last=1>; rel=\"next\"";
        Page("a/b/tags/list", """{"tags":["1"]}""", toItself).Page("a/b/tags/list?last=1", """{"tags":["1"]}""", toItself);
        var error = await Assert.ThrowsAsync<CraneException>(TagsAsync);
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("its pages do not end", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/a/b/tags/list?last=2; rel=\"next\"")]
    [InlineData("</v2/a/b/tags/list?last=2; rel=\"next\"")]
    [InlineData("<//>; rel=\"next\"")]
    [InlineData("<http://[>; rel=\"next\"")]
    public async Task Invalid_link_is_an_error(string link)
    {
        Page("a/b/tags/list", """{"tags":["1"]}""", link);
        var error = await Assert.ThrowsAsync<CraneException>(TagsAsync);
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("Link header", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"\"", "")]
    [InlineData("\"a\\u0000b\"", @"a\0b")]
    [InlineData("{\"name\":\"1\"}", "{\"name\":\"1\"}")]
    public async Task What_is_no_tag_is_an_error_when_all_others_have_been_given(string json, string shown)
    {
        Page("a/b/tags/list", $"{{\"tags\":[\"1\",{json},\"2\"]}}");
        var tags = new List<string>();
        var error = await Assert.ThrowsAsync<CraneException>(async () =>
        {
            await foreach (var tag in _http.Store.TagsAsync(Image, Cancellation))
                tags.Add(tag);
        });
        Assert.Equal(["1", "2"], tags);
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains($"'{shown}' is not a valid tag", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("application/xhtml+xml")]
    public async Task Web_page_is_no_list(string type)
    {
        _http.On("GET a/b/tags/list", 200, "<html>"u8.ToArray(), ("Content-Type", type));
        var error = await Assert.ThrowsAsync<CraneException>(TagsAsync);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry 'r.io' returned a web page ({type.Split(';')[0]}) instead of the tags of 'r.io/a/b'.", error.Message);
    }

    [Fact]
    public async Task Reason_for_an_absent_image_is_reported()
    {
        _http.On("GET a/b/tags/list", 404, """{"errors":[{"code":"NAME_UNKNOWN","message":"no such project."}]}"""u8.ToArray());
        var error = await Assert.ThrowsAsync<CraneException>(TagsAsync);
        Assert.Equal((CraneErrorId.ImageNotFound, "r.io does not have the tags of 'r.io/a/b': NAME_UNKNOWN: no such project."), (error.Id, error.Message));
    }

    [Theory]
    [InlineData(404, "", CraneErrorId.ImageNotFound)]
    [InlineData(400, "", CraneErrorId.PullFailed)]
    [InlineData(200, "<html>", CraneErrorId.PullFailed)]
    [InlineData(200, """{"tags":["1","\ud800"]}""", CraneErrorId.PullFailed)]
    [InlineData(200, """{"tags":"1"}""", CraneErrorId.PullFailed)]
    [InlineData(200, """["1"]""", CraneErrorId.PullFailed)]
    public async Task Anything_else_is_an_error(int status, string body, CraneErrorId id)
    {
        _http.On("GET a/b/tags/list", status, Encoding.UTF8.GetBytes(body));
        Assert.Equal(id, (await Assert.ThrowsAsync<CraneException>(TagsAsync)).Id);
    }

    [Fact]
    public async Task Page_at_a_mirrors_own_address_is_not_requested_from_the_registry()
    {
        var http = new ScriptedHttp { IsMirrored = true }
            .On("GET a/b/tags/list", 200, "<html>"u8.ToArray())
            .On("GET a/b/tags/list", 200, """{"tags":["1"]}"""u8.ToArray(), ("Link", "<https://m.io/v2/a/b/tags/list?last=1>; rel=next"))
            .On("GET https://m.io/v2/a/b/tags/list?last=1", 200, "<html>"u8.ToArray());
        await Assert.ThrowsAsync<CraneException>(() => AllAsync(http.Store.TagsAsync(Image, Cancellation)));
        http.AssertDone();
    }

    [Fact]
    public async Task Registry_lists_its_tags_in_pages()
    {
        await using var registry = await TestRegistry.StartAsync(new() { PageSize = 2 });
        using var seeder = new RegistrySeeder(registry.Address);
        foreach (var tag in (string[])["1", "2", "3"])
            await seeder.PutImageAsync("b", tag);
        await using var open = new OpenStore();
        Assert.Equal(["1", "2", "3"], await AllAsync(open.Store.TagsAsync(ImageName.Parse($"{registry.Host}/b"), Cancellation)));
    }

    private ListTests Page(string path, string body, string? link = null)
    {
        _http.On($"GET {path}", 200, Encoding.UTF8.GetBytes(body), link is null ? [] : [("Link", link)]);
        return this;
    }

    private Task<List<string>> TagsAsync() => AllAsync(_http.Store.TagsAsync(Image, Cancellation));

    private static async Task<List<string>> AllAsync(IAsyncEnumerable<string> names)
    {
        var all = new List<string>();
        await foreach (var name in names)
            all.Add(name);
        return all;
    }
}
