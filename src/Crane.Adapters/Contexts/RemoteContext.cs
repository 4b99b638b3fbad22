using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Machine;
using Crane.CraneFile.Selecting;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.Contexts;

/// <summary>A build context that the builder fetches itself: a git repository, or a tar archive or Dockerfile over HTTP.</summary>
internal sealed class RemoteContext
{
    private static readonly string[] GitPrefixes = ["git://", "git@", "github.com/"];
    private static readonly string[] HttpPrefixes = ["http://", "https://"];

    private RemoteContext(string address) => Address = address;

    /// <summary>The address as written, which may contain credentials: for the builder, not for messages.</summary>
    public string Address { get; }

    /// <summary>
    /// Whether it is a git repository by the rules of <c>docker build</c>; <c>#REF:FOLDER</c> at its end may name a branch, tag or
    /// commit, and a folder.
    /// </summary>
    public bool IsGit => StartsWith(GitPrefixes) || Address.StartsWith("ssh://", StringComparison.Ordinal)
        || (StartsWith(HttpPrefixes) && Repository.EndsWith(".git", StringComparison.Ordinal));

    /// <summary>Whether it has a scheme that the engine fetches.</summary>
    public bool IsForEngine => StartsWith(GitPrefixes) || StartsWith(HttpPrefixes);

    /// <summary>The address of the git repository for git itself.</summary>
    public string GitAddress => StartsWith(["github.com/"]) ? $"https://{Repository}" : Repository;

    /// <summary>The branch, tag or commit of a git repository; null for its default branch.</summary>
    public string? GitReference => Fragment.Split(':', 2)[0] is { Length: > 0 } reference ? reference : null;

    /// <summary><c>REF:FOLDER</c>; empty for none.</summary>
    public string Fragment => Address[Repository.Length..].TrimStart('#');

    // For docker, a `#` at the end is no fragment, and the address then not a repository.
    private string Repository =>
        Address.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 && at < Address.Length - 1 ? Address[..at] : Address;

    /// <summary>The remote context of an address; null for a folder.</summary>
    public static RemoteContext? Of(string context) => FilePath.IsRemoteContext(context) ? new RemoteContext(context) : null;

    /// <summary>Whether BuildKit takes a source of ADD for a git repository; without a scheme, github.com is a folder there.</summary>
    public static bool IsRepository(string source) =>
        !source.StartsWith("github.com/", StringComparison.Ordinal) && Of(source) is { IsGit: true };

    /// <summary>The address for <c>remote</c> of the engine's API.</summary>
    /// <exception cref="CraneException">BuildFailed for a scheme that the engine does not fetch.</exception>
    public string ForEngine() => IsForEngine ? Address
        : throw new CraneException(
            CraneErrorId.BuildFailed, $"The engine cannot fetch the build context {VisibleText.Quote(ToString())}.",
            IsGit
                ? "Build with -Builder Buildx, which supports git over ssh, or use an https:// address."
                : "Use a git:// or https:// address of a git repository, or an http(s) address of a tar archive.")
        { Subject = ToString() };

    /// <summary>The address without credentials.</summary>
    public override string ToString() => UserInformation.MaskInAddress(Address);

    /// <summary>Masks the user and password of the address in the output of a builder.</summary>
    public string Mask(string text) =>
        Secret is { Length: > 0 } secret ? text.Replace(secret, "***@", StringComparison.Ordinal) : text;

    // With the @, so that a short user name is not replaced within words.
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

/// <summary>
/// Asks a server for the version of a remote context: the commit of a git repository, or the ETag of an address. Without it,
/// it is unknown whether the context has changed.
/// </summary>
internal sealed class RemoteVersion(DockerEnvironment environment)
{
    private const int MaxLine = 4 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The version of the context; null where it is unknown.</summary>
    public async Task<string?> FindAsync(RemoteContext context, CancellationToken cancellation)
    {
        // Every user of the machine can see the arguments of git.
        if (context.ToString() != context.Address)
            return null;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Timeout);
        try
        {
            return context.IsGit
                ? await CommitAsync(context, timeout.Token) is { } commit ? $"{commit} {context.Fragment}" : null
                : await EntityTagAsync(context, timeout.Token);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or Win32Exception or InvalidOperationException or UriFormatException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<string?> EntityTagAsync(RemoteContext context, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, context.Address);
        using var response = await client.SendAsync(request, cancellation);
        return response.IsSuccessStatusCode ? response.Headers.ETag?.ToString() : null;
    }

    private async Task<string?> CommitAsync(RemoteContext context, CancellationToken cancellation)
    {
        var reference = context.GitReference;
        if (reference is { Length: 40 } && reference.All(char.IsAsciiHexDigitLower))
            return reference;
        if (environment.FindProgram("git") is not { } git)
            return null;
        var refs = await ListAsync(git, context.GitAddress, reference, cancellation);
        // In the order in which git itself resolves a short name.
        string[] names = reference is null ? ["HEAD"]
            : [reference, $"refs/{reference}", $"refs/tags/{reference}^{{}}", $"refs/tags/{reference}", $"refs/heads/{reference}"];
        return names.Select(refs.GetValueOrDefault).FirstOrDefault(commit => commit is not null);
    }

    private static async Task<Dictionary<string, string>> ListAsync(
        string git, string address, string? reference, CancellationToken cancellation)
    {
        string[] patterns = reference is null ? ["HEAD"] : [reference, $"{reference}^{{}}"];
        var start = new ProcessStartInfo(git, ["ls-remote", "--", address, .. patterns]);
        // No prompts.
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment.TryAdd("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        var refs = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new OutputLines(MaxLine, line =>
        {
            if (line.Split('\t') is [var commit, var name])
                refs[name] = commit;
        });
        await ProgramRun.RunAsync(start, "", lines.Take, _ => { }, cancellation);
        lines.End();
        return refs;
    }
}
