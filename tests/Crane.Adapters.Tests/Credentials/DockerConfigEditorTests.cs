using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Tests.Credentials;

/// <summary>Docker's configuration is changed in one place, and left alone in all others.</summary>
public sealed class DockerConfigEditorTests
{
    private static readonly PasswordCredential Password = new("bob", "s3cr:et");

    [Fact]
    public void New_file_is_written_as_docker_writes_it() => Assert.Equal(
        "{\n\t\"auths\": {\n\t\t\"r.co:5000\": {\n\t\t\t\"auth\": \"Ym9iOnMzY3I6ZXQ=\"\n\t\t}\n\t}\n}",
        DockerConfigEditor.With("", "r.co:5000", DockerConfigEditor.Entry(Password, "bob")));

    [Fact]
    public void Other_keys_stay_with_their_values_in_their_order()
    {
        const string Before = """
            {
            	"zeta": 1.50,
            	"auths": {
            		"other.co": {
            			"auth": "eDp5",
            			"email": "é <x@y>"
            		}
            	},
            	"HttpHeaders": {
            		"X": "a\\b  c"
            	},
            	"alpha": [
            		true,
            		null,
            		{}
            	]
            }
            """;
        var after = DockerConfigEditor.With(Before, "r.co", DockerConfigEditor.Entry(Password, "bob"));
        Assert.Equal(Before, DockerConfigEditor.Without(after, "r.co"));
        Assert.Equal(
            Before.Replace("\n\t\t}\n\t},\n\t\"Http", "\n\t\t},\n\t\t\"r.co\": {\n\t\t\t\"auth\": \"Ym9iOnMzY3I6ZXQ=\"\n\t\t}\n\t},\n\t\"Http", StringComparison.Ordinal),
            after);
    }

    [Fact]
    public void Entry_of_the_registry_is_replaced_in_its_place()
    {
        var after = DockerConfigEditor.With("""{"auths":{"r.co":{"auth":"b2xk","email":"x"},"z.co":{}}}""", "r.co", new JsonObject());
        Assert.Equal("""{"auths":{"r.co":{},"z.co":{}}}""", Compact(after));
    }

    [Fact]
    public void Docker_hub_has_the_key_of_its_first_version() => Assert.Equal(
        """{"auths":{"https://index.docker.io/v1/":{}}}""", Compact(DockerConfigEditor.With("", "docker.io", new JsonObject())));

    [Fact]
    public void Identity_token_is_written_beside_the_user_without_a_password() => Assert.Equal(
        """{"auth":"Ym9iOg==","identitytoken":"id"}""", DockerConfigEditor.Entry(new IdentityTokenCredential("id"), "bob").ToJsonString());

    [Fact]
    public void Every_spelling_of_a_registry_is_removed() => Assert.Equal(
        """{"auths":{"other.co":{}},"x":1}""",
        Compact(DockerConfigEditor.Without(
            """{"auths":{"https://r.co":{"auth":"x"},"other.co":{},"r.co":{},"https://R.co/v2/":{}},"x":1}""", "r.co")!));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"auths":null}""")]
    [InlineData("""{"auths":{"other.co":{}}}""")]
    public void Missing_registry_has_nothing_to_remove(string json) => Assert.Null(DockerConfigEditor.Without(json, "r.co"));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"auths":{"a":{},"a":{}}}""")]
    public void Foreign_content_is_not_overwritten(string json) =>
        Assert.ThrowsAny<JsonException>(() => DockerConfigEditor.With(json, "r.co", new JsonObject()));

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();
}
