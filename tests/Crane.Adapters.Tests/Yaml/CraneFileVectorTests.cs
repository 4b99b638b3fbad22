using System.Text.Json;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Crane files that exist, of every generation.</summary>
public sealed class CraneFileVectorTests
{
    private static readonly string Folder = Path.GetFullPath("vectors/crane-files");
    private static readonly GivenVariables Variables = new("STACK=erp", "GIT_BRANCH=main", "GIT_REPO_URL=https://git.example.org/x");

    public static TheoryData<string, string[]> Readable { get; } = [.. JsonDocument
        .Parse(File.ReadAllText(Path.Join(Folder, "index.json"))).RootElement.EnumerateArray()
        .Where(vector => vector.GetProperty("outcome").GetString() is { } outcome
            && (outcome.StartsWith("read;", StringComparison.Ordinal) || outcome is "read" or "read as v3"))
        .Select(vector => new TheoryDataRow<string, string[]>(
            vector.GetProperty("file").GetString()!,
            [.. vector.GetProperty("images").EnumerateArray().Select(image => image.GetString()!)]))];

    [Theory]
    [MemberData(nameof(Readable))]
    public void File_is_read_and_has_its_images(string file, string[] images)
    {
        var result = Load(file);

        Assert.Empty(result.Errors);
        var selected = Selection.Select(result.Stack!, Everything(), Variables);
        Assert.Empty(selected.Errors);
        Assert.Equal(
            images.Order(StringComparer.Ordinal),
            selected.Containers.Select(container => container.Image).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("01.json", CraneErrorId.CraneFileInvalid, "crane 0.x")]
    [InlineData("17.yaml", CraneErrorId.DuplicateKey, "in line 1 and in line 9")]
    [InlineData("27.yaml", CraneErrorId.CraneFileInvalid, "package recipe")]
    public void File_is_refused_with_one_error(string file, CraneErrorId id, string words)
    {
        var error = Assert.Single(Load(file).Errors);

        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Builds_of_version_0_and_1_are_contexts()
    {
        var containers = Select("03.json").Containers;

        Assert.Equal(["server", null, "app"], containers.OrderByDescending(container => container.Name, StringComparer.Ordinal)
            .Select(container => container.Build is { } build ? Path.GetRelativePath(Folder, build.Context) : null));
    }

    [Fact]
    public void Dockerfile_that_names_a_file_means_its_folder()
    {
        var container = Select("09.yaml").Containers[0];

        Assert.Equal("erp_data", container.Name);
        Assert.Equal((Path.Join(Folder, "erp"), "Dockerfile"), (container.Build!.Context, container.Build.File));
    }

    [Fact]
    public void Unset_variable_in_container_names_is_named()
    {
        var result = Selection.Select(Load("09.yaml").Stack!, new SelectionRequest(), new GivenVariables());

        Assert.Empty(result.Containers);
        Assert.Equal(3, result.Errors.Count);
        Assert.All(result.Errors, error =>
        {
            Assert.Equal(CraneErrorId.UndefinedVariable, error.Id);
            Assert.Contains("STACK", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Keys_of_run_on_a_container_are_pointed_out_where_others_have_run() =>
        Assert.Contains(
            "belong under 'run', as elsewhere in the file: 'volume' (line 5), 'detach' (line 6), 'cmd' (line 7)",
            Assert.Single(Load("11.yaml").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Keys_of_other_products_are_one_warning() =>
        Assert.EndsWith("unknown keys are ignored: 'region' (line 5), 'routes' (line 24).", Assert.Single(Load("31.yaml").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Merged_containers_have_image_and_build()
    {
        var built = Select("25.yaml").Containers.Where(container => container.Build is not null).ToList();

        Assert.Equal(6, built.Count);
        Assert.Equal(5, built.Count(container => container.Image == "acme/detector" && container.Build!.Argument![0] == "GIT_BRANCH=main"));
    }

    [Fact]
    public void List_merge_brings_image_and_build()
    {
        var containers = Select("35.yaml").Containers;

        Assert.Equal(["php-nginx", "ldap"], containers.Select(container => Path.GetRelativePath(Folder, container.Build!.Context)));
    }

    [Fact]
    public void Group_of_undeclared_containers_is_an_error_only_when_selected()
    {
        var stack = Load("37.yaml").Stack!;

        var result = Selection.Select(stack, new SelectionRequest(), Variables);

        Assert.Empty(result.Containers);
        Assert.Equal([CraneErrorId.UnknownContainer, CraneErrorId.UnknownContainer], result.Errors.Select(error => error.Id));
        Assert.Equal([6, 7], result.Errors.Select(error => error.Location!.Line));
    }

    [Fact]
    public void Links_and_depends_on_order_containers() =>
        Assert.Equal(["postgres", "mailer"], Select("39.yaml").Containers.Select(container => container.Name));

    private static CraneStackResult Load(string file) =>
        CraneFile.Load(new CraneFileQuery([Path.Join(Folder, file)], Folder, Variables));

    private static SelectionResult Select(string file) => Selection.Select(Load(file).Stack!, Everything(), Variables);

    // Without names, the group `default` would be all.
    private static SelectionRequest Everything() => new() { Name = ["*"] };
}
