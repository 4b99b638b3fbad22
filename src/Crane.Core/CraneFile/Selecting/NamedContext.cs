using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// A context of a build beside its main one, which the Dockerfile names as if it were an image
/// (https://docs.docker.com/reference/cli/docker/buildx/build/#build-context).
/// </summary>
/// <param name="Name">Its name in the Dockerfile.</param>
/// <param name="Value">A folder, an address, or an image.</param>
internal sealed record NamedContext(string Name, string Value)
{
    /// <summary>The prefix of a service in a Compose file, whose image it is.</summary>
    public const string Service = "service:";

    private const string ImagePrefix = "docker-image://";

    /// <summary>The image that the name means; null for a folder or an address.</summary>
    public string? Image => Value.StartsWith(ImagePrefix, StringComparison.Ordinal) ? Value[ImagePrefix.Length..] : null;

    /// <summary>The named contexts of a build.</summary>
    public static IReadOnlyList<NamedContext> Of(ContainerBuild build) =>
        [.. (build.BuildContext ?? []).Select(text => text.Split('=', 2))
            .Select(parts => new NamedContext(parts[0], parts.ElementAtOrDefault(1) ?? ""))];

    /// <summary>Whether a name in a Dockerfile means this context: BuildKit compares without the tag <c>latest</c>.</summary>
    public bool IsNamedBy(string written) =>
        string.Equals(written, Name, StringComparison.OrdinalIgnoreCase)
        || (ImageName.TryParse(written, out var image) && ImageName.TryParse(Name, out var name)
            && image.SameImageKey == name.SameImageKey);

    /// <summary>The service whose image a value is, in <c>service:NAME</c> or <c>CONTEXT=service:NAME</c>; null for others.</summary>
    public static string? ServiceIn(string value)
    {
        var context = value[(value.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return context.StartsWith(Service, StringComparison.Ordinal) ? context[Service.Length..] : null;
    }

    /// <summary>The build with the images of services instead of their names.</summary>
    /// <param name="imageOf">The image of a service; null if there is no such service, or it has none.</param>
    public static ContainerBuild Resolve(ContainerBuild build, Func<string, ImageName?> imageOf, ValueReader values, MapNode body)
    {
        if (build.BuildContext is not { } contexts)
            return build;
        return build with { BuildContext = [.. contexts.Select(Resolved)] };

        string Resolved(string text)
        {
            if (ServiceIn(text) is not { } service)
                return text;
            if (imageOf(service) is { } image)
                return $"{text.Split('=')[0]}={ImagePrefix}{image}";
            values.Refuse(
                (body.Find("build") as MapNode)?.Find("build-context") ?? body, "build.build-context",
                $"names the service '{service}', which has no image", "Correct the name, or give that service an image.");
            return text;
        }
    }
}
