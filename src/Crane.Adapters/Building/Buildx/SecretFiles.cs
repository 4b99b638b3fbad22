namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The files of secrets. Buildx looks for all of them before it builds anything, and does not say whose is missing: no image
/// would be built.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The target; one whose secret is not there has that as its fault.</summary>
    /// <param name="target">The target.</param>
    /// <param name="variables">The environment, which may have a secret that says nothing but its id.</param>
    public static BakeTarget Check(BakeTarget target, Func<string, string?> variables) =>
        BakeSecrets.Files(target.Request, variables).FirstOrDefault(path => !File.Exists(path)) is { } absent
            ? target with { Fault = target.Fault ?? Absent(target.Request.Target, absent) }
            : target;

    private static CraneException Absent(ImageName target, string path) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: the file '{path}' of a secret does not exist.",
        "Correct `src` of `secret`; a relative path there starts from the folder of the crane file. "
        + "Where a variable has the secret, write env=NAME.");
}
