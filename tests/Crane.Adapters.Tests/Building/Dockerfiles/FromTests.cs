using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class FromTests
{
    [Fact]
    public void Image_comes_with_its_instruction_and_line() =>
        Assert.Equal([new BaseImage("alpine:3", 3, "FROM")], Dockerfile.Read("# web\n\nFROM alpine:3 AS os\nRUN true\n").All);

    [Fact]
    public void Scratch_is_not_an_image() => Assert.Empty(Dockerfile.All("FROM scratch\nCOPY a /a\n"));

    [Fact]
    public void Name_of_an_earlier_stage_is_that_stage() =>
        Assert.Equal(["alpine"], Dockerfile.All("FROM alpine AS base\nFROM base\n"));

    [Fact]
    public void Name_of_a_later_stage_is_an_image() =>
        Assert.Equal(["later", "alpine"], Dockerfile.All("FROM later\nFROM alpine AS later\n"));

    [Fact]
    public void Stage_may_be_based_on_an_earlier_one_of_its_own_name() =>
        Assert.Equal(["golang:1"], Dockerfile.Needed("FROM golang:1 AS build\nFROM build AS build\nFROM build\n"));

    [Fact]
    public void Stage_may_be_called_scratch() =>
        Assert.Equal(["alpine"], Dockerfile.Needed("FROM alpine AS scratch\nFROM scratch\n"));

    [Fact]
    public void Case_matters_in_FROM() => Assert.Equal(
        CraneErrorId.InvalidImageName, Dockerfile.Error("FROM alpine AS base\nFROM BASE\n").Id);

    [Fact]
    public void Number_in_FROM_is_an_image() => Assert.Equal(["alpine", "0"], Dockerfile.All("FROM alpine\nFROM 0\n"));

    [Fact]
    public void An_image_is_listed_once_by_what_is_written() =>
        Assert.Equal(["alpine", "alpine:latest"], Dockerfile.All("FROM alpine\nFROM alpine:latest\nFROM alpine\n"));

    [Theory]
    [InlineData("FROM alpine", "alpine")]
    [InlineData("FROM golang AS build\nFROM build AS more\nFROM more", "golang")]
    [InlineData("FROM golang AS build\nFROM scratch\nCOPY --from=build /a /a", null)]
    public void Parent_is_the_image_that_the_layers_begin_with(string dockerfile, string? parent) =>
        Assert.Equal(parent, Dockerfile.Read(dockerfile).Parent?.Name);

    [Theory]
    [InlineData("linux/arm64")]
    [InlineData("linux/arm/v7")]
    [InlineData("arm64")]
    [InlineData("Windows(10.0.17763)/amd64")]
    [InlineData("$BUILDPLATFORM")]
    [InlineData("linux/${TARGETARCH}")]
    public void Platform_is_not_part_of_the_name(string platform) =>
        Assert.Equal(["alpine"], Dockerfile.All($"FROM --platform={platform} alpine"));

    [Theory]
    [InlineData("pdp11")]
    [InlineData("linux/arm/v7/x")]
    [InlineData("linux/*")]
    [InlineData("$UNSET")]
    public void Invalid_platform_is_an_error(string platform) => Assert.Contains(
        "invalid platform", Dockerfile.Error($"FROM --platform={platform} alpine").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("$BUILDPLATFORM", "linux/amd64")]
    [InlineData("$TARGETPLATFORM", "linux/arm/v7")]
    [InlineData("$TARGETOS-$TARGETARCH-$TARGETVARIANT", "linux-arm-v7")]
    [InlineData("$BUILDOS-$BUILDARCH${BUILDVARIANT+-none}", "linux-amd64-none")]
    [InlineData("$TARGETSTAGE", "default")]
    public void Platforms_are_known_without_an_ARG(string tag, string value)
    {
        var options = new DockerfileOptions { BuildPlatform = "linux/x86_64", TargetPlatform = "linux/arm" };

        Assert.Equal($"r.co/{value}", Assert.Single(Dockerfile.Read($"FROM r.co/{tag}", options).All).Name);
    }

    [Fact]
    public void Build_argument_overrides_a_platform() =>
        Assert.Equal("os-riscv64", Dockerfile.Base("FROM os-$TARGETARCH", ("TARGETARCH", "riscv64")));

    [Fact]
    public void Platform_of_the_options_must_be_one() => Assert.Equal(
        CraneErrorId.InvalidValue, Dockerfile.Error("FROM a", new DockerfileOptions { TargetPlatform = "linux/a/b/c" }).Id);
}
