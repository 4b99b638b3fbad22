using System.Text.Json.Nodes;
using CsCheck;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>The schema and the module agree on files that no test has.</summary>
public sealed class SchemaAgreementTests
{
    private const string Valid = """
        {
          "containers": {
            "os": {
              "image": "company/os", "dockerfile": "os", "requires": ["web"], "platform": "linux/arm64", "pull_policy": "never", "profiles": ["a"],
              "build": {
                "context": ".", "file": "D", "build-arg": { "A": "b" }, "target": "t", "network": "host", "platform": ["linux/arm64"],
                "label": ["a=b"], "secret": "id=a,env=A", "cache-from": ["a"], "cache-to": "a", "add-host": "a:b", "build-context": { "a": "b" }
              },
              "pull": { "remote": "mine", "registry": "r.co", "override_user": "me", "minimum_age": "3d" },
              "push": {
                "remote": "mine", "registry": "r.co", "override_user": "me", "skip": false, "tag": ["1"],
                "overwrite": { "mode": "lease", "never": "v*", "always": ["a"] }
              }
            }
          },
          "services": {
            "web": {
              "build": {
                "dockerfile": "D", "args": ["A=b"], "platforms": ["linux/arm64"], "labels": { "a": "b" }, "secrets": ["key", { "source": "key" }],
                "cache_from": ["a"], "cache_to": ["a"], "extra_hosts": { "a": "b" }, "additional_contexts": ["a=b"], "dockerfile_inline": "FROM a",
                "pull": true, "tags": ["a"], "ulimits": { "nofile": 1 }, "x-own": 1
              },
              "x-crane": { "pull": { "registry": "r.co" }, "push": { "skip": "yes" }, "requires": [] }
            },
            "more": { "extends": { "service": "web" }, "ports": ["80:80"] }
          },
          "secrets": { "key": { "file": "key" } },
          "groups": { "one": ["os", null], "two": { "containers": ["web"], "atomic": true } },
          "hooks": { "os": { "pre-build": "a", "post-build": "b", "pre-tag": "c", "pre-start": "d" } },
          "registries": { "r.co": { "insecure": "off", "ca": "a", "mirrors": ["m.co"] } },
          "remotes": { "mine": { "registry": "r.co", "override_user": "me", "overwrite": "never" } },
          "defaults": { "pull": "mine", "push": "mine" },
          "lock": { "minimum_age": "1w" },
          "x-crane": { "pull": { "registry": "r.co" }, "push": "mine", "groups": { "three": ["os"] }, "lock": null }
        }
        """;

    // Those of the schema, and some others.
    private static readonly string[] Keys =
    [
        .. Nodes(JsonNode.Parse(File.ReadAllText("crane.schema.json"))).OfType<JsonObject>()
            .SelectMany(schema => (schema["properties"] as JsonObject)?.Select(entry => entry.Key) ?? []).Distinct(),
        "skip", "Skip", "INSECURE", "context", "unknown", "x-y", "",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "1", "\"\"", "\"text\"", "\"${V}\"", "\"No\"", "\"Always\"", "\"12h\"", "\"1:30\"", "[]", "[null]", "[1]", "[[]]", "[{}]",
        "{}", "{\"a\": null}", "{\"a\": []}", "{\"registry\": \"r.co\"}", "{\"mode\": \"never\"}",
    ];

    [Fact]
    public void A_file_with_all_sections_is_valid() => Assert.Empty(CraneFile.Judge(Valid).Errors);

    // Judge compares both, for a file that is merged with others.
    [Theory]
    [InlineData("x-crane: {push: {registry: r.co}}")]
    [InlineData("secrets: {key: {file: key}}")]
    [InlineData("networks:\n  dev:")]
    [InlineData("volumes: {}")]
    [InlineData("configs: {a: {file: a}}")]
    [InlineData("name: x")]
    [InlineData("version: '3'")]
    public void A_file_without_containers(string yaml) => Assert.NotEmpty(CraneFile.Judge(yaml).Errors);

    [Fact]
    public void One_change_of_a_valid_file() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.OneOf(Keys), Gen.OneOf(Values), Gen.Bool).Select(Changed)
            .Sample(json => { CraneFile.Judge(json); }, iter: 1_000);

    // Another value at one place, or one more key in a map.
    private static string Changed(int place, string key, string value, bool isKey)
    {
        var file = JsonNode.Parse(Valid)!;
        var nodes = Nodes(file).Skip(1).ToList();
        var node = nodes[place % nodes.Count];
        if (isKey && node is JsonObject map)
            map[key] = JsonNode.Parse(value);
        else
            node!.ReplaceWith(JsonNode.Parse(value));
        return file.ToJsonString();
    }

    private static IEnumerable<JsonNode?> Nodes(JsonNode? node) => (node switch
    {
        JsonObject map => map.Select(entry => entry.Value),
        JsonArray list => list,
        _ => [],
    }).Where(child => child is not null).SelectMany(Nodes).Prepend(node);
}
