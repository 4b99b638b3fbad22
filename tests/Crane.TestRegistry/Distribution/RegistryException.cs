using System.Text.Json;
using Crane.Testing.Hosting;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Distribution;

/// <summary>A request that the registry refuses, in the form that the distribution specification gives to errors.</summary>
internal sealed class RegistryException(int status, string code, string message) : Exception(message)
{
    /// <summary>What goes into the header of that name.</summary>
    public (string Name, string Value)? Header { get; init; }

    public static RegistryException NoDigest(string value) => new(400, "DIGEST_INVALID", $"'{value}' is no digest.");

    public Task SendAsync(HttpContext context)
    {
        if (Header is var (name, value))
            context.Response.Headers[name] = value;
        return SendAsync(context, status, code, Message);
    }

    /// <summary>Sends an error.</summary>
    public static Task SendAsync(HttpContext context, int status, string code, string message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { errors = new[] { new { code, message } } });
        return Reply.SendAsync(context, status, body, "application/json");
    }
}
