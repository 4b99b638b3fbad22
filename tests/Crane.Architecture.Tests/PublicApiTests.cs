using PublicApiGenerator;

namespace Crane.Architecture.Tests;

/// <summary>What users of the module can hold and scripts can name changes only when somebody means it to.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Assemblies => ["Crane", "Crane.Core"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Public_members_are_those_of_the_list(string name)
    {
        var list = Repository.PathOf("tests", "Crane.Architecture.Tests", "PublicApi", $"{name}.txt");
        var members = System.Reflection.Assembly.Load(name).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        if (members == (File.Exists(list) ? File.ReadAllText(list) : ""))
            return;

        var now = Path.Combine(AppContext.BaseDirectory, $"{name}.txt");
        File.WriteAllText(now, members);
        Assert.Fail($"The public members of {name} have changed. If that is meant, say so in CHANGELOG.md, and: cp {now} {list}");
    }

    [Fact]
    public void The_adapters_have_no_public_member() => Assert.Empty(System.Reflection.Assembly.Load("Crane.Adapters").GetExportedTypes());
}
