using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class TagTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("image: company/os, build: .", "company/os:v2")]
    [InlineData("image: 'company/os:1', pull: {registry: r.co}, push: {registry: p.co}", "company/os:v2")]
    [InlineData("image: 'r.co:5000/os:1', pull: {override_user: me}, push: {override_user: me}", "r.co:5000/os:v2")]
    [InlineData($"image: 'company/os:1@{Digest}', build: .", "company/os:v2")]
    [InlineData("image: 'coreos/etcd:2'", "coreos/etcd:2")]
    [InlineData("image: coreos/etcd", "coreos/etcd")]
    [InlineData("image: 'coreos/etcd:2', push: {skip: true}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', pull: {registry: r.co}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', pull: {registry: r.co}, push: {skip: true}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', pull: {registry: r.co}, push: {registry: p.co, skip: true}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', pull: {registry: r.co}, push: {tag: latest}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', push: {registry: p.co}", "coreos/etcd:2")]
    [InlineData("image: 'coreos/etcd:2', push: {registry: '${E:-}'}", "coreos/etcd:2")]
    [InlineData("image: 'Not An Image', build: .", "Not An Image")]
    public void Tag_replaces_that_of_images_that_are_built_here_or_both_pulled_and_pushed(string keys, string image) =>
        Assert.Equal(image, Assert.Single(Select(keys).Containers).Image);

    [Theory]
    [InlineData("c")]
    [InlineData("C")]
    public void Tag_replaces_that_of_another_image_when_it_is_named(string name) =>
        Assert.Equal("coreos/etcd:v2", Assert.Single(Select("image: 'coreos/etcd:2'", name).Containers).Image);

    [Theory]
    [InlineData("*")]
    [InlineData("g")]
    public void Pattern_or_group_names_no_container(string name) =>
        Assert.Equal("coreos/etcd:2", Assert.Single(Select("image: 'coreos/etcd:2'", name).Containers).Image);

    [Fact]
    public void Tags_of_push_stay()
    {
        var container = Assert.Single(Select("image: 'company/os:1', build: ., push: {registry: r.co, tag: [latest]}").Containers);

        Assert.Equal(("company/os:v2", "r.co/company/os:latest"), (container.Image, container.PushReference));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-v2")]
    [InlineData("a b")]
    [InlineData("v2@sha256:0")]
    public void Invalid_tag_selects_nothing(string tag)
    {
        var result = CraneFile.Select("containers: {c: {image: a}}", new SelectionRequest { Tag = tag });

        Assert.Empty(result.Containers);
        Assert.Equal(CraneErrorId.InvalidValue, Assert.Single(result.Errors).Id);
    }

    private static SelectionResult Select(string keys, params string[] names) =>
        CraneFile.Select($"containers: {{c: {{{keys}}}}}\ngroups: {{g: [c]}}", new SelectionRequest { Tag = "v2", Name = names });
}
