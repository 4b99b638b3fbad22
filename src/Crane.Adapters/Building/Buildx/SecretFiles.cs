using Crane.Adapters.Files;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The files of secrets. Buildx looks for all of them before it builds anything, and does not say whose is missing: no image
/// would be built.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The target; one whose secret cannot be read has that as its fault.</summary>
    /// <param name="target">The target.</param>
    /// <param name="variables">The environment, which may have a secret that says nothing but its id.</param>
    public static BakeTarget Check(BakeTarget target, Func<string, string?> variables) => target with
    {
        Fault = target.Fault
            ?? BakeSecrets.Files(target.Request, variables).Select(path => Fault(target.Request.Target, path)).FirstOrDefault(fault => fault is not null),
    };

    private static CraneException? Fault(ImageName target, string path)
    {
        try
        {
            RegularFile.Open(path).Dispose();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var why = fault is FileNotFoundException or DirectoryNotFoundException
                ? "does not exist" : $"cannot be read: {fault.Message.TrimEnd('.')}";
            return new CraneException(
                CraneErrorId.BuildFailed, $"'{target}' could not be built: the file '{path}' of a secret {why}.",
                "Correct `src` of `secret`; a relative path there starts from the folder of the crane file. "
                + "Where a variable has the secret, write env=NAME.", fault);
        }
    }
}
