using Crane.CraneFile.Selecting;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.Contexts;

/// <summary>A build context that the builder fetches itself: a git repository, or a tar archive or Dockerfile by http.</summary>
internal sealed class RemoteContext
{
    private static readonly string[] _gitPrefixes = ["git://", "git@", "github.com/"];
    private static readonly string[] _httpPrefixes = ["http://", "https://"];

    private RemoteContext(string address) => Address = address;

    /// <summary>The address as it was given, which may hold credentials: for the builder, not for messages.</summary>
    public string Address { get; }

    /// <summary>
    /// Whether it is a git repository by the rules of <c>docker build</c>; <c>#REF:FOLDER</c> behind it may name a branch,
    /// tag or commit, and a folder.
    /// </summary>
    public bool IsGit => StartsWith(_gitPrefixes) || Address.StartsWith("ssh://", StringComparison.Ordinal)
        || (StartsWith(_httpPrefixes) && Repository.EndsWith(".git", StringComparison.Ordinal));

    /// <summary>Whether it has a scheme that the engine fetches.</summary>
    public bool IsForEngine => StartsWith(_gitPrefixes) || StartsWith(_httpPrefixes);

    /// <summary>The git repository as git itself takes it.</summary>
    public string GitAddress => StartsWith(["github.com/"]) ? $"https://{Repository}" : Repository;

    /// <summary>The branch, tag or commit of a git repository; null for its default branch.</summary>
    public string? GitReference => Fragment.Split(':', 2)[0] is { Length: > 0 } reference ? reference : null;

    /// <summary>What stands behind the repository: <c>REF:FOLDER</c>; empty for nothing.</summary>
    public string Fragment => Address[Repository.Length..].TrimStart('#');

    // A `#` with nothing behind it is no fragment to docker, and the address then no repository.
    private string Repository =>
        Address.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 && at < Address.Length - 1 ? Address[..at] : Address;

    /// <summary>The remote context that the text is the address of; null for a folder.</summary>
    public static RemoteContext? Of(string context) => FilePath.IsRemoteContext(context) ? new RemoteContext(context) : null;

    /// <summary>The address as the engine's API takes it for <c>remote</c>.</summary>
    /// <exception cref="CraneException">BuildFailed for a scheme that the engine does not fetch.</exception>
    public string ForEngine() => IsForEngine ? Address
        : throw new CraneException(
            CraneErrorId.BuildFailed, $"The engine does not fetch the build context {VisibleText.Quote(ToString())}.",
            IsGit
                ? "Build it with -Builder Buildx, which fetches from git over ssh, or use an https:// address."
                : "Use a git:// or https:// address of a git repository, or an http(s) address of a tar archive.")
        { Target = ToString() };

    /// <summary>The address without credentials.</summary>
    public override string ToString() =>
        Address.Contains("://", StringComparison.Ordinal) ? UserInformation.Mask(Address) : Address;

    /// <summary>A text without the user and password that the address may hold: builders repeat it.</summary>
    public string Mask(string text) =>
        Secret is { Length: > 0 } secret ? text.Replace(secret, "***@", StringComparison.Ordinal) : text;

    // With the @ behind it, so that a short user name is not replaced where it is only part of a word.
    private string? Secret
    {
        get
        {
            if (Address.IndexOf("://", StringComparison.Ordinal) is not (>= 0 and var scheme))
                return null;
            var start = scheme + "://".Length;
            return Address.LastIndexOf('@') is var at && at >= start ? Address[start..(at + 1)] : null;
        }
    }

    private bool StartsWith(string[] prefixes) => prefixes.Any(prefix => Address.StartsWith(prefix, StringComparison.Ordinal));
}
