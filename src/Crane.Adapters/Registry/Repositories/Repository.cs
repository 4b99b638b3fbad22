using Crane.Adapters.Registry.Transport;
using Crane.Moving.Run;

namespace Crane.Adapters.Registry.Repositories;

/// <summary>A repository as one side of a transfer sees it: what is read from, or what is written to.</summary>
/// <param name="Http">Speaks to registries.</param>
/// <param name="Retry">How reading or uploading is tried again that broke off.</param>
/// <param name="Name">The image whose registry and repository it is; messages name it.</param>
/// <param name="IsTarget">
/// Whether it is written to. Then mirrors do not count, the right to push is asked for at once, and errors are of a push.
/// </param>
internal sealed record Repository(IRegistryHttp Http, IRetryPolicy Retry, ImageName Name, bool IsTarget)
{
    /// <summary>Whose it is what a message tells of: <c> of 'NAME'</c>; empty for what is the registry's as a whole.</summary>
    public string Whose { get; init; } = $" of '{Name}'";

    /// <summary>Whether mirrors may be read in its place: from the start not of what is written to.</summary>
    public bool MayUseMirror { get; init; } = !IsTarget;

    /// <summary>A request about something in it.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path within the repository, such as <c>tags/list</c>.</param>
    public RegistryRequest Request(HttpMethod method, string path) => At(method, $"/v2/{Name.Repository}/{path}");

    /// <summary>A request to an address that an earlier answer gave.</summary>
    public RegistryRequest At(HttpMethod method, string address) => new(method, Name.Registry, address)
    {
        Scopes = [new RegistryScope(Name.Repository, Push: IsTarget)],
        MayUseMirror = MayUseMirror,
    };

    /// <summary>Sends a request; the answer's body is still to be read.</summary>
    /// <exception cref="CraneException">As <see cref="IRegistryHttp.SendAsync"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation) =>
        Http.SendAsync(request, cancellation);

    /// <summary>
    /// Sends a request that only reads and takes its whole answer in, anew where the answer breaks off. An answer that may be a
    /// mirror's and is of no use is asked for once more, from the registry itself.
    /// </summary>
    /// <exception cref="CraneException">As above, and what <paramref name="read"/> throws.</exception>
    public Task<T> AskAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var next = request;
        return AgainAsync(TryAsync, cancellation);

        async Task<T> TryAsync(CancellationToken token)
        {
            using (var answer = await Http.SendAsync(next, token))
            {
                try
                {
                    return await read(answer, token);
                }
                catch (CraneException) when (answer.IsSuccessStatusCode && MayBeMirrored(next))
                {
                    next = next with { MayUseMirror = false };
                }
            }
            return await TryAsync(token);
        }
    }

    /// <summary>Does again what may pass. What it gives up on is no longer transient: whoever called does not try yet more often.</summary>
    public async Task<T> AgainAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await Retry.RunAsync(work, (_, _) => { }, cancellation);
        }
        catch (CraneException fault) when (fault.IsTransient)
        {
            throw fault.Settled();
        }
    }

    /// <summary>Makes sure that an answer is of what was asked for.</summary>
    /// <param name="what">What was asked for, such as <c>the tags</c>.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellation">Ends the reading of its words.</param>
    /// <exception cref="CraneException">PullFailed or PushFailed, in the registry's own words; RegistryUnreachable for a web page.</exception>
    public async Task ExpectAsync(string what, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
            throw await FaultAsync(what, answer, cancellation);
        if (WebPage.Is(answer))
            throw PageFault(what, answer);
    }

    /// <summary>The error for a web page in place of what was asked for.</summary>
    public CraneException PageFault(string what, HttpResponseMessage answer) =>
        WebPage.Fault($"The registry '{Name.Registry}'", answer, $"{what}{Whose}");

    /// <summary>The error for an answer that is not what it should be, in the registry's own words.</summary>
    public async Task<CraneException> FaultAsync(string what, HttpResponseMessage answer, CancellationToken cancellation) =>
        Fault(what, $"it answered {await AnswerFaults.StatusAsync(answer, cancellation)}");

    /// <summary>The error for an answer that cannot be used.</summary>
    public CraneException Fault(string what, string why) => IsTarget
        ? new(
            CraneErrorId.PushFailed,
            $"{Name.Registry} did not take {what}{Whose}: {why}.",
            "Check that the registry allows pushes to this repository, and that nothing in front of it limits them; its log says more.")
        : new(
            CraneErrorId.PullFailed,
            $"{Name.Registry} did not give {what}{Whose}: {why}.",
            "Try another client to see whether the image can be read at all; the registry's log says more.");

    /// <summary>The error for what is not there, with the registry's own words about it.</summary>
    public async Task<CraneException> NotFoundAsync(string what, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var why = (await ErrorBody.ReadAsync(answer, cancellation)).Message is { } words ? $": {words.TrimEnd('.')}" : "";
        return new CraneException(
            CraneErrorId.ImageNotFound, $"{Name.Registry} does not have {what}{Whose}{why}.",
            "Check the name and tag, and that the image was pushed completely.");
    }

    // An address that a mirror gave is the mirror's alone.
    private bool MayBeMirrored(RegistryRequest request) =>
        request.MayUseMirror && request.Path.StartsWith('/') && Http.HasMirrors(request.Registry);
}
