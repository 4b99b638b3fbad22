using System.Text;
using Crane.CraneFile.Selecting;
using CsCheck;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Whatever a file holds, what comes out is a stack or declared errors.</summary>
public sealed class CraneFileFuzzTests
{
    private static readonly string[] Seeds =
        [.. Directory.GetFiles("vectors/crane-files", "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static readonly string[] Tokens =
    [
        "containers", "services", "groups", "hooks", "registries", "image", "build", "pull", "push", "skip", "tag", "requires", "<<",
        ": ", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ",", "&a ", "*a", "*b", "!!str ", "!x ", "? ", "| \n", "> \n", "'", "\"",
        "#", "%YAML 1.2\n", "---\n", "...\n", "\t", "~", "null", "true", "${A}", "${", "$", "\\x", "\u0085", "\u2028", "\uFEFF", "é", "😀", "\r",
    ];

    [Fact]
    public void Random_tokens() =>
        Gen.OneOf(Tokens).Array[0, 60].Select(string.Concat).Sample(Load, iter: 20_000);

    [Fact]
    public void Mutated_crane_files() =>
        Gen.Select(Gen.OneOf(Seeds), Gen.Select(Gen.Double.Unit, Gen.Int[0, 5], Gen.OneOf(Tokens)).Array[1, 6])
            .Select((seed, edits) => edits.Aggregate(seed, Edit)).Sample(Load, iter: 3_000);

    [Fact]
    public void Random_bytes()
    {
        using var folder = new TemporaryFolder();
        Gen.Byte.Array[0, 40].Sample(
            bytes =>
            {
                folder.Write("crane.yaml", bytes);
                var result = folder.Load("crane.yaml");
                Assert.True(result.Stack is null == result.Errors.Count > 0);
            },
            iter: 2_000, threads: 1);
    }

    private static string Edit(string yaml, (double Where, int Cut, string Insert) edit)
    {
        var at = (int)(edit.Where * yaml.Length);
        return new StringBuilder(yaml).Remove(at, Math.Min(edit.Cut, yaml.Length - at)).Insert(at, edit.Insert).ToString();
    }

    private static void Load(string yaml)
    {
        if (CraneFile.Judge(yaml).Errors.Count > 0)
            return;
        var result = CraneFile.Select(yaml, new SelectionRequest { WithDependency = true, WithDependent = true, Tag = "v1" }, "A=a");
        Assert.All(result.Errors, error => Assert.NotEmpty(error.Message));
    }
}
