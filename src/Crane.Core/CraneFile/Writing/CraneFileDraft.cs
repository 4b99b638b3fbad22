using System.Text.Json.Nodes;
using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.Names;

namespace Crane.CraneFile.Writing;

/// <summary>A first crane file, of images that somebody has already.</summary>
internal sealed class CraneFileDraft
{
    private const string Head = """
        # yaml-language-server: $schema={0}
        #
        # The images of this stack. 'Get-Help about_Crane_File' is the reference, Test-CraneFile finds mistakes,
        # and Get-CraneRetagPlan shows what pull, build and push would do.

        """;

    private const string Tail = """

        # Where images are pulled from and pushed to, under names of yours. Without a push, nothing leaves this machine.
        #
        # remotes:
        #   official: { registry: registry.example.com }
        #   mine: { registry: registry.example.com, override_user: me }
        # defaults:
        #   pull: official
        #   push: mine

        """;

    private readonly Dictionary<string, DraftContainer> _containers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>The number of containers.</summary>
    public int Count => _names.Count;

    /// <summary>The contexts of its builds, as full paths.</summary>
    public IEnumerable<string> Contexts => _containers.Values.Select(container => container.Context).OfType<string>();

    /// <summary>
    /// Adds an image by its name in a registry: its plain name is the same without the registry, which it is pulled from. An image that is
    /// there already is not added again.
    /// </summary>
    /// <exception cref="CraneException">InvalidImageName.</exception>
    public void AddImage(string image)
    {
        var name = ImageName.Parse(image);
        var isHub = RegistryAddress.HostOf(name.Registry) == RegistryAddress.DockerHub;
        var plain = isHub ? name.ToString() : name.ToString()[(name.Registry.Length + 1)..];
        Add(NameOf(plain), new DraftContainer(plain) { Registry = isHub ? null : name.Registry });
    }

    /// <summary>Adds an image that is built.</summary>
    /// <param name="context">Full path of the folder.</param>
    /// <param name="shown">The same, relative to the crane file.</param>
    /// <param name="file">The Dockerfile in it, if that is not <c>Dockerfile</c>.</param>
    public void AddBuild(string name, string image, string context, string shown, string? file) =>
        Add(name, new DraftContainer(image)
        {
            Context = context,
            Build = file is null ? shown : new JsonObject { ["context"] = shown, ["file"] = file },
        });

    /// <summary>Adds the containers of a stack as they are written, with their variables.</summary>
    /// <param name="folder">The folder of the crane file.</param>
    public void AddStack(CraneStack stack, string folder)
    {
        foreach (var (key, value) in stack.Containers?.Entries ?? [])
        {
            if (value is not MapNode body)
                continue;
            var build = body.Find("build") as MapNode;
            var context = (build?.Find("context") as ScalarNode)?.Text;
            var full = context is null || Selecting.FilePath.IsRemoteContext(context) || context.Contains('$')
                ? null : Selecting.FilePath.Full(context, build!.File.Folder);
            var (plain, registry) = Split(ComposeDefaults.WithProject((body.Find("image") as ScalarNode)?.Text));
            Add(key.Text, new DraftContainer(plain)
            {
                Registry = registry,
                Context = full,
                Build = build is null ? null : Section(build, full is null ? null : Relative(full, folder)),
                Requires = [.. (body.Find("requires") as ListNode)?.Items.OfType<ScalarNode>().Select(item => item.Text) ?? []],
            });
        }
    }

    /// <summary>A path as crane files have it: with slashes, and one at the end of a folder.</summary>
    public static string Relative(string path, string folder) =>
        Path.GetRelativePath(folder, path).Replace('\\', '/') is var relative && relative == "." ? "." : $"{relative.TrimEnd('/')}/";

    /// <summary>The file.</summary>
    /// <param name="schema">The address of its JSON schema, for editors.</param>
    /// <param name="yaml">Writes JSON as YAML.</param>
    public string Write(string schema, Func<JsonNode, string> yaml)
    {
        var containers = new JsonObject(_names.Select(name => KeyValuePair.Create(name, (JsonNode?)_containers[name].ToJson())));
        var head = Head.Replace("{0}", schema, StringComparison.Ordinal);
        return $"{head}\n{yaml(new JsonObject { ["containers"] = containers })}\n{Tail}".ReplaceLineEndings("\n");
    }

    private static JsonNode Section(MapNode build, string? context)
    {
        var section = (JsonObject)NodeJson.Of(build)!;
        if (context is not null)
            section["context"] = context;
        return section.Count == 1 && section["context"] is { } only ? only.DeepClone() : section;
    }

    private void Add(string name, DraftContainer container)
    {
        if (_containers.Values.Any(other => other.Image == container.Image && other.Registry == container.Registry
            && other.Context == container.Context))
            return;
        var unique = name;
        for (var number = 2; _containers.ContainsKey(unique); number++)
            unique = $"{name}-{number}";
        _containers[unique] = container;
        _names.Add(unique);
    }

    // With a variable or without a registry, the name stays as it is.
    private static (string? Image, string? Registry) Split(string? image) =>
        image is null || image.Contains('$') || !ImageName.TryParse(image, out var name)
        || RegistryAddress.HostOf(name.Registry) == RegistryAddress.DockerHub
        || !image.StartsWith($"{name.Registry}/", StringComparison.Ordinal)
            ? (image, null)
            : (image[(name.Registry.Length + 1)..], name.Registry);

    private static string NameOf(string image) => image.Split('@')[0].Split('/')[^1].Split(':')[0];

    private sealed record DraftContainer(string? Image)
    {
        public string? Registry { get; init; }

        public string? Context { get; init; }

        public JsonNode? Build { get; init; }

        public IReadOnlyList<string> Requires { get; init; } = [];

        public JsonObject ToJson()
        {
            var body = new JsonObject();
            if (Image is not null)
                body["image"] = Image;
            if (Build is not null)
                body["build"] = Build;
            if (Registry is not null)
                body["pull"] = new JsonObject { ["registry"] = Registry };
            if (Requires.Count > 0)
                body["requires"] = new JsonArray([.. Requires.Select(name => (JsonNode)name)]);
            return body;
        }
    }
}
