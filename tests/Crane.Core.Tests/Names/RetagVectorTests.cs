using Crane.Names;

namespace Crane.Core.Tests.Names;

public sealed class RetagVectorTests
{
    public static TheoryData<int, string> Retagged => Rows(vector => vector.Error is null);

    public static TheoryData<int, string> Refused => Rows(vector => vector.Error is not null);

    [Theory, MemberData(nameof(Retagged))]
    public void Retags_as_its_vector(int index, string image)
    {
        var vector = NameVectors.Retags[index];
        var name = ImageName.Parse(image);

        Assert.Equal(ImageName.Parse(vector.Remote!).FullName, Retag.Remote(name, vector.Registry, vector.OverrideUser).FullName);
        if (vector.Local is not null)
            Assert.Equal(ImageName.Parse(vector.Local).FullName, Retag.Local(name).FullName);
    }

    [Theory, MemberData(nameof(Refused))]
    public void Is_refused_as_its_vector(int index, string image)
    {
        var vector = NameVectors.Retags[index];

        var error = Assert.Throws<CraneException>(() =>
        {
            var name = ImageName.Parse(image);
            Retag.Remote(name, vector.Registry, vector.OverrideUser);
            Retag.Local(name);
        });

        Assert.Equal(vector.Error, error.Id.ToString());
    }

    private static TheoryData<int, string> Rows(Func<RetagVector, bool> isWanted)
    {
        var rows = new TheoryData<int, string>();
        foreach (var (index, vector) in NameVectors.Retags.Index())
            if (isWanted(vector))
                rows.Add(index, vector.Image);
        return rows;
    }
}
