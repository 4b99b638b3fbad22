using System.Text.Json;
using Crane.Adapters.Docker;

namespace Crane.Adapters.Building;

/// <summary>The request for a build, in the engine's words.</summary>
internal static class EngineBuildQuery
{
    /// <summary>The path with its query. It holds build arguments, so no log may show it.</summary>
    public static string Path(
        ContainerBuild build, EngineSource source, bool noCache, bool pull, Func<string, string?> variables)
    {
        // Version 1 is the engine's own builder; intermediate containers are removed, also those of a build that fails.
        var query = new List<string> { "version=1", "rm=1", "forcerm=1" };
        Add("remote", source.Remote);
        Add("dockerfile", source.DockerfileName(build));
        Add("target", build.Target);
        Add("networkmode", build.Network);
        Add("platform", build.Platform?[0]);
        Add("nocache", noCache ? "1" : null);
        Add("pull", pull ? "1" : null);
        if (BuildArguments.Of(build, variables) is { Count: > 0 } arguments)
            Add("buildargs", JsonSerializer.Serialize(arguments, DockerJson.Default.DictionaryStringString));
        if (build.Label is { } labels)
            Add("labels", JsonSerializer.Serialize(LabelsOf(labels), DockerJson.Default.DictionaryStringString));
        if (build.CacheFrom is { } images)
            Add("cachefrom", JsonSerializer.Serialize(images, DockerJson.Default.IReadOnlyListString));
        foreach (var host in build.AddHost ?? [])
            Add("extrahosts", HostAndAddress(host));
        return $"/build?{string.Join('&', query)}";

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private static Dictionary<string, string> LabelsOf(IReadOnlyList<string> labels)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in labels.Select(label => label.Split('=', 2)))
            values[parts[0]] = parts.Length > 1 ? parts[1] : "";
        return values;
    }

    /// <summary>
    /// <c>HOST:ADDRESS</c>, the only form that the engine knows; docker's command line also takes <c>HOST=ADDRESS</c>, and
    /// brackets around an IPv6 address.
    /// </summary>
    private static string HostAndAddress(string text)
    {
        var separator = text.AsSpan().IndexOfAny('=', ':');
        if (separator < 0)
            return text;
        var address = text[(separator + 1)..];
        return $"{text[..separator]}:{(address is ['[', .. var inner, ']'] ? inner : address)}";
    }
}
