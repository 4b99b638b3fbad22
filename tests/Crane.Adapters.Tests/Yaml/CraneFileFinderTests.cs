using Crane.Adapters.Yaml;
using Crane.CraneFile;

namespace Crane.Adapters.Tests.Yaml;

public sealed class CraneFileFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("crane.yaml")]
    [InlineData("crane.yml")]
    [InlineData("crane.json")]
    public void Searches_the_current_folder_for_each_name(string name)
    {
        _folder.Write(name, "{}");

        Assert.Equal(_folder.At(name), Assert.Single(Find(_folder.Path)).Path);
    }

    [Fact]
    public void Yaml_comes_before_yml_and_json()
    {
        _folder.Write("crane.json", "{}");
        _folder.Write("crane.yml", "{}");
        _folder.Write("crane.yaml", "{}");

        Assert.Equal(_folder.At("crane.yaml"), Assert.Single(Find(_folder.Path)).Path);
    }

    [Fact]
    public void Nearest_parent_is_used_and_folders_of_that_name_are_not()
    {
        _folder.Write("crane.yaml", "{}");
        _folder.Write("a/crane.json", "{}");
        Directory.CreateDirectory(_folder.At("a/b/crane.yaml"));

        var found = Assert.Single(Find(_folder.At("a/b")));

        Assert.Equal(_folder.At("a/crane.json"), found.Path);
        Assert.Equal($"found in a parent of the current folder {_folder.At("a/b")}", found.FoundBy);
    }

    [Fact]
    public void Error_lists_the_searched_locations()
    {
        Directory.CreateDirectory(_folder.At("empty"));

        var error = Assert.Throws<CraneException>(() => Find(_folder.At("empty")));

        Assert.Equal(CraneErrorId.CraneFileNotFound, error.Id);
        Assert.Contains("crane.yaml, crane.yml, crane.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("empty"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_names_files_relative_to_the_current_folder()
    {
        _folder.Write("one.yaml", "{}");
        _folder.Write("sub/crane.yml", "{}");
        var variables = new GivenVariables($"CRANE_CONFIG=one.yaml{Path.PathSeparator}{Path.PathSeparator}{_folder.At("sub")}");

        var found = CraneFileFinder.Find(new CraneFileQuery([], _folder.Path, variables));

        Assert.Equal([_folder.At("one.yaml"), _folder.At("sub/crane.yml")], found.Select(file => file.Path));
        Assert.Equal("named by CRANE_CONFIG", found[0].FoundBy);
    }

    [Fact]
    public void Empty_variable_is_none()
    {
        _folder.Write("crane.yaml", "{}");

        Assert.Single(CraneFileFinder.Find(new CraneFileQuery([], _folder.Path, new GivenVariables("CRANE_CONFIG="))));
    }

    [Fact]
    public void Given_paths_win_over_the_variable()
    {
        var path = _folder.Write("mine.yaml", "{}");

        var found = CraneFileFinder.Find(new CraneFileQuery([path], _folder.Path, new GivenVariables("CRANE_CONFIG=other.yaml")));

        Assert.Equal(path, Assert.Single(found).Path);
    }

    [Fact]
    public void Given_folder_means_the_crane_file_in_it()
    {
        _folder.Write("stack/crane.yml", "{}");

        Assert.Equal(_folder.At("stack/crane.yml"), Assert.Single(Find(_folder.Path, _folder.At("stack"))).Path);
    }

    [Theory]
    [InlineData("missing.yaml")]
    [InlineData("empty")]
    public void Given_path_without_a_file_is_an_error_that_names_it(string name)
    {
        Directory.CreateDirectory(_folder.At("empty"));

        var error = Assert.Throws<CraneException>(() => Find(_folder.Path, _folder.At(name)));

        Assert.Equal(CraneErrorId.CraneFileNotFound, error.Id);
        Assert.Contains(_folder.At(name), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_of_the_variable_says_so()
    {
        var error = Assert.Throws<CraneException>(() =>
            CraneFileFinder.Find(new CraneFileQuery([], _folder.Path, new GivenVariables("CRANE_CONFIG=missing.yaml"))));

        Assert.Equal(CraneErrorId.CraneFileNotFound, error.Id);
        Assert.Contains("named by CRANE_CONFIG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_reports_what_was_not_found_and_does_not_throw()
    {
        var result = _folder.Load("missing.yaml");

        Assert.Null(result.Stack);
        Assert.Equal(CraneErrorId.CraneFileNotFound, Assert.Single(result.Errors).Id);
    }

    private static IReadOnlyList<FoundFile> Find(string currentFolder, params string[] paths) =>
        CraneFileFinder.Find(new CraneFileQuery(paths, currentFolder, new GivenVariables()));
}
