using Crane.Adapters.Registry.Http;
using Crane.Moving.Run;

namespace Crane.Adapters.Registry;

/// <summary>A repository as one side of a transfer sees it: what is read from, or what is written to.</summary>
/// <param name="Http">Speaks to registries.</param>
/// <param name="Retry">How reading or uploading is tried again that broke off.</param>
/// <param name="Name">The image whose registry and repository it is; messages name it.</param>
/// <param name="IsTarget">
/// Whether it is written to. Then mirrors do not count, the right to push is asked for at once, and errors are of a push.
/// </param>
internal sealed record Repository(IRegistryHttp Http, IRetryPolicy Retry, ImageName Name, bool IsTarget)
{
    /// <summary>Whether mirrors may be read in its place: from the start not of what is written to.</summary>
    public bool MayUseMirror { get; init; } = !IsTarget;

    public RegistryRequest Request(HttpMethod method, string path) => At(method, $"/v2/{Name.Repository}/{path}");

    public RegistryRequest At(HttpMethod method, string address) => new(method, Name.Registry, address)
    {
        Scopes = [new RegistryScope(Name.Repository, Push: IsTarget)],
        MayUseMirror = MayUseMirror,
    };

    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation) =>
        Http.SendAsync(request, cancellation);

    /// <summary>
    /// Sends a request that only reads and takes its whole response in, anew where the response breaks off. A response that may be a
    /// mirror's and is of no use is asked for once more, from the registry itself.
    /// </summary>
    public Task<T> AskAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var next = request;
        return AgainAsync(TryAsync, cancellation);

        async Task<T> TryAsync(CancellationToken token)
        {
            using (var response = await Http.SendAsync(next, token))
            {
                try
                {
                    return await read(response, token);
                }
                catch (CraneException) when (response.IsSuccessStatusCode && MayBeMirrored(next))
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
        catch (CraneException error) when (error.IsTransient)
        {
            throw error.Settled();
        }
    }

    /// <summary>Makes sure that a response is of what was asked for.</summary>
    /// <exception cref="CraneException">PullFailed or PushFailed, in the registry's own words; RegistryUnreachable for a web page.</exception>
    public async Task ExpectAsync(string what, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
            throw await ErrorAsync(what, response, cancellation);
        if (ResponseErrors.IsWebPage(response))
            throw PageError(what, response);
    }

    public CraneException PageError(string what, HttpResponseMessage response) =>
        ResponseErrors.WebPage($"The registry '{Name.Registry}'", response, $"{what} of '{Name}'");

    public async Task<CraneException> ErrorAsync(string what, HttpResponseMessage response, CancellationToken cancellation) =>
        Error(what, $"it answered {await ResponseErrors.StatusAsync(response, cancellation)}");

    public CraneException Error(string what, string why) => IsTarget
        ? new(
            CraneErrorId.PushFailed,
            $"{Name.Registry} did not take {what} of '{Name}': {why}.",
            "Check that the registry allows pushes to this repository, and that nothing in front of it limits them; its log says more.")
        : new(
            CraneErrorId.PullFailed,
            $"{Name.Registry} did not give {what} of '{Name}': {why}.",
            "Try another client to see whether the image can be read at all; the registry's log says more.");

    /// <summary>The error for what is not there, with the registry's own words about it.</summary>
    public async Task<CraneException> NotFoundAsync(string what, HttpResponseMessage response, CancellationToken cancellation)
    {
        var why = (await ErrorBody.ReadAsync(response, cancellation)).Message is { } words ? $": {words.TrimEnd('.')}" : "";
        return new CraneException(
            CraneErrorId.ImageNotFound, $"{Name.Registry} does not have {what} of '{Name}'{why}.",
            "Check the name and tag, and that the image was pushed completely.");
    }

    // An address that a mirror gave is the mirror's alone.
    private bool MayBeMirrored(RegistryRequest request) =>
        request.MayUseMirror && request.Path.StartsWith('/') && Http.HasMirrors(request.Registry);
}
