using Crane.Adapters.Dockerfiles;
using Crane.Adapters.Machine;
using Crane.Building;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Contexts;

/// <summary>Reads the inputs of builds: the context, the Dockerfile, and every key of a build section that may change the image.</summary>
internal sealed class InputReader(DockerEnvironment environment) : IBuildInputs
{
    // Variables of the machine that docker passes on: they are part of no image and no cache key.
    private static readonly HashSet<string> Proxies = new(StringComparer.OrdinalIgnoreCase)
        { "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY" };

    private readonly LocalDockerfiles _dockerfiles = new(environment.Variables);
    private readonly RemoteVersion _remote = new(environment);
    private readonly ContextCache _cache = new(Path.Join(environment.UserCacheFolder, "crane", "contexts"));

    public async Task<InputReading?> ReadAsync(RetagPlan plan, BuildInputs? built, CancellationToken cancellation)
    {
        var build = plan.Build!;
        var target = ImageName.Parse(plan.Target);
        var parts = Settings(plan, build).ToList();
        if (RemoteContext.Of(build.Context) is { } remote)
        {
            if (await _remote.FindAsync(remote, cancellation) is not { } version)
                return null;
            parts.Add(Part(BuildInputs.ContextPart, version));
            parts.Add(Part("Dockerfile", build.File ?? ""));
            return new InputReading(BuildInputs.Of(target, parts), [], null);
        }

        // What else it has is not read.
        if (NamedContext.Of(build).Any(named => named.Image is null))
            return null;
        var context = BuildContext.Open(build.Context, build.File);
        var known = _cache.Load(context);
        var now = await ContextReader.ReadAsync(context, known, TimeProvider.System, cancellation);
        // It shows what has changed since the image was built, so it is kept.
        var isRecord = known is not null && known.Hash == built?.Find(BuildInputs.ContextPart) && known.Hash != now.Hash;
        if (!isRecord && now != known)
            _cache.Save(context, now);
        parts.Add(new("Dockerfile", now.Dockerfile));
        parts.Add(new(BuildInputs.ContextPart, now.Hash));
        var bases = _dockerfiles.Read(build).Images.Select(image => ImageName.Parse(image.Name)).Distinct().ToList();
        return new InputReading(
            BuildInputs.Of(target, parts), bases, isRecord ? now.ChangeSince(known!, Shown(plan, build.Context)) : null);
    }

    private IEnumerable<KeyValuePair<string, string>> Settings(RetagPlan plan, ContainerBuild build)
    {
        foreach (var (name, value) in BuildValues.Arguments(build, environment.Variables))
        {
            if (!Proxies.Contains(name))
                yield return Part($"build argument {name}", value);
        }

        var labels = BuildValues.Labels(build).OrderBy(label => label.Key, StringComparer.Ordinal);
        var hosts = BuildValues.Hosts(build).Select(pair => $"{pair.Host}\0{pair.Address}").Order(StringComparer.Ordinal);
        (string Name, IEnumerable<string> Values)[] settings =
        [
            ("target", Given(build.Target)),
            ("network", Given(build.Network)),
            ("platform", build.Platform ?? []),
            ("label", labels.Select(label => $"{label.Key}\0{label.Value}")),
            ("add-host", hosts),
            ("build-context", build.BuildContext ?? []),
            ("hooks", [.. Given(plan.Hook?.PreBuild).Select(_ => "pre-build"), .. Given(plan.Hook?.PostBuild).Select(_ => "post-build")]),
        ];
        foreach (var (name, values) in settings)
        {
            if (values.Any())
                yield return Part(name, string.Concat(values.Select(value => $"{value.Length}:{value}")));
        }
    }

    private static IEnumerable<string> Given(string? value) => string.IsNullOrEmpty(value) ? [] : [value];

    private static KeyValuePair<string, string> Part(string name, string value) => new(name, BuildInputs.Hash(value));

    /// <summary>The context relative to the crane file, with a slash at the end.</summary>
    private static string Shown(RetagPlan plan, string context)
    {
        var relative = Path.GetDirectoryName(plan.Path) is { } folder ? Path.GetRelativePath(folder, context) : ".";
        return relative == "." ? "" : $"{relative.Replace('\\', '/').TrimEnd('/')}/";
    }
}
