using System.Text.Json;
using Crane.Adapters.Dockerfiles;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Building;

/// <summary>The request of a build.</summary>
internal static class EngineBuildQuery
{
    /// <summary>The path with its query. It contains build arguments, so no log may show it.</summary>
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
        if (BuildValues.Arguments(build, variables) is { Count: > 0 } arguments)
            Add("buildargs", JsonSerializer.Serialize(arguments, EngineJson.Default.DictionaryStringString));
        if (build.Label is not null)
            Add("labels", JsonSerializer.Serialize(BuildValues.Labels(build), EngineJson.Default.DictionaryStringString));
        if (build.CacheFrom is { } images)
            Add("cachefrom", JsonSerializer.Serialize(images, EngineJson.Default.IReadOnlyListString));
        foreach (var (host, address) in BuildValues.Hosts(build))
            Add("extrahosts", $"{host}:{address}");
        return $"/build?{string.Join('&', query)}";

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}
