namespace Crane.Core.Tests.Names;

public sealed class ImageNameVectorTests
{
    public static TheoryData<string> Valid => [.. NameVectors.Names.Where(vector => vector.Valid).Select(vector => vector.Name)];

    public static TheoryData<string> Invalid => [.. NameVectors.Names.Where(vector => !vector.Valid).Select(vector => vector.Name)];

    [Theory, MemberData(nameof(Valid))]
    public void A_valid_name_has_the_parts_of_its_vector(string reference)
    {
        var vector = NameVectors.Names.First(vector => vector.Name == reference);

        var name = ImageName.Parse(reference);

        Assert.Equal(vector, new NameVector(reference, true, name.Registry, name.Repository, name.Tag, name.Digest, name.Familiar));
        Assert.Equal(name, ImageName.Parse(name.FullName));
        Assert.Equal(name, ImageName.Parse(name.ToString()));
    }

    [Theory, MemberData(nameof(Invalid))]
    public void An_invalid_name_is_refused_both_ways(string reference)
    {
        Assert.Equal(CraneErrorId.InvalidImageName, Assert.Throws<CraneException>(() => ImageName.Parse(reference)).Id);
        Assert.False(ImageName.TryParse(reference, out var name));
        Assert.Null(name);
    }
}
