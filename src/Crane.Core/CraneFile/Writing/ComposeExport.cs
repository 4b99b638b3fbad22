using System.Text.Json.Nodes;
using Crane.CraneFile.Compose;
using Crane.CraneFile.Selecting;

namespace Crane.CraneFile.Writing;

/// <summary>Writes containers as a Compose file (https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json).</summary>
/// <param name="folder">The folder that paths are relative to; null for full paths.</param>
internal sealed partial class ComposeExport(string? folder)
{
    private readonly JsonObject _secrets = [];
    private readonly SortedSet<string> _volumes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _networks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _builders = new(StringComparer.Ordinal);

    /// <summary>The file, with a service for each container.</summary>
    public JsonObject Write(IReadOnlyList<CraneContainer> containers)
    {
        var names = containers.Select(container => container.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var container in containers.Where(container => container.Build is not null))
            if (ImageName.TryParse(container.Image, out var image))
                _builders.TryAdd(image.SameImageKey, container.Name);
        var services = new JsonObject();
        foreach (var container in containers)
            services[container.Name] = Service(container, names);
        var file = new JsonObject { ["services"] = services };
        if (_volumes.Count > 0)
            file["volumes"] = Named(_volumes);
        if (_networks.Count > 0)
            file["networks"] = Named(_networks);
        if (_secrets.Count > 0)
            file["secrets"] = _secrets;
        return file;
    }

    /// <summary>The error for a container whose name no service can have; null for others.</summary>
    public static CraneException? Refused(CraneContainer container) => ServiceName().IsMatch(container.Name) ? null
        : container.Origin.Locate(new CraneException(
            CraneErrorId.InvalidValue,
            $"The container '{container.Name}' cannot be a service of Compose: the name of one has only letters, digits, '.', '_' and '-'.",
            "Give the container another name, or exclude it with -Exclude.").About(container));

    /// <summary>A file that is merged over another one, and names each image by its digest.</summary>
    public static JsonObject Pins(IEnumerable<(string Container, ImageName Image)> images) => new()
    {
        ["services"] = new JsonObject(images.Select(pin => KeyValuePair.Create(
            pin.Container, (JsonNode?)new JsonObject { ["image"] = Literal(pin.Image.ToString()) }))),
    };

    private JsonObject Service(CraneContainer container, HashSet<string> names)
    {
        var service = new JsonObject();
        if (container.Image is not null)
            service["image"] = Literal(container.Image);
        if (container.Build is { } build)
            service["build"] = Build(build, Path.GetDirectoryName(container.Path));
        if (container.Platform is not null)
            service["platform"] = Literal(container.Platform);
        // Compose would ask Docker Hub for the plain name.
        if ((container.Build is null && container.Pull is { IsDirective: true } ? "never" : container.PullPolicy) is { } policy)
            service["pull_policy"] = policy;
        if (container.Requires.Where(names.Contains).ToList() is { Count: > 0 } requires)
            service["depends_on"] = new JsonArray([.. requires.Select(name => (JsonNode)name)]);
        var run = container.Run is null ? [] : JsonNode.Parse(container.Run)!.AsObject();
        foreach (var (key, value) in run)
            if (key != "depends_on")
                service[key] = value?.DeepClone();
        Declare(run["volumes"] as JsonArray, Volume, _volumes);
        Declare(run["networks"] as JsonArray, item => item.ToString(), _networks);
        foreach (var name in (run["networks"] as JsonObject)?.Select(network => network.Key) ?? [])
            _networks.Add(name);
        if (Places(container) is { Count: > 0 } places)
            service[ComposeSections.Extension] = places;
        return service;
    }

    private JsonObject Build(ContainerBuild build, string? craneFolder)
    {
        var section = new JsonObject { ["context"] = Literal(Shown(build.Context)) };
        Text("dockerfile", build.File);
        List("args", build.Argument);
        Text("target", build.Target);
        Text("network", build.Network);
        List("platforms", build.Platform);
        List("labels", build.Label);
        List("cache_from", build.CacheFrom?.Select(Cache));
        List("cache_to", build.CacheTo?.Select(Cache));
        List("extra_hosts", build.AddHost);
        List("additional_contexts", NamedContext.Of(build).Select(context => $"{context.Name}={Context(context)}"));
        if (build.Secret?.Select(option => Secret(option, craneFolder)).OfType<string>().ToList() is { Count: > 0 } secrets)
            section["secrets"] = new JsonArray([.. secrets.Select(name => (JsonNode)name)]);
        return section;

        void Text(string key, string? value)
        {
            if (value is not null)
                section[key] = Literal(value);
        }

        void List(string key, IEnumerable<string>? values)
        {
            if (values?.Any() == true)
                section[key] = new JsonArray([.. values.Select(value => (JsonNode)Literal(value))]);
        }

        // Compose leaves a path in it to the current folder.
        string Cache(string option) => string.Join(',', option.Split(',').Select(field =>
            field.Split('=', 2) is [("src" or "source" or "dest") and var key, { Length: > 0 } path]
                ? $"{key}={Full(path, craneFolder)}" : field));
    }

