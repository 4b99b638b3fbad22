using Crane.Names;
using CsCheck;

namespace Crane.Core.Tests.Names;

public sealed class RetagPropertyTests
{
    private static readonly Gen<(ImageName Image, string? Registry, string? User)> Request =
        Gen.Select(NameGen.Valid.Select(ImageName.Parse), Gen.Null(NameGen.Registry.Where(registry => registry != "FOO")), Gen.Null(NameGen.Component))
            .Where(request => request.Item2 is not null || request.Item3 is null || ReadsAsUser(request.Item3));

    [Fact]
    public void Tag_and_digest_stay() => Request.Sample(request =>
    {
        var remote = Retag.Remote(request.Image, request.Registry, request.User);

        Assert.Equal(request.Image.Tag, remote.Tag);
        Assert.Equal(request.Image.Digest, remote.Digest);
    });

    [Fact]
    public void Retagging_again_with_a_host_and_one_user_changes_nothing() => Request.Sample(request =>
    {
        var remote = Retag.Remote(request.Image, request.Registry, request.User);

        Assert.Equal(remote, Retag.Remote(remote, request.Registry, request.User));
    });

    [Fact]
    public void A_remote_name_reads_back_and_ends_with_the_name_of_the_image() => Request.Sample(request =>
    {
        var remote = Retag.Remote(request.Image, request.Registry, request.User);

        Assert.Equal(remote, ImageName.Parse(remote.ToString()));
        Assert.Equal(request.Image.Repository.Split('/')[^1], remote.Repository.Split('/')[^1]);
    });

    [Fact]
    public void Without_directives_the_name_stays_as_written() => NameGen.Valid.Sample(reference =>
        Assert.Equal(reference, Retag.Remote(ImageName.Parse(reference), "", null).Parts.ToString()));

    [Fact]
    public void Nothing_but_the_declared_errors_comes_out_of_any_directive() =>
        Gen.Select(NameGen.Valid, Gen.OneOf(NameGen.NearlyValid, NameGen.Mutated), Gen.OneOf(NameGen.NearlyValid, Gen.String))
            .Sample((image, registry, user) =>
            {
                try
                {
                    var remote = Retag.Remote(ImageName.Parse(image), registry, user);
                    Assert.Equal(remote, ImageName.Parse(remote.ToString()));
                }
                catch (CraneException error)
                {
                    Assert.True(error.Id is CraneErrorId.InvalidRegistry or CraneErrorId.InvalidImageName);
                }
            }, iter: 20_000);

    private static bool ReadsAsUser(string user) => !user.Contains('.', StringComparison.Ordinal) && user != "localhost";
}
