using System.Text.Json;
using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>What BuildKit reads in Dockerfiles of every kind.</summary>
public sealed class DockerfileVectorTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonDocument.Parse(File.ReadAllText("vectors/dockerfile-bases.json")).RootElement.EnumerateArray()];

    public static TheoryData<int> Readable { get; } = [.. Numbers(vector => !vector.TryGetProperty("error", out _))];

    public static TheoryData<int> Refused { get; } = [.. Numbers(vector => vector.TryGetProperty("error", out _))];

    [Theory]
    [MemberData(nameof(Readable))]
    public void Bases_are_found_in_order(int number)
    {
        var vector = Vectors[number];
        var bases = Strings(vector, "bases");

        var read = Read(vector);

        Assert.Equal(bases, read.All.Select(image => image.Name));
        Assert.Equal(
            vector.TryGetProperty("neededForTarget", out _) ? Strings(vector, "neededForTarget") : bases,
            read.NeededForTarget.Select(image => image.Name));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refused_with_the_line(int number)
    {
        var error = Assert.Throws<CraneException>(() => Read(Vectors[number]));

        Assert.Contains(error.Id, new[] { CraneErrorId.BuildFailed, CraneErrorId.InvalidImageName });
        Assert.StartsWith($"{error.Location}: ", error.Message, StringComparison.Ordinal);
        var lines = Vectors[number].GetProperty("dockerfile").GetString()!.Split('\n');
        Assert.Equal(lines[error.Location!.Line - 1], error.Location.LineText);
    }

    private static DockerfileBases Read(JsonElement vector) => Dockerfile.Read(
        vector.GetProperty("dockerfile").GetString()!,
        new DockerfileOptions
        {
            BuildArguments = vector.GetProperty("buildArgs").EnumerateObject()
                .ToDictionary(argument => argument.Name, argument => argument.Value.GetString()!),
            Target = vector.TryGetProperty("target", out var target) ? target.GetString() : null,
        });

    private static IEnumerable<int> Numbers(Func<JsonElement, bool> filter) =>
        Enumerable.Range(0, Vectors.Length).Where(number => filter(Vectors[number]));

    private static IEnumerable<string> Strings(JsonElement vector, string name) =>
        vector.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);
}
