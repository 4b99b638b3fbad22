using System.Text.Json;
using Crane.CraneFile.Variables;

namespace Crane.Core.Tests.Configuration;

public sealed class InterpolationVectorTests
{
    public static TheoryData<string> Vectors { get; } =
        [.. JsonDocument.Parse(File.ReadAllText("vectors/interpolation.json")).RootElement.EnumerateArray().Select(e => e.GetRawText())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_gives_what_it_says(string json)
    {
        var vector = JsonDocument.Parse(json).RootElement;
        var variables = vector.GetProperty("env").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);

        var expanded = Interpolation.Expand(Member(vector, "template")!, new GivenVariables(variables), out var error);

        switch (Member(vector, "error"))
        {
            case null:
                Assert.Null(error);
                Assert.Equal(Member(vector, "expected"), expanded);
                break;
            case "invalid":
                Assert.IsType<InterpolationError.Invalid>(error);
                break;
            case "undefined":
                Assert.Equal(new InterpolationError.Undefined(Member(vector, "variable")!, []), error);
                break;
            case "required":
                Assert.Equal(new InterpolationError.Required(Member(vector, "variable")!, Member(vector, "message")!, []), error);
                break;
            case var other:
                Assert.Fail($"The vector's error {other} is not known.");
                break;
        }
    }

    private static string? Member(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out var value) ? value.GetString() : null;
}
