using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crane.Adapters.Contexts;
using Crane.Adapters.Dockerfiles;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Writes bake files in JSON (https://docs.docker.com/build/bake/reference/).</summary>
/// <param name="variables">The environment, for arguments without a value.</param>
internal sealed class BakeFile(Func<string, string?> variables)
{
    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the bake file of targets, all in its group <c>default</c>; where it is named, bake tags the images.</summary>
    public string Write(IEnumerable<BakeTarget> targets, bool noCache, bool isNamed)
    {
        var all = targets.ToList();
        // An exported file may run in another environment.
        var open = isNamed ? all.SelectMany(target => OpenArguments(target.Request.Build)).Distinct().ToList() : [];
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Format))
        {
            json.WriteStartObject();
            WriteVariables(json, open);
            json.WriteStartObject("group");
            json.WriteStartObject(BakeNames.DefaultGroup);
            WriteList(json, "targets", [.. all.Select(target => target.Name)]);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("target");
            foreach (var target in all)
                Write(json, target, open, noCache, isNamed);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Bake takes the value of a variable from the environment, and omits an argument that is null.
    private static void WriteVariables(Utf8JsonWriter json, List<string> names)
    {
        if (names.Count == 0)
            return;
        json.WriteStartObject("variable");
        foreach (var name in names)
        {
            json.WriteStartObject(name);
            json.WriteNull("default");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The arguments of a build without a value whose names bake allows for variables.</summary>
    private static IEnumerable<string> OpenArguments(ContainerBuild build) =>
        (build.Argument ?? []).Select(argument => argument.Split('=', 2)).GroupBy(parts => parts[0], StringComparer.Ordinal)
            .Where(same => same.Last().Length == 1 && IsVariable(same.Key)).Select(same => same.Key);

    private static bool IsVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private void Write(Utf8JsonWriter json, BakeTarget target, List<string> open, bool noCache, bool isNamed)
    {
        var build = target.Request.Build;
        var folder = BakeOptions.Folder(target.Request.Plan);
        json.WriteStartObject(target.Name);
        WriteString(json, "context", build.Context);
        WriteString(json, "dockerfile", Dockerfile(build));
        WriteMap(json, "contexts", target.Links);
        WriteArguments(json, build, open);
        WriteString(json, "target", build.Target);
        WriteString(json, "network", build.Network);
        WriteList(json, "platforms", build.Platform);
        WriteMap(json, "labels", BuildValues.Labels(build));
        WriteMap(json, "extra-hosts", BuildValues.Hosts(build).Select(pair => KeyValuePair.Create(pair.Host, pair.Address)));
        WriteList(json, "secret", BakeOptions.Secrets(target.Request, variables));
        WriteList(json, "cache-from", BakeOptions.Full(build.CacheFrom, folder));
        WriteList(json, "cache-to", BakeOptions.Full(build.CacheTo, folder));
        if (noCache)
            json.WriteBoolean("no-cache", true);
        if (target.Pull)
            json.WriteBoolean("pull", true);
        if (isNamed)
            WriteList(json, "tags", [target.Request.Target.ToString()]);
        // A provenance differs in every build, and would change the digest of an unchanged image.
        WriteList(json, "attest", ["type=provenance,disabled=true"]);
        WriteList(json, "output", ["type=docker"]);
        json.WriteEndObject();
    }

    private void WriteArguments(Utf8JsonWriter json, ContainerBuild build, List<string> open)
    {
        var references = OpenArguments(build).Where(open.Contains).ToList();
        var values = BuildValues.Arguments(build, variables);
        if (values.Count == 0 && references.Count == 0)
            return;
        json.WriteStartObject("args");
        foreach (var (name, value) in values.Where(pair => !references.Contains(pair.Key)))
            json.WriteString(Literal(name), Literal(value));
        foreach (var name in references)
            json.WriteString(name, $"${{{name}}}");
        json.WriteEndObject();
    }

    private static void WriteString(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, Literal(value));
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null or [])
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(Literal(value));
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        // Of several with one name the last is used, as by docker.
        var values = pairs.GroupBy(pair => pair.Key, StringComparer.Ordinal).Select(same => same.Last()).ToList();
        if (values.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
            json.WriteString(Literal(key), Literal(value));
        json.WriteEndObject();
    }

    /// <summary>
    /// Escapes a string. In JSON bake files, strings and the names of objects are templates of HCL: <c>${</c> and <c>%{</c> begin an
    /// expression, unless their first character is doubled (https://github.com/hashicorp/hcl/blob/main/json/spec.md).
    /// </summary>
    internal static string Literal(string value) =>
        value.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    // Null for the default. BuildKit does not follow a link out of the context, so its target is written.
    private static string? Dockerfile(ContainerBuild build)
    {
        if (FilePath.IsRemoteContext(build.Context))
            return build.File;
        try
        {
            var location = DockerfileLocation.Find(build.Context, build.File);
            return location.IsOutside && location.Source != location.Path ? location.Source : build.File;
        }
        catch (CraneException)
        {
            // Reported when the Dockerfile is read.
            return build.File;
        }
    }
}
