using System.Buffers;
using System.Text;
using Crane.Names;

namespace Crane.Planning;

/// <summary>
/// The docker command lines that do the same as a plan, for review and for a shell. They begin with <c>set -e</c>, so that a script of the
/// steps of any plans ends at the first command that fails.
/// </summary>
internal static class DockerSteps
{
    private const string StopAtFailure = "set -e";

    public static IReadOnlyList<string> Pull(ImageName source, ImageName target, string? platform)
    {
        var pull = platform is null ? Docker("pull", source.RemoteName) : Docker("pull", "--platform", platform, source.RemoteName);
        return source == target
            ? [StopAtFailure, pull]
            : [StopAtFailure, pull, Docker("tag", TagSource(source).RemoteName, target.ToString())];
    }

    public static IReadOnlyList<string> Push(ImageName source, ImageName target)
    {
        // docker pushes only tags; the digest of a target is checked afterwards.
        var written = target.WithoutDigest();
        var push = Docker("push", written.RemoteName);
        return source == written
            ? [StopAtFailure, push]
            : [StopAtFailure, Docker("tag", source.ToString(), written.RemoteName), push];
    }

    public static IReadOnlyList<string> Copy(ImageName source, ImageName target) =>
    [
        StopAtFailure,
        ShellText.Line("docker", "buildx", "imagetools", "create", "--tag", target.WithoutDigest().RemoteName, source.RemoteName),
    ];

    public static IReadOnlyList<string> Build(ContainerBuild build, ImageName target)
    {
        List<string> words = ["docker", "build", "--tag", target.ToString()];
        Option("--file", DockerfilePath(build));
        Options("--build-arg", build.Argument);
        Option("--target", build.Target);
        Option("--network", build.Network);
        Option("--platform", build.Platform is null ? null : string.Join(',', build.Platform));
        Options("--label", build.Label);
        Options("--secret", build.Secret);
        Options("--cache-from", build.CacheFrom);
        Options("--cache-to", build.CacheTo);
        Options("--add-host", build.AddHost);
        Options("--build-context", build.BuildContext);
        words.Add(UserInformation.MaskInAddress(build.Context));
        return [StopAtFailure, ShellText.Line([.. words])];

        void Option(string name, string? value)
        {
            if (value is not null)
                words.AddRange([name, value]);
        }

        void Options(string name, IReadOnlyList<string>? values)
        {
            foreach (var value in values ?? [])
                Option(name, value);
        }
    }

    // A pull by digest creates the name without its tag.
    private static ImageName TagSource(ImageName source) => source.Digest is null ? source : source.WithoutTag();

    // In the crane file it is relative to the context, for docker's flag to the current directory.
    private static string? DockerfilePath(ContainerBuild build) =>
        build.File is null || build.Context.Contains("://", StringComparison.Ordinal) || !Path.IsPathRooted(build.Context)
            ? build.File
            : Path.Combine(build.Context, build.File);

    private static string Docker(string verb, params ReadOnlySpan<string> names) => ShellText.Line(["docker", verb, .. names]);
}

/// <summary>Writes command lines for a POSIX shell (IEEE 1003.1, Shell Command Language, 2.2 Quoting).</summary>
internal static class ShellText
{
    // None of these is special to the shell anywhere in a word. A tilde is at the start.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-");

    /// <summary>The words as one line, each quoted where it needs it.</summary>
    public static string Line(params ReadOnlySpan<string> words)
    {
        var quoted = new string[words.Length];
        for (var index = 0; index < words.Length; index++)
            quoted[index] = Quote(words[index]);
        return string.Join(' ', quoted);
    }

    private static string Quote(string word)
    {
        if (word.Length > 0 && word.AsSpan().IndexOfAnyExcept(Plain) < 0)
            return word;
        return new StringBuilder("'").Append(word.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'').ToString();
    }
}
