using System.Text;
using System.Text.Json;
using CsCheck;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>Whatever a Dockerfile holds, what comes out is images or a CraneException with a place.</summary>
public sealed class DockerfileFuzzTests
{
    private static readonly string[] Seeds = [.. JsonDocument.Parse(File.ReadAllText("vectors/dockerfile-bases.json"))
        .RootElement.EnumerateArray().Select(vector => vector.GetProperty("dockerfile").GetString()!)];

    private static readonly string[] Tokens =
    [
        "FROM ", "\nFROM ", "\nARG A=", "\nCOPY ", "--from=", "\nRUN ", "--mount=", "from=", "type=bind,",
        "target=/x", "\nONBUILD ", "\nENV ", "\nHEALTHCHECK ", "\nSHELL ", "[\"a\"]", "[1]", "alpine", "a", "A", "0",
        "-1", "scratch", " AS ", "\n", "\r\n", " ", "\t", "\\\n", "\\", "`\n", "# ", "# escape=`\n", "# check=",
        "<<EOF", "<<-EOF", "\nEOF\n", "<", "$A", "${A", "${A:-", "${A:+", "${A#", "${A%%", "${A//", "$", "{", "}",
        "\"", "'", "--platform=", "--", "*", "?", "/", "=", ":", "@", ",", "é", "😀", "\uD800", "\uFEFF", "\u00A0",
        "\0", "\u2028",
    ];

    [Fact]
    public void Random_tokens() => Gen.OneOf(Tokens).Array[0, 60].Select(string.Concat).Sample(Read, iter: 20_000);

    [Fact]
    public void Mutated_Dockerfiles() =>
        Gen.Select(Gen.OneOf(Seeds), Gen.Select(Gen.Double.Unit, Gen.Int[0, 5], Gen.OneOf(Tokens)).Array[1, 6])
            .Select((seed, edits) => edits.Aggregate(seed, Edit)).Sample(Read, iter: 20_000);

    // What random ones have found.
    [Theory]
    [InlineData("{\uD800")]
    [InlineData("{# atarget=/xtarget=/x\uD800mment?ROM alalpinee\n")]
    [InlineData("{\"syntax\": \"\\uD800\"}")]
    public void Dockerfiles_of_earlier_bugs(string dockerfile) => Read(dockerfile);

    // Each of these is quadratic, or worse, where it is read carelessly.
    [Theory]
    [InlineData("FROM a\n")]
    [InlineData("FROM a AS b\nCOPY --from=b a b\n")]
    [InlineData("COPY --from=b a b\n")]
    [InlineData("COPY --from=0 a b\n")]
    [InlineData("ONBUILD COPY --from=b a b\n")]
    [InlineData("ARG A=$A$A\n")]
    [InlineData("RUN \\\n")]
    [InlineData("RUN <<A\nA\n")]
    [InlineData("RUN ${A:-\\\n")]
    [InlineData("ONBUILD \\\n")]
    [InlineData("'\\\n")]
    [InlineData("<<\\\n")]
    [InlineData("# a\n")]
    [InlineData("\n")]
    public void Large_Dockerfiles(string line)
    {
        var lines = new StringBuilder("FROM x AS a\n");
        while (lines.Length < 1_000_000)
            lines.Append(line);

        Read(lines.ToString());
    }

    private static string Edit(string dockerfile, (double Where, int Cut, string Insert) edit)
    {
        var at = (int)(edit.Where * dockerfile.Length);
        return new StringBuilder(dockerfile).Remove(at, Math.Min(edit.Cut, dockerfile.Length - at)).Insert(at, edit.Insert).ToString();
    }

    private static void Read(string dockerfile)
    {
        try
        {
            var bases = Dockerfile.Read(dockerfile, Dockerfile.WithArguments(("A", "alpine*")));
            Assert.All(bases.All, image => Assert.True(ImageName.TryParse(image.Name, out _)));
            var all = bases.All.Select(image => image.Name).ToHashSet();
            Assert.All(bases.NeededForTarget, image => Assert.Contains(image.Name, all));
        }
        catch (CraneException error)
        {
            Assert.NotNull(error.Location);
        }
    }
}