    // An image that a service builds is not there before: with its name, Compose would ask Docker Hub for it.
    private string Context(NamedContext context) =>
        ImageName.TryParse(context.Image, out var image) && _builders.TryGetValue(image.SameImageKey, out var builder)
            ? $"{NamedContext.Service}{builder}"
            : Shown(context.Value);

    private static string Full(string path, string? folder) => folder is null ? path : FilePath.Full(path, folder);

    // `id=NAME,src=FILE` or `id=NAME,env=NAME`: Compose declares them at the top.
    private string? Secret(string option, string? craneFolder)
    {
        var fields = option.Split(',').Select(field => field.Split('=', 2)).Where(field => field.Length == 2)
            .ToLookup(field => field[0], field => field[1], StringComparer.Ordinal);
        var id = fields["id"].FirstOrDefault() ?? Path.GetFileName(fields["src"].Concat(fields["source"]).FirstOrDefault());
        if (id is null)
            return null;
        var source = fields["src"].Concat(fields["source"]).FirstOrDefault();
        // With the type env, the source is a variable.
        _secrets[id] = source is not null && !fields["type"].Contains("env")
            ? new JsonObject { ["file"] = Literal(Shown(Full(source, craneFolder))) }
            : new JsonObject { ["environment"] = Literal(fields["env"].FirstOrDefault() ?? source ?? id) };
        return id;
    }

    private static JsonObject Places(CraneContainer container)
    {
        var places = new JsonObject();
        var pull = container.Pull;
        var from = Place(
            ("registry", pull?.Registry), ("override_user", pull?.OverrideUser), ("minimum_age", pull?.MinimumAge));
        if (from.Count > 0)
            places["pull"] = from;
        if (container.Push is not { } push)
            return places;
        var to = push.Skip ? new JsonObject { ["skip"] = true } : Place(("registry", push.Registry), ("override_user", push.OverrideUser));
        if (!push.Skip && push.Tag is { } tags)
            to["tag"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        if (!push.Skip && Overwrite(push) is { Count: > 0 } overwrite)
            to["overwrite"] = overwrite;
        if (to.Count > 0)
            places["push"] = to;
        return places;
    }

    private static JsonObject Overwrite(ContainerPush push)
    {
        var overwrite = Place(("mode", push.Overwrite?.ToString().ToLowerInvariant()));
        Add("never", push.NeverOverwrite);
        Add("always", push.AlwaysOverwrite);
        return overwrite;

        void Add(string key, IReadOnlyList<string>? patterns)
        {
            if (patterns is not null)
                overwrite[key] = new JsonArray([.. patterns.Select(pattern => (JsonNode)Literal(pattern))]);
        }
    }

    private static JsonObject Place(params ReadOnlySpan<(string Key, string? Value)> values)
    {
        var place = new JsonObject();
        foreach (var (key, value) in values)
            if (!string.IsNullOrEmpty(value))
                place[key] = Literal(value);
        return place;
    }

    private static void Declare(JsonArray? items, Func<JsonNode, string?> nameOf, SortedSet<string> names)
    {
        foreach (var item in items ?? [])
            if (item is not null && nameOf(item) is { } name)
                names.Add(name);
    }

    // In `NAME:/path` and `{ type: volume, source: NAME }`; folders begin with a dot, a slash, a tilde or a drive, or have a variable.
    private static string? Volume(JsonNode item) => item switch
    {
        JsonObject mount => mount["type"]?.ToString() == "volume" ? mount["source"]?.ToString() : null,
        _ when item.ToString().Split(':') is [var name, var path, ..] && name.Length > 1 && path.Length > 0
            && System.Text.RegularExpressions.Regex.IsMatch(name, @"\A[A-Za-z0-9][A-Za-z0-9_.-]+\z") => name,
        _ => null,
    };

    private string Shown(string path) => folder is null || FilePath.IsRemoteContext(path) || !Path.IsPathRooted(path)
        ? path : $"./{Path.GetRelativePath(folder, path).Replace('\\', '/')}";

    // As in the schema of the Compose specification.
    [System.Text.RegularExpressions.GeneratedRegex(@"\A[a-zA-Z0-9._-]+\z")]
    private static partial System.Text.RegularExpressions.Regex ServiceName();

    private static JsonObject Named(IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())));

    // Its variables have been expanded.
    private static string Literal(string value) => value.Replace("$", "$$", StringComparison.Ordinal);
}
