using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Compose;

/// <summary>
/// Reads how a container is run, in the words of Compose: from the keys of a service, and from those of crane 1 to 3, which have the names
/// of the options of <c>docker run</c>. Variables stay as they are written, since Compose expands them, and Crane does not need them.
/// </summary>
internal static class ComposeRun
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What says something about the image, and is read elsewhere.
    private static readonly HashSet<string> NotRun =
    [
        "image", "build", "dockerfile", "pull", "push", "requires", "platform", "pull_policy", "profiles", "extends", "run", "hooks",
        "name", "groups", "unique", "manual", "protected", "rm", "start", "exec",
    ];

    // An option of docker, and the key of Compose that is the same, where that has another name.
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["add-host"] = "extra_hosts",
        ["cmd"] = "command",
        ["device"] = "devices",
        ["env"] = "environment",
        ["interactive"] = "stdin_open",
        ["label"] = "labels",
        ["link"] = "links",
        ["memory"] = "mem_limit",
        ["memory-reservation"] = "mem_reservation",
        ["memory-swap"] = "memswap_limit",
        ["memory-swappiness"] = "mem_swappiness",
        ["net"] = "network_mode",
        ["publish"] = "ports",
        ["sysctl"] = "sysctls",
        ["ulimit"] = "ulimits",
        ["userns"] = "userns_mode",
        ["volume"] = "volumes",
        ["workdir"] = "working_dir",
        ["health-cmd"] = "healthcheck.test",
        ["health-interval"] = "healthcheck.interval",
        ["health-retries"] = "healthcheck.retries",
        ["health-timeout"] = "healthcheck.timeout",
        ["no-healthcheck"] = "healthcheck.disable",
        ["log-driver"] = "logging.driver",
        ["log-opt"] = "logging.options",
        ["blkio-weight"] = "blkio_config.weight",
        ["stop-timeout"] = "stop_grace_period",
    };

    // Options of docker that a Compose file cannot have.
    private static readonly HashSet<string> OnlyDocker =
    [
        "blkio-weight-device", "cidfile", "detach", "detach-keys", "device-read-bps", "device-read-iops", "device-rewritead-iops",
        "device-write-bps", "device-write-iops", "env-default", "ip", "ip6", "kernel-memory", "lxc-conf", "net-alias", "publish-all",
        "share-ssh-socket", "sig-proxy", "volume-driver", "depends_on",
    ];

    /// <summary>The keys of a service for running the container, as a JSON object in one line; null for none.</summary>
    /// <param name="known">The keys for running containers; others mean nothing to Compose.</param>
    public static string? Of(MapNode? body, IReadOnlySet<string> known)
    {
        if (body is null)
            return null;
        var service = new JsonObject();
        foreach (var (key, value) in body.Entries.Concat((body.Find("run") as MapNode)?.Entries ?? []))
            if (!NotRun.Contains(key.Text) && !OnlyDocker.Contains(key.Text) && !key.Text.StartsWith("x-", StringComparison.Ordinal)
                && known.Contains(key.Text))
                Add(service, key.Text, value);
        return service.Count == 0 ? null : service.ToJsonString(Json);
    }

    private static void Add(JsonObject service, string option, ConfigNode value)
    {
        var path = (Options.GetValueOrDefault(option) ?? option.Replace('-', '_')).Split('.');
        var parent = service;
        if (path is [var section, _])
        {
            parent = service[section] as JsonObject ?? [];
            service[section] = parent;
        }

        parent[path[^1]] = Changed(option, NodeJson.Of(value));
    }

    // Where the same thing is written in another way.
    private static JsonNode? Changed(string option, JsonNode? value) => option switch
    {
        "health-cmd" => new JsonArray("CMD-SHELL", value?.ToString()),
        "stop-timeout" => $"{value}s",
        "net" when value?.ToString() is { } network && network.StartsWith("container:", StringComparison.Ordinal) =>
            $"service:{network["container:".Length..]}",
        "log-opt" when value is JsonArray items => new JsonObject(items.Select(item => item!.ToString().Split('=', 2))
            .Select(parts => KeyValuePair.Create(parts[0], (JsonNode?)parts.ElementAtOrDefault(1)))),
        "ulimit" when value is JsonArray items => new JsonObject(items.Select(item => item!.ToString().Split('=', 2))
            .Select(parts => KeyValuePair.Create(parts[0], Limit(parts.ElementAtOrDefault(1) ?? "")))),
        _ => value,
    };

    private static JsonNode? Limit(string limit) => limit.Split(':') is [var soft, var hard]
        ? new JsonObject { ["soft"] = Number(soft), ["hard"] = Number(hard) }
        : Number(limit);

    private static JsonNode Number(string text) => long.TryParse(text, out var number) ? number : text;
}
