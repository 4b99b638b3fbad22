using Crane.Building;

namespace Crane.Core.Tests.Building;

/// <summary>Dockerfiles by their contexts, each as the names that it needs; the first one is its parent.
/// Those with a hyphen before them are in stages that its target does not need.</summary>
internal sealed class Dockerfiles(params (string Context, string[] Images)[] contexts) : IDockerfiles
{
    /// <summary>Whether those that were missing have been made since.</summary>
    public bool AreMade { get; set; }

    public DockerfileImages Read(ContainerBuild build)
    {
        var images = contexts.Single(entry => entry.Context == build.Context).Images;
        if (images is ["!"])
            return AreMade ? DockerfileImages.Unknown : throw new CraneException(CraneErrorId.BuildFailed, "no Dockerfile");
        var read = images.Select((name, line) => new DockerfileImage(name, $"{build.Context}/Dockerfile", line + 1)).ToList();
        return new DockerfileImages(
            read.Where(IsNeeded).FirstOrDefault()?.Name, [.. read.Where(IsNeeded)])
        {
            Unneeded = [.. read.Where(image => !IsNeeded(image)).Select(image => image with { Name = image.Name[1..] })],
        };

        static bool IsNeeded(DockerfileImage image) => image.Name[0] != '-';
    }

    public static RetagPlan Plan(string name, params string[] requires) => new()
    {
        Container = name,
        Operation = RetagOperation.Build,
        Source = $"/{name}",
        Target = $"company/{name}",
        Build = new ContainerBuild { Context = $"/{name}" },
        Requires = requires,
    };
}
