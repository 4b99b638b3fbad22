using System.Globalization;
using System.Text.Json.Nodes;
using Crane.Testing.Access;
using Crane.Testing.Distribution;
using Crane.Testing.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Crane.Testing.Tokens;

/// <summary>
/// Docker's token authentication: GET with Basic authentication or none, and OAuth2's POST with a password or an
/// identity token.
/// </summary>
internal sealed class TokenEndpoint(TokenIssuer issuer, TokenServiceOptions options)
{
    public const string Path = "/token";

    public Task HandleAsync(HttpContext context) => (context.Request.Method, (string?)context.Request.Path) switch
    {
        ("GET", Path) => GetAsync(context),
        ("POST", Path) when options.TakesPost => PostAsync(context),
        (_, Path) => RegistryException.SendAsync(context, 405, "UNSUPPORTED", "This is not how tokens are had here."),
        _ => RegistryException.SendAsync(context, 404, "NOT_FOUND", "There is nothing here."),
    };

    private Task GetAsync(HttpContext context)
    {
        var (request, query) = (context.Request, context.Request.Query);
        var user = BasicCredential.Find(options.Users, BasicCredential.Parse(request.Headers.Authorization));
        var isAllowed = user is not null || (options.AllowsAnonymousPull && StringValues.IsNullOrEmpty(request.Headers.Authorization));
        if (!isAllowed || query["service"] != options.Service)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"test tokens\"";
            return RegistryException.SendAsync(context, 401, "UNAUTHORIZED", "incorrect username or password");
        }
        var grant = issuer.Issue("get", user, Scopes(query["scope"]));
        var response = Describe(grant);
        response["token"] = grant.Token;
        if (user is not null && query["offline_token"] == "true")
            response["refresh_token"] = issuer.IssueIdentity(user);
        return SendAsync(context, 200, response);
    }

    private async Task PostAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var type = form["grant_type"].ToString();
        var user = type switch
        {
            "password" => BasicCredential.Find(options.Users, new(form["username"], form["password"])),
            "refresh_token" => issuer.FindIdentity(form["refresh_token"].ToString()),
            _ => null,
        };
        var error = (type, user) switch
        {
            _ when StringValues.IsNullOrEmpty(form["client_id"]) || form["service"] != options.Service => "invalid_request",
            (not ("password" or "refresh_token"), _) => "unsupported_grant_type",
            (_, null) => "invalid_grant",
            _ => null,
        };
        if (error is not null)
        {
            await SendAsync(context, error == "invalid_grant" ? 401 : 400, new JsonObject { ["error"] = error });
            return;
        }
        var grant = issuer.Issue(type, user, Scopes(form["scope"]));
        var response = Describe(grant);
        response["scope"] = string.Join(' ', grant.Scopes);
        if (type == "refresh_token")
            response["refresh_token"] = form["refresh_token"].ToString();
        else if (form["access_type"] == "offline")
            response["refresh_token"] = issuer.IssueIdentity(user!);
        await SendAsync(context, 200, response);
    }

    /// <summary>What both kinds of response contain.</summary>
    private JsonObject Describe(TokenGrant grant)
    {
        var response = new JsonObject { ["access_token"] = grant.Token };
        if (options.TellsLifetime)
        {
            response["expires_in"] = (int)options.Lifetime.TotalSeconds;
            response["issued_at"] = options.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }
        return response;
    }

    private static IEnumerable<Scope> Scopes(StringValues asked) =>
        asked.SelectMany(scopes => scopes!.Split(' ')).Select(Scope.Parse).OfType<Scope>();

    private static Task SendAsync(HttpContext context, int status, JsonObject response) =>
        Reply.SendAsync(context, status, System.Text.Encoding.UTF8.GetBytes(response.ToJsonString()), "application/json");
}
