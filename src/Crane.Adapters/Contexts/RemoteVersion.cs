using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Asks a server which version of a remote context it has: the commit of a git repository, or the ETag of an address. Where
/// it does not say, for whatever reason, nobody knows whether the context has changed.
/// </summary>
internal sealed class RemoteVersion(DockerEnvironment environment)
{
    private const int LongestLine = 4 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>What stands for the content of the context; null where that is not known.</summary>
    public async Task<string?> FindAsync(RemoteContext context, CancellationToken cancellation)
    {
        // Everybody on the machine sees what a program is given.
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
        catch (Exception exception) when (exception is HttpRequestException or Win32Exception or InvalidOperationException or UriFormatException or IOException)
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
        // In the order in which git itself takes a short name.
        string[] names = reference is null ? ["HEAD"]
            : [reference, $"refs/{reference}", $"refs/tags/{reference}^{{}}", $"refs/tags/{reference}", $"refs/heads/{reference}"];
        return names.Select(refs.GetValueOrDefault).FirstOrDefault(commit => commit is not null);
    }

    private static async Task<Dictionary<string, string>> ListAsync(
        string git, string address, string? reference, CancellationToken cancellation)
    {
        string[] patterns = reference is null ? ["HEAD"] : [reference, $"{reference}^{{}}"];
        var start = new ProcessStartInfo(git, ["ls-remote", "--", address, .. patterns]);
        // Nobody is there to answer.
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment.TryAdd("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        var refs = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new OutputLines(LongestLine, line =>
        {
            if (line.Split('\t') is [var commit, var name])
                refs[name] = commit;
        });
        await ProgramRun.RunAsync(start, "", lines.Take, _ => { }, cancellation);
        lines.End();
        return refs;
    }
}
