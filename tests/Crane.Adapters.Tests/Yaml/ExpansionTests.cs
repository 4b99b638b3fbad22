using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class ExpansionTests
{
    private const string Example = """
        containers:
          os:
            image: company/os
            build:
              context: os/
            pull:
              registry: ${DOCKER_REGISTRY}
          etcd:
            image: coreos/etcd:2
            push:
              skip: true
          service:
            image: company/service
            build:
              context: service/
            pull:
              registry: registry.company.co
            push:
              registry: registry.${USER}.company.co
              override_user: ${USER}
        groups:
          core: [os, service]
        """;

    [Fact]
    public void Example_has_its_references()
    {
        var containers = CraneFile.Containers(Example, "DOCKER_REGISTRY=official.company.co", "USER=bob");

        Assert.Equal(
            [
                ("os", "official.company.co/company/os", null),
                ("etcd", "docker.io/coreos/etcd:2", null),
                ("service", "registry.company.co/company/service", "registry.bob.company.co/bob/service"),
            ],
            containers.Select(container => (container.Name, container.PullReference, container.PushReference)));
        Assert.Equal((CraneFile.FilePath, 2), (containers[0].Path, containers[0].Line));
        Assert.Equal(["core"], containers[2].Group);
        Assert.Equal(Path.Join(CraneFile.Folder, "service"), containers[2].Build!.Context);
    }

    [Fact]
    public void Undefined_variable_is_an_error_of_its_container_only()
    {
        var result = CraneFile.Select(Example, null, "USER=bob");

        Assert.Equal(["etcd", "service"], result.Containers.Select(container => container.Name));
        var error = Assert.Single(result.Errors);
        Assert.Equal(CraneErrorId.UndefinedVariable, error.Id);
        Assert.Equal(
            $"{CraneFile.FilePath}:7:17: 'pull.registry' of container 'os' uses the variable DOCKER_REGISTRY, which is not set.",
            error.Message);
        Assert.Equal("      registry: ${DOCKER_REGISTRY}", error.Location!.LineText);
        Assert.Contains("${DOCKER_REGISTRY:-}", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_a_container_are_reported_at_once() => Assert.Equal(
        [CraneErrorId.UndefinedVariable, CraneErrorId.UndefinedVariable, CraneErrorId.InvalidInterpolation],
        CraneFile.Select("containers: {c: {image: '$A', pull: {registry: '${B:?say B}'}, push: {override_user: '${C!}'}}}")
            .Errors.Select(error => error.Id).Order());

    [Fact]
    public void Required_variable_has_its_message() => Assert.EndsWith(
        "requires the variable B: say B",
        Assert.Single(CraneFile.Select("containers: {c: {image: '${B:?say B}'}}").Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void What_concerns_running_is_not_expanded() =>
        Assert.Single(CraneFile.Containers("containers: {c: {image: a, run: {cmd: '$(x) ${!}'}, env: ['A=$NO'], volume: '${'}}"));

    [Theory]
    [InlineData("' company/os  '", "company/os")]
    [InlineData("'${E:-}'", null)]
    [InlineData("'   '", null)]
    [InlineData("1.5", "1.5")]
    public void Image_is_trimmed_and_may_be_missing(string value, string? image) =>
        Assert.Equal(image, CraneFile.Container($"containers: {{c: {{image: {value}}}}}").Image);

    [Fact]
    public void Missing_image_has_no_references()
    {
        var container = CraneFile.Container("containers: {c: {push: {registry: r.co}}}");

        Assert.Equal((null, null, null), (container.Image, container.PullReference, container.PushReference));
    }

    [Theory]
    [InlineData("registry: '${E:-}', override_user: ''", null)]
    [InlineData("registry: r.co:5000", "r.co:5000/company/os")]
    [InlineData("registry: docker.io", "docker.io/company/os")]
    [InlineData("override_user: me", "docker.io/me/os")]
    [InlineData("registry: bad..co", null)]
    [InlineData("registry: r.co, tag: ['${E:-}', v1, v2]", "r.co/company/os:v1")]
    [InlineData("tag: v1", null)]
    [InlineData("registry: r.co, tag: 'not a tag'", null)]
    [InlineData("skip: true, registry: r.co", null)]
    public void Push_reference_is_where_a_push_goes(string push, string? expected) =>
        Assert.Equal(expected, CraneFile.Container($"containers: {{c: {{image: company/os, push: {{{push}}}}}}}").PushReference);

    [Theory]
    [InlineData("build: .", null)]
    [InlineData("build: ., pull: {}", null)]
    [InlineData("build: ., pull: {registry: '${E:-}'}", null)]
    [InlineData("build: ., pull: {registry: r.co}", "r.co/company/os")]
    [InlineData("pull: {override_user: me}", "docker.io/me/os")]
    public void Pull_reference_is_where_a_pull_comes_from(string keys, string? expected) =>
        Assert.Equal(expected, CraneFile.Container($"containers: {{c: {{image: company/os, {keys}}}}}").PullReference);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("yes", true)]
    [InlineData("ON", true)]
    [InlineData("'true'", true)]
    [InlineData("no", false)]
    [InlineData("\"off\"", false)]
    [InlineData("${SKIP}", true)]
    [InlineData("${NO:-false}", false)]
    public void Skip_is_a_boolean_of_any_yaml(string value, bool expected) => Assert.Equal(
        expected, CraneFile.Container($"containers:\n  c:\n    image: a\n    push:\n      skip: {value}\n", "SKIP=yes").Push!.Skip);

    [Fact]
    public void Skip_that_is_not_a_boolean_is_an_error_that_does_not_show_the_value()
    {
        var error = Assert.Single(CraneFile.Select("containers: {c: {image: a, push: {skip: '${SKIP}'}}}", null, "SKIP=maybe").Errors);

        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains("'push.skip' of container 'c' must be true or false, not '${SKIP}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("build: ctx/", "ctx", null)]
    [InlineData("build: {context: ./a/../b}", "b", null)]
    [InlineData("build: {context: '../up', dockerfile: D}", "../up", "D")]
    [InlineData("build: {context: ., dockerfile: D, file: F}", ".", "F")]
    [InlineData("dockerfile: .", ".", null)]
    [InlineData("dockerfile: a/b/", "a/b", null)]
    [InlineData("dockerfile: Dockerfile", ".", "Dockerfile")]
    [InlineData("dockerfile: a/Dockerfile.dev", "a", "Dockerfile.dev")]
    [InlineData("dockerfile: a/dev.Dockerfile", "a", "dev.Dockerfile")]
    [InlineData("dockerfile: a/Dockerfiles", "a/Dockerfiles", null)]
    [InlineData("build: ctx, dockerfile: D", "ctx", "D")]
    [InlineData("build: {context: ctx, file: F}, dockerfile: D", "ctx", "F")]
    [InlineData("build: {target: t}, dockerfile: a", "a", null)]
    public void Build_of_each_generation_has_a_context_and_a_file(string keys, string context, string? file)
    {
        var build = CraneFile.Container($"containers: {{c: {{image: a, {keys}}}}}").Build!;

        Assert.Equal((Path.TrimEndingDirectorySeparator(Path.GetFullPath(context, CraneFile.Folder)), file), (build.Context, build.File));
    }

    [Fact]
    public void Dockerfile_that_is_a_file_on_disk_means_its_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images/build-me", "FROM scratch");
        folder.Write("crane.yaml", "containers: {c: {image: a, dockerfile: images/build-me}, d: {image: b, dockerfile: images}}");

        var containers = Selection.Select(folder.Load("crane.yaml").Stack!, new SelectionRequest(), new GivenVariables()).Containers;

        Assert.Equal((folder.At("images"), "build-me"), (containers[0].Build!.Context, containers[0].Build!.File));
        Assert.Equal((folder.At("images"), null), (containers[1].Build!.Context, containers[1].Build!.File));
    }

    [Theory]
    [InlineData("https://github.com/acme/app.git#main:docker")]
    [InlineData("git@github.com:acme/app.git")]
    [InlineData("github.com/acme/app")]
    [InlineData("ssh://git@example.org/app.git")]
    public void Remote_context_stays_as_it_is(string context) =>
        Assert.Equal(context, CraneFile.Container($"containers: {{c: {{image: a, build: '{context}'}}}}").Build!.Context);

    [Fact]
    public void Build_without_a_context_is_an_error() => Assert.Equal(
        CraneErrorId.InvalidValue, Assert.Single(CraneFile.Select("containers: {c: {image: a, build: {file: F}}}").Errors).Id);

    [Fact]
    public void Build_takes_lists_maps_and_single_strings()
    {
        var build = CraneFile.Container("""
            containers:
              c:
                image: a
                build:
                  context: .
                  build-arg: {A: 1, B: , C: "${V}"}
                  label: [x=y]
                  platform: linux/amd64
                  secret: ["id=s,env=TOKEN"]
                  cache-from: [a, b]
                  cache-to: c
                  add-host: ["h:1.2.3.4"]
                  network: none
                  target: t
            """, "V=v").Build!;

        Assert.Equal(["A=1", "B", "C=v"], build.Argument);
        Assert.Equal(["x=y"], build.Label);
        Assert.Equal(["linux/amd64"], build.Platform);
        Assert.Equal(["id=s,env=TOKEN"], build.Secret);
        Assert.Equal(["a", "b"], build.CacheFrom);
        Assert.Equal(["c"], build.CacheTo);
        Assert.Equal(["h:1.2.3.4"], build.AddHost);
        Assert.Equal(("none", "t"), (build.Network, build.Target));
    }

    [Fact]
    public void Hooks_of_the_container_override_those_of_its_groups_and_keep_their_dollars()
    {
        var containers = CraneFile.Containers("""
            containers: {a: {image: a}, b: {image: b}, c: {image: c}}
            groups: {one: [a, b], two: [a]}
            hooks:
              a: {pre-build: "own $x"}
              one: {pre-build: one, post-build: after}
              two: {pre-build: two, post-build: after}
              gone: {pre-build: x}
            """);

        Assert.Equal(("own $x", "after"), (containers[0].Hook!.PreBuild, containers[0].Hook!.PostBuild));
        Assert.Equal(("one", "after"), (containers[1].Hook!.PreBuild, containers[1].Hook!.PostBuild));
        Assert.Null(containers[2].Hook);
    }

    [Fact]
    public void Groups_that_disagree_about_a_hook_are_an_error_of_the_containers_that_they_share()
    {
        var selected = CraneFile.Select("""
            containers: {a: {image: a}, b: {image: b}, c: {image: c}}
            groups: {one: [a, b], two: [b, c]}
            hooks:
              one: {post-build: x}
              two: {post-build: y}
            """);

        Assert.Equal(["a", "c"], selected.Containers.Select(container => container.Name));
        var error = Assert.Single(selected.Errors);
        Assert.Equal((CraneErrorId.InvalidValue, "b", 5), (error.Id, error.ContainerName, error.Location!.Line));
        Assert.Matches("hooks.two.post-build.*hooks.one.post-build.*:4:", error.Message);
    }

    [Fact]
    public void Registry_settings_are_those_of_the_hosts_in_play()
    {
        var container = CraneFile.Container("""
            containers: {c: {image: company/os, pull: {registry: "R.co:5000/prefix"}, push: {registry: other.co}}}
            registries:
              ${HOST}: {insecure: yes, ca: certs/ca.pem, mirrors: [m.co]}
              unused.co: {insecure: "${NO}"}
            """, "HOST=r.co:5000");

        var setting = Assert.Single(container.RegistrySetting!);
        Assert.Equal(("R.co:5000", true), (setting.RegistryHost, setting.Insecure));
        Assert.Equal(Path.Join(CraneFile.Folder, "certs", "ca.pem"), setting.CertificateAuthority);
        Assert.Equal(["m.co"], setting.Mirror);
    }

    [Fact]
    public void Registry_settings_of_mirrors_in_play_are_there_too()
    {
        var container = CraneFile.Container("""
            containers: {c: {image: r.co/os}}
            registries:
              r.co: {mirrors: ["http://m.co:5000/hub", r.co, gone.co]}
              m.co:5000: {insecure: true, mirrors: [n.co]}
              n.co: {ca: /n.pem}
              unused.co: {insecure: true}
            """);

        Assert.Equal(["r.co", "m.co:5000", "n.co"], container.RegistrySetting!.Select(setting => setting.RegistryHost));
    }

    [Fact]
    public void A_mirror_that_is_not_a_registry_is_an_error_with_its_location()
    {
        var error = Assert.Single(CraneFile.Select(
            "containers: {c: {image: r.co/os}}\nregistries: {r.co: {mirrors: [m.co, 'https://m.${M}.co']}}", null, "M=a..b").Errors);
        Assert.Equal((CraneErrorId.InvalidRegistry, "c", 2), (error.Id, error.ContainerName, error.Location!.Line));
        Assert.Contains("'registries.r.co.mirrors' of container 'c' (from ${M}): Registry 'm.a..b.co'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.docker.io")]
    [InlineData("docker.io/")]
    public void A_host_is_found_by_its_other_spellings(string host) =>
        Assert.Single(CraneFile.Container($"containers: {{c: {{image: alpine}}}}\nregistries: {{{host}: {{mirrors: m.co}}}}").RegistrySetting!);

    [Theory]
    [InlineData("https://r.co: {}", CraneErrorId.InvalidRegistry)]
    [InlineData("r.co/acme: {}", CraneErrorId.InvalidRegistry)]
    [InlineData("bob: {}", CraneErrorId.InvalidRegistry)]
    [InlineData("r.co: {}, R.co: {}", CraneErrorId.DuplicateKey)]
    public void A_key_for_a_known_host_is_an_error_with_its_location(string registries, CraneErrorId id)
    {
        var error = Assert.Single(CraneFile.Select($"containers: {{c: {{image: r.co/os}}}}\nregistries: {{{registries}}}").Errors);
        Assert.Equal((id, 2), (error.Id, error.Location!.Line));
    }

    [Fact]
    public void Docker_hub_has_settings_too() => Assert.Equal(
        ["m.co"],
        Assert.Single(CraneFile.Container("containers: {c: {image: alpine}}\nregistries: {docker.io: {mirrors: m.co}}").RegistrySetting!).Mirror);
}
