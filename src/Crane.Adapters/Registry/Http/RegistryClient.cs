using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Registry.Http;

/// <summary>The connections to one registry or mirror, with its scheme, challenge, credential and tokens.</summary>
internal sealed class RegistryClient : IDisposable
{
    private const string Root = "/v2/";

    private readonly RegistryOrigin _origin;
    private readonly AuthorizationHandler _authorization;
    private readonly HttpMessageInvoker _invoker;

    /// <exception cref="CraneException">CertificateInvalid; InvalidValue for a proxy.</exception>
    public RegistryClient(
        string registry, RegistrySetting? setting, DockerEnvironment environment, RegistryTimeouts timeouts, TimeProvider time)
    {
        var isInsecure = setting is { Insecure: true };
        var proxy = new EnvironmentProxy(environment);
        var sender = new SendHandler(proxy, timeouts, time)
        {
            InnerHandler = new SocketsHttpHandler
            {
                ConnectCallback = ParallelConnect.ConnectAsync,
                ConnectTimeout = timeouts.Connect,
                UseCookies = false,
                AllowAutoRedirect = false,
                Proxy = proxy,
                SslOptions = RegistryTls.Options(registry, !isInsecure, RegistryCertificates.Find(registry, setting, environment)),
            },
        };
        _origin = new RegistryOrigin(registry, isInsecure);
        var tokens = new TokenClient(registry, new HttpMessageInvoker(new RetryHandler(time) { InnerHandler = sender }), time);
        var probe = new SchemeProbe(_origin) { InnerHandler = sender };
        _authorization = new AuthorizationHandler(_origin, tokens, time) { InnerHandler = probe };
        _invoker = new HttpMessageInvoker(
            new RetryHandler(time) { InnerHandler = new RedirectHandler(_origin) { InnerHandler = _authorization } });
    }

    public string Registry => _origin.Registry;

    /// <summary>Whether the next cmdlet may use it, too.</summary>
    public bool IsReusable => !_authorization.IsRefused;

    public bool Serves(Uri address) => _origin.Serves(address);

    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, Caller caller, CancellationToken cancellation) =>
        _origin.Found is null && (request.Content is not null || !request.IsPath)
            ? SendProbedAsync(request, caller, cancellation)
            : _invoker.SendAsync(Message(request, caller), cancellation);

    /// <summary>Checks this user's credential.</summary>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized where it is refused; RegistryUnreachable, also for what is not a registry.
    /// </exception>
    public async Task<LoginCheck> LogInAsync(Caller caller, CancellationToken cancellation)
    {
        var ping = new RegistryRequest(HttpMethod.Get, Registry, Root);
        using var anonymous = await SendAsync(ping with { IsAnonymous = true }, caller, cancellation);
        if (anonymous.StatusCode != HttpStatusCode.Unauthorized)
            return await CheckAsync(anonymous, wasAsked: false, cancellation);
        if (_authorization.RequiresToken)
            return new LoginCheck(WasAsked: true, await _authorization.LogInAsync(caller, cancellation));
        using var response = await SendAsync(ping, caller, cancellation);
        return await CheckAsync(response, wasAsked: true, cancellation);
    }

    public void Dispose()
    {
        _authorization.Dispose();
        _invoker.Dispose();
    }

    // The scheme is probed without a body, and has to be known before an address of the registry is used.
    private async Task<HttpResponseMessage> SendProbedAsync(RegistryRequest request, Caller caller, CancellationToken cancellation)
    {
        var ping = new RegistryRequest(HttpMethod.Get, Registry, Root) { IsAnonymous = true, IsShortcut = request.IsShortcut };
        (await _invoker.SendAsync(Message(ping, caller), cancellation)).Dispose();
        return await _invoker.SendAsync(Message(request, caller), cancellation);
    }

    private RegistryMessage Message(RegistryRequest request, Caller caller)
    {
        var address = request.IsPath ? new Uri(request.Path, UriKind.Relative) : _origin.Check(HeaderValues.Address(request.Path));
        var body = request.Content is { } make ? new RequestBody(make, request.Size) : null;
        return new(request, request.Method, address, _origin.TitleOf(request.Method, address), body, caller);
    }

    private async Task<LoginCheck> CheckAsync(HttpResponseMessage response, bool wasAsked, CancellationToken cancellation) =>
        response.IsSuccessStatusCode && !ResponseErrors.IsWebPage(response)
            ? new LoginCheck(wasAsked, IdentityToken: null)
            : throw ResponseErrors.NotARegistry(_origin.Title, await ResponseErrors.StatusAsync(response, cancellation));
}

/// <summary>What a registry responded to a credential that it did not refuse.</summary>
/// <param name="WasAsked">Whether it asked for a credential.</param>
/// <param name="IdentityToken">An identity token, which replaces the password; null for none.</param>
internal sealed record LoginCheck(bool WasAsked, IdentityTokenCredential? IdentityToken);
