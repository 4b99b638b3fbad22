using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class MergingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Maps_merge_deeply_and_scalars_and_lists_are_replaced()
    {
        _folder.Write("base.yaml", """
            containers:
              os: {image: company/os, push: {registry: r.co, tag: [1, 2]}}
              app: {image: company/app}
            groups: {core: [os, app]}
            """);
        _folder.Write("mine.yaml", """
            containers:
              new: {image: company/new}
              os: {push: {override_user: me, tag: [3]}}
            groups: {core: [os]}
            """);

        var containers = Select("base.yaml", "mine.yaml");

        Assert.Equal(["os", "app", "new"], containers.Select(container => container.Name));
        Assert.Equal("registry=r.co; override_user=me; tag=3", containers[0].Push!.ToString());
        Assert.Equal("company/os", containers[0].Image);
        Assert.Equal(["core"], containers[0].Group);
        Assert.Empty(containers[1].Group);
    }

    [Fact]
    public void Later_file_wins_whatever_the_order_of_its_keys()
    {
        _folder.Write("one.yaml", "containers: {c: {image: one}}");
        _folder.Write("two.yaml", "containers: {c: {image: two}}");

        Assert.Equal("two", Assert.Single(Select("one.yaml", "two.yaml")).Image);
        Assert.Equal("one", Assert.Single(Select("two.yaml", "one.yaml")).Image);
    }

    [Fact]
    public void Relative_paths_are_relative_to_the_file_that_says_them()
    {
        _folder.Write("a/crane.yaml", "containers: {c: {image: x, build: {context: ctx/, file: F}}, d: {image: y, build: .}}");
        _folder.Write("b/crane.yaml", "containers: {d: {build: {context: other}}, c: {build: {target: t}}}");

        var containers = Select("a", "b");

        Assert.Equal((_folder.At("a/ctx"), "F", "t"), (containers[0].Build!.Context, containers[0].Build!.File, containers[0].Build!.Target));
        Assert.Equal(_folder.At("b/other"), containers[1].Build!.Context);
    }

    [Fact]
    public void Relative_paths_in_a_linked_file_are_relative_to_the_link()
    {
        var real = _folder.Write("real/crane.yaml", "containers: {c: {image: x, build: ctx}}");
        Directory.CreateDirectory(_folder.At("linked"));
        File.CreateSymbolicLink(_folder.At("linked/crane.yaml"), real);

        Assert.Equal(_folder.At("linked/ctx"), Assert.Single(Select("linked")).Build!.Context);
    }

    [Fact]
    public void Spellings_of_different_generations_merge()
    {
        _folder.Write("old.yaml", "services: {c: {image: x, build: {context: ., dockerfile: A, args: [K=1]}}}");
        _folder.Write("new.yaml", "containers: {c: {build: {file: B, build-arg: {K: 2}}}}");

        var build = Assert.Single(Select("old.yaml", "new.yaml")).Build!;

        Assert.Equal(("B", "K=2"), (build.File, Assert.Single(build.Argument!)));
    }

    [Fact]
    public void A_mode_of_a_later_file_keeps_the_patterns_of_an_earlier_one()
    {
        _folder.Write("one.yaml", "containers: {c: {image: x, push: {registry: r.co, overwrite: {never: [v*]}}}}");
        _folder.Write("two.yaml", "containers: {c: {push: {overwrite: '${MODE:-Always}'}}}");

        Assert.Equal("registry=r.co; overwrite=always; never=v*", Assert.Single(Select("one.yaml", "two.yaml")).Push!.ToString());
    }

    [Fact]
    public void A_list_of_a_group_and_its_keys_in_another_file_merge()
    {
        _folder.Write("one.yaml", "containers: {c: {image: x}, d: {image: y}}\ngroups: {default: [c, d]}");
        _folder.Write("two.yaml", "groups: {default: {atomic: true}}");
        _folder.Write("three.yaml", "groups: {default: [c]}");

        Assert.All(Select("one.yaml", "two.yaml"), container => Assert.Equal("default", container.AtomicGroup));
        Assert.Equal("default", Assert.Single(Select("one.yaml", "two.yaml", "three.yaml")).AtomicGroup);
    }

    [Fact]
    public void Companion_without_containers_adds_groups_and_registries()
    {
        _folder.Write("crane.yaml", "containers: {c: {image: r.co/x}}");
        _folder.Write("local.yaml", "registries: {r.co: {insecure: true}}\ngroups: {g: [c]}");

        var container = Assert.Single(Select("crane.yaml", "local.yaml"));

        Assert.True(Assert.Single(container.RegistrySetting!).Insecure);
        Assert.Equal(["g"], container.Group);
    }

    [Fact]
    public void Empty_section_of_a_later_file_changes_nothing()
    {
        _folder.Write("one.yaml", "containers: {c: {image: one}}\ngroups: {g: [c]}");
        _folder.Write("two.yaml", "containers:\ngroups:\n");

        Assert.Equal("one", Assert.Single(Select("one.yaml", "two.yaml")).Image);
    }

    [Fact]
    public void Errors_of_all_files_come_together_and_there_is_no_stack()
    {
        _folder.Write("one.yaml", "containers: {c: {image: [x]}}");
        _folder.Write("two.yaml", "containers: {");
        _folder.Write("three.yaml", "containers: {c: {image: x}}");

        var result = _folder.Load("one.yaml", "two.yaml", "three.yaml");

        Assert.Null(result.Stack);
        Assert.Equal(
            [_folder.At("one.yaml"), _folder.At("two.yaml")], result.Errors.Select(error => error.Location!.File));
    }

    private IReadOnlyList<CraneContainer> Select(params string[] names)
    {
        var result = _folder.Load(names);
        Assert.Empty(result.Errors);
        var selected = Selection.Select(result.Stack!, new SelectionRequest(), new GivenVariables());
        Assert.Empty(selected.Errors);
        return selected.Containers;
    }
}
