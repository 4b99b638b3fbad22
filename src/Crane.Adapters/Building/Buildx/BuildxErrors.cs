using System.ComponentModel;
using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Dockerfiles;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>The errors of Buildx, with the line of the Dockerfile where they are about one.</summary>
internal static class BuildxErrors
{
    private const string Install =
        "Install docker's plugin Buildx (package docker-buildx-plugin or docker-buildx), or build with -Builder Engine.";

    public static CraneException None() => new(
        CraneErrorId.BuildFailed,
        "Buildx was not found on this machine: there is no docker-buildx among docker's plugins, and no docker on the PATH that has it.",
        Install);

    public static CraneException TooOld(BuildxProgram program, Version version, Version oldest) => new(
        CraneErrorId.BuildFailed, $"Buildx {version} ({program}) is too old; Crane needs {oldest} or later.", Install);

    public static CraneException NotStarted(BuildxProgram program, Win32Exception exception) => new(
        CraneErrorId.BuildFailed, $"Buildx ({program}) could not be started: {exception.Message}", Install, exception);

    public static CraneException NoFolder(string path, Exception exception) => new(
        CraneErrorId.BuildFailed, $"The folder '{path}' for a run of Buildx could not be created: {exception.Message}",
        "Make its parent folder writable for you: that is XDG_RUNTIME_DIR, else the folder of temporary files.", exception);

    /// <summary>Buildx itself failed, not one of the builds.</summary>
    public static CraneException Failed(string words) => new(
        CraneErrorId.BuildFailed, $"Buildx could not build: {words}",
        "That is Buildx's message; Export-CraneBakeFile writes the file that it was run with.");

    public static CraneException Failed(ImageName target, ContainerBuild build, BakeFailure failure, RegistryCredentials credentials)
    {
        var location = Locate(build, failure.Line);
        if (location is not null && failure.Image is { } image && OfBase(image, failure.Words, credentials) is { } exception)
            return exception.At(location);
        var what = failure.Step is { } step ? $"{step}: {failure.Words}" : failure.Words;
        return BuildErrors.Step(target, location, what, failure.Tail);
    }

    // A link to an image would replace a stage.
    public static CraneException StageHasNameOfImage(string name, SourceLocation location) => new(
        CraneErrorId.NotSupportedByBuilder,
        $"{location}: the stage '{name}' has the name of an image that is built in the same run; Buildx would use the image instead.",
        "Give the stage another name, or build with -Builder Engine.")
    {
        Location = location,
    };

    public static CraneException NotLoaded(ImageName target, string engine) => new(
        CraneErrorId.BuildFailed, $"'{target}' was built, but is not in the engine {engine}.",
        "A builder of an engine loads images into that engine only: name it with -Engine, or choose another builder.");

    public static CraneException NoImage(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: Buildx did not report the image.",
        "Check the output with -Verbose.");

    public static CraneException OnePlatformOnly(ImageName target, IEnumerable<string> platforms, string engine) => new(
        CraneErrorId.NotSupportedByBuilder,
        $"'{target}' is for several platforms ({string.Join(", ", platforms)}), but the engine {engine} supports only images of one.",
        "Build one platform at a time, or enable containerd's image store in the engine.");

    // That is all BuildKit says about an image that does not exist.
    private static CraneException? OfBase(ImageName image, string words, RegistryCredentials credentials) =>
        words.EndsWith(": not found", StringComparison.Ordinal)
            ? BuildErrors.BaseNotFound(image, words) : BuildErrors.Base(image, words, credentials);

    // Null where only the builder sees the Dockerfile, or it has changed since the build.
    private static SourceLocation? Locate(ContainerBuild build, int? line)
    {
        if (line is not { } number || FilePath.IsRemoteContext(build.Context))
            return null;
        try
        {
            var source = ParsedDockerfile.Read(DockerfileLocation.Find(build.Context, build.File).Path).Source;
            return number >= 1 && number <= source.LineCount ? source.Locate(number) : null;
        }
        catch (CraneException)
        {
            return null;
        }
    }
}
