using System.Text.Json;
using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>What moby's pattern matcher returns, and what docker sends of whole folders.</summary>
public sealed class IgnoreVectorTests
{
    public static TheoryData<string> Files => [.. Texts("dockerignore.json")];

    public static TheoryData<string> RandomFiles => [.. Texts("dockerignore-moby.json")];

    public static TheoryData<string> Trees => [.. Texts("dockerignore-tree.json")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Paths_are_ignored_or_not(string vector)
    {
        var facts = Read(vector);
        if (facts.TryGetProperty("error", out _))
        {
            Assert.Throws<CraneException>(() => IgnoreFile.Parse(Ignore(facts), ".dockerignore"));
            return;
        }

        var rules = IgnoreFile.Parse(Ignore(facts), ".dockerignore");
        Assert.All(facts.GetProperty("paths").EnumerateObject(), path =>
        {
            Assert.Equal(path.Value.GetBoolean(), rules.Ignores(path.Name));
            Assert.Equal(path.Value.GetBoolean(), Walked.Ignores(rules, path.Name));
        });
    }

    [Theory]
    [MemberData(nameof(RandomFiles))]
    public void Paths_walked_to_are_ignored_or_not(string vector)
    {
        var facts = Read(vector);
        if (facts.TryGetProperty("error", out _))
        {
            Assert.Throws<CraneException>(() => IgnoreFile.Parse(Ignore(facts), ".dockerignore"));
            return;
        }

        var rules = IgnoreFile.Parse(Ignore(facts), ".dockerignore");
        Assert.All(
            facts.GetProperty("walked").EnumerateObject(),
            path => Assert.Equal(path.Value.GetBoolean(), Walked.Ignores(rules, path.Name)));
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void Folder_sends_what_docker_sends(string vector)
    {
        var facts = Read(vector);
        using var folder = new TemporaryFolder();

        var context = Context.Of(folder, Ignore(facts), [.. Strings(facts, "files")]);

        Assert.Equal(Strings(facts, "expected"), Context.Names(context).Where(name => !name.EndsWith('/')));
    }

    private static IEnumerable<string> Texts(string file) => JsonDocument
        .Parse(File.ReadAllText(Path.GetFullPath(Path.Join("vectors", file)))).RootElement.EnumerateArray()
        .Select(vector => vector.GetRawText());

    private static JsonElement Read(string vector) => JsonDocument.Parse(vector).RootElement;

    private static string Ignore(JsonElement facts) => facts.GetProperty("ignore").GetString()!;

    private static IEnumerable<string> Strings(JsonElement facts, string name) =>
        facts.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);
}
