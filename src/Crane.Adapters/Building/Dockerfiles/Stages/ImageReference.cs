namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>Names of images in Dockerfiles.</summary>
internal static class ImageReference
{
    /// <summary>An image that an instruction names.</summary>
    /// <exception cref="CraneException">InvalidImageName where it is no name.</exception>
    public static BaseImage Read(DockerfileSource source, string name, int line, string instruction)
    {
        try
        {
            ImageName.Parse(name);
            return new(name, line, instruction);
        }
        catch (CraneException fault)
        {
            throw source.Fault(line, fault.Message.TrimEnd('.'), fault.RecommendedAction, fault.Id);
        }
    }
}
