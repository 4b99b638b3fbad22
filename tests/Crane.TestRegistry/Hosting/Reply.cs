using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Hosting;

/// <summary>Sends a response that is known as a whole.</summary>
internal static class Reply
{
    /// <summary>A response with a body; to HEAD, the same without.</summary>
    public static Task SendAsync(HttpContext context, int status, byte[] body, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>A response without a body.</summary>
    public static void Send(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
            context.Response.ContentLength = 0;
    }
}
