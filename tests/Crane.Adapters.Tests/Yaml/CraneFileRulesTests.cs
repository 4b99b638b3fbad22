namespace Crane.Adapters.Tests.Yaml;

public sealed class CraneFileRulesTests
{
    [Theory]
    [InlineData("pull: {regsitry: r.co}", "'containers.c.pull' has no key 'regsitry'. Did you mean 'registry'?")]
    [InlineData("pull: {skip: true}", "'containers.c.pull' has no key 'skip'. It belongs under 'containers.NAME.push'.")]
    [InlineData("pull: {tag: '1'}", "'containers.c.pull' has no key 'tag'. It belongs under 'containers.NAME.push'.")]
    [InlineData("pull: {push: {skip: true}}", "It belongs under 'containers.NAME'.")]
    [InlineData("push: {pull: {registry: r.co}}", "It belongs under 'containers.NAME'.")]
    [InlineData("build: {registry: r.co}", "It belongs under 'containers.NAME.pull' or 'containers.NAME.push' or 'remotes.NAME'.")]
    [InlineData("registry: r.co", "'containers.c' has no key 'registry'. It belongs under 'containers.NAME.pull' or 'containers.NAME.push' or 'remotes.NAME'.")]
    [InlineData("override_user: me", "It belongs under 'containers.NAME.pull' or 'containers.NAME.push' or 'remotes.NAME'.")]
    [InlineData("skip: true", "It belongs under 'containers.NAME.push'.")]
    [InlineData("Skip: true", "'containers.c' has no key 'Skip'. It belongs under 'containers.NAME.push'.")]
    [InlineData("push: {Skip: true}", "'containers.c.push' has no key 'Skip'. Did you mean 'skip'?")]
    [InlineData("tag: latest", "It belongs under 'containers.NAME.push'.")]
    [InlineData("context: .", "It belongs under 'containers.NAME.build'.")]
    [InlineData("mirrors: m.co", "It belongs under 'registries.HOST'.")]
    [InlineData("regsitry: r.co", "Did you mean 'registry'?")]
    [InlineData("image: {registry: r.co}", "'containers.c.image' has no key 'registry'.")]
    [InlineData("push: {override-user: me}", "Did you mean 'override_user'?")]
    [InlineData("push: {overwrite: {nevr: 'v*'}}", "'containers.c.push.overwrite' has no key 'nevr'. Did you mean 'never'?")]
    [InlineData("overwrite: never", "It belongs under 'containers.NAME.push' or 'remotes.NAME'.")]
    [InlineData("push: {anything: 1}", "'containers.c.push' has no key 'anything'.")]
    [InlineData("push: {x-note: 1}", "'containers.c.push' has no key 'x-note'.")]
    [InlineData("build: {contxt: .}", "Did you mean 'context'?")]
    [InlineData("puhs: {skip: true}", "unknown key 'puhs' in 'containers.c'. Did you mean 'push'?")]
    [InlineData("Push: {skip: true}", "Did you mean 'push'?")]
    [InlineData("PULL: {registry: r.co}", "Did you mean 'pull'?")]
    [InlineData("imgae: a", "Did you mean 'image'?")]
    [InlineData("docker-file: .", "Did you mean 'dockerfile'?")]
    [InlineData("built: .", "Did you mean 'build'?")]
    [InlineData("require: [os]", "Did you mean 'requires'?")]
    [InlineData("x-Crane: {push: {registry: r.co}}", "unknown key 'x-Crane' in 'containers.c'. Did you mean 'x-crane'?")]
    [InlineData("x_crane: {push: false}", "Did you mean 'x-crane'?")]
    public void Key_that_may_send_an_image_to_the_wrong_registry_is_refused(string key, string words)
    {
        var error = CraneFile.Error($"containers:\n  c:\n    {(key.StartsWith("image", StringComparison.Ordinal) ? "tty: true" : "image: a")}\n    {key}\n");

        Assert.Equal(CraneErrorId.UnknownKey, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((4, $"    {key}"), (error.Location!.Line, error.Location.LineText));
    }

    [Theory]
    [InlineData("registry: r.co", "the file has no key 'registry'. It belongs under 'containers.NAME.pull' or 'containers.NAME.push' or 'remotes.NAME'.")]
    [InlineData("override_user: me", "the file has no key 'override_user'.")]
    [InlineData("skip: true", "It belongs under 'containers.NAME.push'.")]
    [InlineData("tag: '1'", "It belongs under 'containers.NAME.push'.")]
    [InlineData("push: {registry: r.co}", "the file has no key 'push'. It belongs under 'containers.NAME'.")]
    [InlineData("pull: {registry: r.co}", "It belongs under 'containers.NAME'.")]
    [InlineData("image: a", "It belongs under 'containers.NAME'.")]
    [InlineData("group: {default: [c]}", "unknown key 'group' in the file. Did you mean 'groups'?")]
    [InlineData("groups: {g: {registry: r.co}}", "'groups.g' has no key 'registry'.")]
    [InlineData("groups: {g: {skip: true}}", "'groups.g' has no key 'skip'.")]
    [InlineData("groups: {g: {atomc: true}}", "'groups.g' has no key 'atomc'. Did you mean 'atomic'?")]
    [InlineData("atomic: true", "It belongs under 'groups.NAME'.")]
    [InlineData("hooks: {c: {registry: r.co}}", "'hooks.c' has no key 'registry'.")]
    [InlineData("hooks: {c: {pre-tga: scan}}", "unknown key 'pre-tga' in 'hooks.c'. Did you mean 'pre-tag'?")]
    [InlineData("hooks: {c: {pre_tag: scan}}", "Did you mean 'pre-tag'?")]
    [InlineData("hooks: {c: {Pre-Tag: scan}}", "Did you mean 'pre-tag'?")]
    [InlineData("X-Crane: {push: {registry: r.co}}", "unknown key 'X-Crane' in the file. Did you mean 'x-crane'?")]
    [InlineData("xcrane: {push: {registry: r.co}}", "Did you mean 'x-crane'?")]
    [InlineData("remotes: {mine: {tag: x}}", "'remotes.mine' has no key 'tag'. It belongs under 'containers.NAME.push'.")]
    [InlineData("remotes: {mine: {regstry: x}}", "'remotes.mine' has no key 'regstry'. Did you mean 'registry'?")]
    [InlineData("defaults: {build: x}", "'defaults' has no key 'build'. It belongs under 'containers.NAME'.")]
    [InlineData("default: {pull: x}", "unknown key 'default' in the file. Did you mean 'defaults'?")]
    [InlineData("remote: official", "the file has no key 'remote'. It belongs under 'containers.NAME.pull' or 'containers.NAME.push'.")]
    [InlineData("registries: {r.co: {override_user: me}}", "'registries.r.co' has no key 'override_user'.")]
    public void Key_elsewhere_in_the_file_that_may_send_an_image_to_the_wrong_registry_is_refused(string section, string words)
    {
        var error = CraneFile.Error($"containers: {{c: {{image: a}}}}\n{section}\n");

        Assert.Equal((CraneErrorId.UnknownKey, 2), (error.Id, error.Location!.Line));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pull_policy: always")]
    [InlineData("x-pull: 1")]
    [InlineData("x-trace: 1")]
    [InlineData("ports: [80:80]")]
    [InlineData("depends_on: {os: {condition: service_started}}")]
    [InlineData("deploy: {replicas: 2}")]
    [InlineData("memory-swappiness: 1")]
    [InlineData("run: {imgae: a, puhs: b}")]
    [InlineData("run:")]
    [InlineData("exec: {tty: true}")]
    [InlineData("unique: true")]
    [InlineData("groups: [a]")]
    [InlineData("name: c")]
    [InlineData("requires:")]
    [InlineData("networks: {dev: }")]
    public void Keys_of_running_containers_are_ignored(string key)
    {
        var (errors, warnings) = CraneFile.Judge($"containers:\n  c:\n    image: a\n    {key}\n");

        Assert.Empty(errors);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("prefix: false\nservices: {a: {image: a}}")]
    [InlineData("version: '3'\nname: x\nx-any: 1\nservices: {a: {image: a}}\nnetworks: {dev: }\nvolumes: {data: }")]
    [InlineData("services: \ngroups:\nhooks:\nregistries:")]
    [InlineData("containers: {a: {image: a}}\ngroups: {one: , two: [a, ~, b], three: []}")]
    [InlineData("containers: {a: {image: a}}\naccelerated-mounts: {a: }\nmac-syncs: {}\ncommands: {x: y}")]
    [InlineData("containers: {a: }")]
    [InlineData("containers: {a: {image: a}}\nhooks: {a: , b: {pre-start: x, post-build: y}}")]
    public void Existing_files_load_without_errors(string yaml)
    {
        var (errors, warnings) = CraneFile.Judge(yaml);

        Assert.Empty(errors);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Other_unknown_keys_are_one_warning_that_lists_them()
    {
        var (errors, warnings) = CraneFile.Judge("""
            templates: {}
            containers:
              a: {image: a, colour: red}
              b: {image: b, colour: blue, shape: round}
            hooks: {a: {pre-biuld: x}}
            registries: {r.co: {unsafe: true}}
            """);

        Assert.Empty(errors);
        Assert.Equal(
            $"{CraneFile.FilePath}: unknown keys are ignored: 'templates' (line 1), 'colour' (lines 3, 4), 'shape' (line 4), "
            + "'pre-biuld' (line 5), 'unsafe' (line 6).",
            Assert.Single(warnings));
    }

    [Theory]
    [InlineData("containers: []", "'containers' must be a map, not a list")]
    [InlineData("containers: text", "'containers' must be a map, not a string")]
    [InlineData("containers: {c: [image]}", "'containers.c' must be a map, not a list")]
    [InlineData("containers: {c: {image: [a]}}", "'containers.c.image' must be a string, not a list")]
    [InlineData("containers: {c: {image: }}", "'containers.c.image' must be a string, not null")]
    [InlineData("containers: {c: {image: ~}}", "'containers.c.image' must be a string, not null")]
    [InlineData("containers: {c: {pull: [official]}}", "'containers.c.pull' must be a string or a map, not a list")]
    [InlineData("containers: {c: {push: }}", "'containers.c.push' must be a string or a map, not null")]
    [InlineData("containers: {}\nremotes: {mine: r.co}", "'remotes.mine' must be a map, not a string")]
    [InlineData("containers: {c: {push: {registry: }}}", "'containers.c.push.registry' must be a string, not null")]
    [InlineData("containers: {c: {push: {registry: {a: b}}}}", "'containers.c.push.registry' must be a string, not a map")]
    [InlineData("containers: {c: {push: {skip: maybe}}}", "'containers.c.push.skip' must be true or false, not 'maybe'")]
    [InlineData("containers: {c: {push: {skip: 1}}}", "'containers.c.push.skip' must be true or false, not '1'")]
    [InlineData("containers: {c: {push: {skip: [true]}}}", "'containers.c.push.skip' must be true or false, not a list")]
    [InlineData("containers: {c: {push: {overwrite: nevr}}}", "'containers.c.push.overwrite' must be lease, always or never, not 'nevr'. Did you mean 'never'?")]
    [InlineData("containers: {c: {push: {overwrite: {mode: false}}}}", "'containers.c.push.overwrite.mode' must be lease, always or never, not 'false'")]
    [InlineData("containers: {c: {push: {overwrite: [never]}}}", "'containers.c.push.overwrite' must be lease, always or never or a map, not a list")]
    [InlineData("containers: {c: {push: {tag: {a: b}}}}", "'containers.c.push.tag' must be a string or a list of strings, not a map")]
    [InlineData("containers: {c: {build: [a]}}", "'containers.c.build' must be a string or a map, not a list")]
    [InlineData("containers: {c: {build: {build-arg: text}}}", "'containers.c.build.build-arg' must be a list of NAME=value, or a map")]
    [InlineData("containers: {c: {build: {build-arg: [{A: b}]}}}", "item 1 of 'containers.c.build.build-arg' must be a string, not a map")]
    [InlineData("containers: {c: {build: {args: {A: [b]}}}}", "'containers.c.build.args.A' must be a string, not a list")]
    [InlineData("containers: {c: {requires: os}}", "'containers.c.requires' must be a list of strings, not a string")]
    [InlineData("containers: {c: {requires: [[os]]}}", "item 1 of 'containers.c.requires' must be a string, not a list")]
    [InlineData("containers: {c: {requires: [~]}}", "item 1 of 'containers.c.requires' must be a string, not null")]
    [InlineData("containers: {}\ngroups: [a]", "'groups' must be a map, not a list")]
    [InlineData("containers: {}\ngroups: {a: os}", "'groups.a' must be a list of strings or a map, not a string")]
    [InlineData("containers: {}\ngroups: {a: {containers: [{}]}}", "item 1 of 'groups.a.containers' must be a string, not a map")]
    [InlineData("containers: {}\ngroups: {a: [{}]}", "item 1 of 'groups.a' must be a string, not a map")]
    [InlineData("containers: {}\ngroups: {a: {atomic: perhaps}}", "'groups.a.atomic' must be true or false, not 'perhaps'")]
    [InlineData("containers: {}\nhooks: {a: [b]}", "'hooks.a' must be a map, not a list")]
    [InlineData("containers: {}\nregistries: {r.co: {insecure: perhaps}}", "'registries.r.co.insecure' must be true or false, not 'perhaps'")]
    [InlineData("containers: {'': {image: a}}", "a name in 'containers' is empty")]
    public void Wrong_type_is_refused(string yaml, string words)
    {
        var error = CraneFile.Error(yaml);

        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Location);
    }

    [Theory]
    [InlineData("containers: {}\ngroups: {}\ncontainers: {}", "duplicate key 'containers', in line 1 and in line 3")]
    [InlineData("containers:\n  c: {}\n  c: {}", "duplicate key 'containers.c', in line 2 and in line 3")]
    [InlineData("containers:\n  c:\n    image: a\n    image: b", "duplicate key 'containers.c.image', in line 3 and in line 4")]
    [InlineData("containers:\n  c:\n    ports: []\n    ports: []", "duplicate key 'containers.c.ports'")]
    [InlineData("containers:\n  c:\n    push:\n      skip: true\n      skip: false", "duplicate key 'containers.c.push.skip'")]
    [InlineData("containers:\n  c:\n    build:\n      args:\n        A: b\n        A: c", "duplicate key 'containers.c.build.args.A'")]
    [InlineData("containers: {}\ngroups:\n  a: []\n  a: []", "duplicate key 'groups.a'")]
    [InlineData("x-base: &base\n  image: a\n  image: b\ncontainers:\n  c: *base", "duplicate key 'containers.c.image', in line 2 and in line 3")]
    [InlineData("x-base: &base\n  image: a\n  image: b\ncontainers:\n  c:\n    <<: *base", "duplicate key 'containers.c.image', in line 2 and in line 3")]
    [InlineData("x-base: &base\n  image: a\n  image: b\ncontainers:\n  c: {<<: *base}\n  d: {<<: *base}", "duplicate key 'containers.c.image'")]
    [InlineData("x-base: &base\n  image: a\n  image: b\nx-next: &next {<<: [*base]}\ncontainers:\n  c:\n    <<: [{tty: true}, *next]", "duplicate key 'containers.c.image'")]
    [InlineData("x-push: &push\n  skip: true\n  skip: false\ncontainers:\n  c:\n    push: {<<: *push}", "duplicate key 'containers.c.push.skip'")]
    [InlineData("containers:\n  c: {}\nservices:\n  c: {}", "duplicate container 'c', under 'containers' in line 2 and under 'services' in line 4")]
    public void Duplicate_key_is_refused(string yaml, string words)
    {
        var error = CraneFile.Error(yaml);

        Assert.Equal(CraneErrorId.DuplicateKey, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicate_key_below_run_is_a_warning()
    {
        var (errors, warnings) = CraneFile.Judge("containers:\n  c:\n    image: a\n    run:\n      tty: true\n      tty: false\n");

        Assert.Empty(errors);
        Assert.EndsWith("duplicate keys, the last one is used: 'tty' (line 6).", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-base: &base\n  image: a\n  image: b\ncontainers:\n  c:\n    <<: *base\n    image: c", "'image' (line 3)")] // its own key wins
    [InlineData("x-run: &run\n  tty: true\n  tty: false\ncontainers:\n  c:\n    run:\n      <<: *run", "'tty' (line 3)")]
    [InlineData("x-any:\n  a: 1\n  a: 2\ncontainers: {}", "'a' (line 3)")]
    public void Duplicate_key_that_no_section_uses_is_a_warning(string yaml, string words)
    {
        var (errors, warnings) = CraneFile.Judge(yaml);

        Assert.Empty(errors);
        Assert.EndsWith($"duplicate keys, the last one is used: {words}.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_at_once()
    {
        var (errors, _) = CraneFile.Judge("""
            containers:
              a: {image: [x], puhs: {}}
              b: {push: {skip: maybe, regsitry: r.co}, tty: true, tty: true}
              c: {image: x, image: y}
            groups: text
            """);

        Assert.Equal(
            [
                (CraneErrorId.InvalidValue, 2), (CraneErrorId.UnknownKey, 2), (CraneErrorId.InvalidValue, 3), (CraneErrorId.UnknownKey, 3), (CraneErrorId.DuplicateKey, 3),
                (CraneErrorId.DuplicateKey, 4), (CraneErrorId.InvalidValue, 5),
            ],
            errors.Select(error => (error.Id, error.Location!.Line)));
    }

    [Fact]
    public void Error_in_an_anchor_is_reported_once_however_many_use_it() => Assert.Equal(
        CraneErrorId.UnknownKey,
        CraneFile.Error("x-base: &base {puhs: 1}\ncontainers: {a: {<<: *base}, b: {<<: *base}, c: *base}").Id);

    [Theory]
    [InlineData("- name: a\n  image: b\n", "the form of crane 0.x")]
    [InlineData("- a\n- b\n", "it is a list")]
    [InlineData("just text\n", "it is plain text")]
    [InlineData("web: {image: a}\ndb: {image: b}\n", "compose file of version 1")]
    [InlineData("web: {build: .}\n", "compose file of version 1")]
    [InlineData("package: {name: x}\nsource: {url: y}\nrequirements: {build: [z]}\n", "package recipe")]
    [InlineData("apiVersion: v1\nkind: Pod\n", "Kubernetes manifest")]
    [InlineData("container: {a: {image: b}}\n", "'container' where 'containers' may be meant")]
    [InlineData("title: x\nbody: y\n", "neither 'containers' nor 'services', but 'title', 'body'")]
    [InlineData("groups: {a: [b]}\n", "neither 'containers' nor 'services', but 'groups'")]
    [InlineData("{{ if .Web }}\ncontainers:\n{{ end }}\n", "a template")]
    [InlineData("containers:\n{% for c in all %}\n  {{ c }}: {image: a}\n{% endfor %}\n", "a template")]
    [InlineData("containers: {a: {image: {{ registry }}/a}}\n", "a template")]
    public void A_foreign_file_is_one_error_that_says_what_it_looks_like(string yaml, string words)
    {
        var error = CraneFile.Error(yaml);

        Assert.Equal(CraneErrorId.CraneFileInvalid, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(CraneFile.FilePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("given by path", error.Message, StringComparison.Ordinal);
    }
}
