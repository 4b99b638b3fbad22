using CsCheck;

namespace Crane.Core.Tests.Names;

public sealed class ImageNamePropertyTests
{
    [Fact]
    public void A_name_has_the_parts_it_was_written_with() => NameGen.Parts.Sample(parts =>
    {
        var name = ImageName.Parse(NameGen.Write(parts));
        var registry = parts.Registry is null or "index.docker.io" ? "docker.io" : parts.Registry;
        var implied = registry == "docker.io" && !parts.Path.Contains('/', StringComparison.Ordinal) ? "library/" : "";

        Assert.Equal(registry, name.Registry);
        Assert.Equal(implied + parts.Path, name.Repository);
        Assert.Equal(parts.Tag, name.Tag);
        Assert.Equal(parts.Digest, name.Digest);
        Assert.Equal(NameGen.Write(parts), name.Parts.ToString());
    });

    [Fact]
    public void Parse_and_print_agree() => NameGen.Valid.Sample(reference =>
    {
        var name = ImageName.Parse(reference);

        Assert.Equal(name, ImageName.Parse(name.FullName));
        Assert.Equal(name, ImageName.Parse(name.ToString()));
        Assert.Equal(name.FullName, ImageName.Parse(name.FullName).FullName);
        Assert.Equal(name.ToString(), ImageName.Parse(name.ToString()).ToString());
        if (name.ToString() != $"{name.Registry}/{name.Familiar}")
            Assert.Equal(name.Familiar, name.ToString());
    });

    [Fact]
    public void Nothing_but_the_declared_error_comes_out_of_any_string() =>
        Gen.OneOf(NameGen.NearlyValid, NameGen.Mutated, Gen.String, Gen.String[Gen.Char, 0, 300]).Sample(reference =>
        {
            ImageName name;
            try
            {
                name = ImageName.Parse(reference);
            }
            catch (CraneException error)
            {
                Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
                Assert.DoesNotContain(error.Message, char.IsControl);
                Assert.False(ImageName.TryParse(reference, out _));
                return;
            }
            Assert.True(ImageName.TryParse(reference, out var tried));
            Assert.Equal(name, tried);
            Assert.Equal(name, ImageName.Parse(name.FullName));
            Assert.Equal(name, ImageName.Parse(name.ToString()));
        }, iter: 20_000);

    [Fact]
    public void Every_string_is_read_as_the_distribution_project_reads_it() =>
        Gen.OneOf(NameGen.NearlyValid, NameGen.Mutated, NameGen.Valid).Sample(reference =>
        {
            var read = ImageName.TryParse(reference, out var name) ? $"{name.Registry} {name.Repository} {name.Tag} {name.Digest}" : null;
            Assert.Equal(DistributionGrammar.Parse(reference), read);
        }, iter: 20_000);
}
