using Crane.CraneFile.Model;

namespace Crane.Core.Tests.Configuration;

public sealed class SectionValuesTests
{
    [Theory]
    [InlineData("registry=r.co; override_user=me; skip=true; tag=1,latest")]
    [InlineData("Registry = r.co;OverrideUser=me ; Skip=yes; tag=1,latest;")]
    [InlineData("""{"registry":"r.co","override_user":"me","skip":true,"tag":["1","latest"]}""")]
    [InlineData("""{"Registry":"r.co","OverrideUser":"me","Skip":"True","Tag":["1","latest"]}""")]
    public void A_section_reads_the_same_by_the_keys_of_the_file_and_by_properties(string section)
    {
        var push = Push(section);
        Assert.Equal(("r.co", "me", true), (push.Registry, push.OverrideUser, push.Skip));
        Assert.Equal(["1", "latest"], push.Tag!);
        Assert.Equal("registry=r.co; override_user=me; skip=true; tag=1,latest", push.ToString());
    }

    [Theory]
    [InlineData("overwrite=never; never=v*,w*; always=latest")]
    [InlineData("Overwrite=Never; NeverOverwrite=v*,w*; AlwaysOverwrite=latest")]
    [InlineData("""{"Overwrite":2,"NeverOverwrite":["v*","w*"],"AlwaysOverwrite":["latest"]}""")]
    public void Overwrite_is_read_with_its_patterns(string text) =>
        Assert.Equal("overwrite=never; never=v*,w*; always=latest", Push(text).ToString());

    [Fact]
    public void Patterns_with_a_separator_stay_patterns() =>
        Assert.Equal(["v[1,2]", "w*"], Push(new ContainerPush { Overwrite = OverwriteMode.Always, NeverOverwrite = ["v[1,2]", "w*"] }.ToString()).NeverOverwrite!);

    [Theory]
    [InlineData("skip=false", false)]
    [InlineData("skip=no", false)]
    [InlineData("skip=on", true)]
    public void A_boolean_means_what_it_says(string section, bool skip) => Assert.Equal(skip, Push(section).Skip);

    [Theory]
    [InlineData("registy=r.co", CraneErrorId.UnknownKey, "no key 'registy'. Did you mean 'registry'?")]
    [InlineData("Registri=r.co", CraneErrorId.UnknownKey, "Did you mean 'registry'?")]
    [InlineData("target=r.co", CraneErrorId.UnknownKey, "no key 'target'.")]
    [InlineData("r.co", CraneErrorId.UnknownKey, "'r.co', which has no key")]
    [InlineData("registry", CraneErrorId.UnknownKey, "'registry', which has no key")]
    [InlineData("=r.co", CraneErrorId.UnknownKey, "'=r.co', which has no key")]
    [InlineData("registry=r.co; bob", CraneErrorId.UnknownKey, "'bob', which has no key")]
    [InlineData("registry=r.co; Registry=s.co", CraneErrorId.DuplicateKey, "'registry' twice")]
    [InlineData("skip=maybe", CraneErrorId.InvalidValue, "must be true or false, not 'maybe'")]
    [InlineData("overwrite=nevr", CraneErrorId.InvalidValue, "must be lease, always or never, not 'nevr'. Did you mean 'never'?")]
    [InlineData("overwrite=3", CraneErrorId.InvalidValue, "must be lease, always or never, not '3'")]
    [InlineData("skip=", CraneErrorId.InvalidValue, "must be true or false")]
    [InlineData("""{"registry":["r.co"]}""", CraneErrorId.InvalidValue, "'registry' in the push section of container 'os' must be a string, not a list")]
    [InlineData("""{"tag":[null]}""", CraneErrorId.InvalidValue, "not null")]
    [InlineData("""{"tag":{"a":"b"}}""", CraneErrorId.InvalidValue, "not a map")]
    [InlineData("{", CraneErrorId.InvalidValue, "is not JSON")]
    public void What_has_no_valid_meaning_is_refused(string section, CraneErrorId id, string message)
    {
        var error = Assert.Throws<CraneException>(() => Push(section));
        Assert.Equal(id, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("container 'os'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    [Theory]
    [InlineData("r.co; skip=true")]
    [InlineData("r.co,s.co")]
    public void A_value_with_a_separator_stays_one_value(string registry)
    {
        var push = Push(new ContainerPush { Registry = registry }.ToString());
        Assert.Equal((registry, false), (push.Registry, push.Skip));
    }

    [Fact]
    public void Build_arguments_may_be_a_map()
    {
        var build = ContainerBuild.Of(SectionText.Read("""{"context":"/c","args":{"A":1,"B":null},"dockerfile":"D"}""", SectionKeys.Build, "it"));
        Assert.Equal(["A=1", "B"], build.Argument!);
        Assert.Equal(("/c", "D"), (build.Context, build.File));
    }

    [Fact]
    public void Every_property_of_a_section_has_its_key()
    {
        foreach (var (section, keys) in new (Type, SectionKeys)[]
        {
            (typeof(ContainerBuild), SectionKeys.Build), (typeof(ContainerPull), SectionKeys.Pull), (typeof(ContainerPush), SectionKeys.ContainerPush),
            (typeof(ContainerHook), SectionKeys.Hook), (typeof(RegistrySetting), SectionKeys.RegistrySetting),
        })
        {
            foreach (var property in section.GetProperties())
                Assert.Equal(property.Name, keys.Find(property.Name, "it").Property);
        }
    }

    private static ContainerPush Push(string section) => ContainerPush.Of(DirectiveText.Read(section, SectionKeys.ContainerPush, "container 'os'"));
}
