using System.ComponentModel;
using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Dockerfiles;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>The errors of Buildx, in words about the Dockerfile where they are about one.</summary>
internal static class BuildxErrors
{
    private const string Install =
        "Install docker's plugin Buildx (package docker-buildx-plugin or docker-buildx), or build with -Builder Engine.";

    public static CraneException None() => new(
        CraneErrorId.BuildFailed,
        "There is no Buildx on this machine: no docker-buildx among docker's plugins, and no docker on the PATH that has it.",
        Install);

    public static CraneException TooOld(BuildxProgram program, Version version, Version oldest) => new(
        CraneErrorId.BuildFailed, $"Buildx {version} ({program}) is too old: {oldest} is the first that can be used.", Install);

    public static CraneException NotStarted(BuildxProgram program, Win32Exception exception) => new(
        CraneErrorId.BuildFailed, $"Buildx ({program}) could not be started: {exception.Message}", Install, exception);

    /// <summary>There is no place for what a run needs.</summary>
    public static CraneException NoFolder(string path, Exception exception) => new(
        CraneErrorId.BuildFailed, $"The folder '{path}' for a run of Buildx could not be made: {exception.Message}",
        "Make the folder above it writable to you: it is that of XDG_RUNTIME_DIR, else that of temporary files.", exception);

    /// <summary>Buildx failed as a whole, before or beside the builds.</summary>
    public static CraneException Failed(string words) => new(
        CraneErrorId.BuildFailed, $"Buildx could not build: {words}",
        "These are Buildx's own words; Export-CraneBakeFile gives the file that it was run with.");

    /// <summary>A build failed.</summary>
    /// <param name="target">What was to be built.</param>
    /// <param name="build">How it was to be built.</param>
    /// <param name="failure">What Buildx said.</param>
    /// <param name="credentials">What registries were shown.</param>
    public static CraneException Failed(
        ImageName target, ContainerBuild build, BakeFailure failure, RegistryCredentials credentials)
    {
        var location = Locate(build, failure.Line);
        if (location is not null && failure.Image is { } image && OfBase(image, failure.Words, credentials) is { } exception)
            return exception.At(location);
        var what = failure.Step is { } step ? $"{step}: {failure.Words}" : failure.Words;
        return BuildErrors.Step(target, location, what, failure.Tail);
    }

    /// <summary>A link to an image would take the place of a stage.</summary>
    public static CraneException StageHasNameOfImage(string name, SourceLocation location) => new(
        CraneErrorId.NotSupportedByBuilder,
        $"{location}: the stage '{name}' has the name of an image that is built in the same run; Buildx would take that for it.",
        "Give the stage another name, or build with -Builder Engine.")
    {
        Location = location,
    };

    /// <summary>Nothing of what was built is in the engine.</summary>
    public static CraneException NotLoaded(ImageName target, string engine) => new(
        CraneErrorId.BuildFailed, $"'{target}' was built, but is not in the engine {engine}.",
        "A builder that belongs to an engine loads images into that one only: name it with -Engine, or choose another builder.");

    /// <summary>Buildx ended well, and did not say what it made.</summary>
    public static CraneException NoImage(ImageName target) => new(
        CraneErrorId.BuildFailed, $"'{target}' could not be built: Buildx did not say which image it made.",
        "Look at what -Verbose shows.");

    /// <summary>The engine's store has images of one platform only.</summary>
    public static CraneException OnePlatformOnly(ImageName target, IEnumerable<string> platforms, string engine) => new(
        CraneErrorId.NotSupportedByBuilder,
        $"'{target}' is for several platforms ({string.Join(", ", platforms)}), and the engine {engine} keeps images of one only.",
        "Build one platform at a time, or let the engine use containerd's image store.");

    // BuildKit says no more than that of an image that a registry has not.
    private static CraneException? OfBase(ImageName image, string words, RegistryCredentials credentials) =>
        words.EndsWith(": not found", StringComparison.Ordinal)
            ? BuildErrors.BaseNotFound(image, words) : BuildErrors.Base(image, words, credentials);

    // Null where only the builder sees the Dockerfile, or it has changed since it was built: what went wrong is told all the same.
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
