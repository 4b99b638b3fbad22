using Crane.Adapters.Registry.Http;
using Crane.Moving.Run;

namespace Crane.Adapters.Registry;

/// <summary>A repository as one side of a transfer sees it: what is read from, or what is written to.</summary>
/// <param name="Http">Sends the requests.</param>
/// <param name="Retry">Repeats what broke off.</param>
/// <param name="Name">The image whose registry and repository it is; messages name it.</param>
/// <param name="IsTarget">
/// Whether it is written to. Then mirrors are not used, the first request asks for the right to push, and errors are those of a push.
/// </param>
internal sealed record Repository(IRegistryHttp Http, IRetryPolicy Retry, ImageName Name, bool IsTarget)
{
    /// <summary>Whether mirrors may be read in its place; by default not those of a target.</summary>
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
    /// Sends a request and reads its whole response, again where the response breaks off. Where a mirror's response cannot be used, the
    /// registry itself is asked.
    /// </summary>
    public Task<T> AskAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var next = request;
        return RetryAsync(TryAsync, cancellation);

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

    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        Retry.RunAsync(work, (_, _) => { }, cancellation);

    /// <summary>Throws for a response that is an error or a web page.</summary>
    /// <exception cref="CraneException">PullFailed, PushFailed; RegistryUnreachable for a web page.</exception>
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
        Error(what, $"it returned {await ResponseErrors.StatusAsync(response, cancellation)}");

    public CraneException Error(string what, string why) => IsTarget
        ? new(
            CraneErrorId.PushFailed,
            $"{Name.Registry} did not accept {what} of '{Name}': {why}.",
            "Check that the registry allows pushes to this repository, and that no proxy limits them. See the registry's log.")
        : new(
            CraneErrorId.PullFailed,
            $"{Name.Registry} did not return {what} of '{Name}': {why}.",
            "Check with another client whether the image can be read. See the registry's log.");

    /// <summary>The error for a 404, with the registry's message.</summary>
    public async Task<CraneException> NotFoundAsync(string what, HttpResponseMessage response, CancellationToken cancellation)
    {
        var why = (await ErrorBody.ReadAsync(response, cancellation)).Message is { } message ? $": {message.TrimEnd('.')}" : "";
        return new CraneException(
            CraneErrorId.ImageNotFound, $"{Name.Registry} does not have {what} of '{Name}'{why}.",
            "Check the name and tag, and that the image was pushed completely.");
    }

    // An address that a mirror returned belongs to the mirror.
    private bool MayBeMirrored(RegistryRequest request) =>
        request.MayUseMirror && request.Path.StartsWith('/') && Http.HasMirrors(request.Registry);
}
