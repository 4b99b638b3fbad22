using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.Names;
using Crane.Planning;

namespace Crane.Input;

/// <summary>
/// How to connect to the registries of images that are named to a cmdlet, and not selected from a crane file: as -Insecure and
/// -CertificateAuthority say, and otherwise as the crane file that is found says. Without a crane file nothing is said.
/// </summary>
/// <param name="warn">Takes a warning for a crane file that is found and cannot be used.</param>
internal sealed class NamedRegistries(PathIntrinsics session, bool isInsecure, string? certificateAuthority, Action<string> warn)
{
    private readonly CraneFileInput _files = new(session, variables: null, envFile: null, noEnvFile: false, _ => { });
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

    /// <summary>Whether there are parameters.</summary>
    public bool AreGiven => isInsecure || certificateAuthority is not null;

    private string? Authority => field ??= certificateAuthority is null
        ? null
        : FileSystemPath.Of(session, certificateAuthority, "-CertificateAuthority");

    /// <summary>The settings of the registries of images.</summary>
    /// <param name="images">The images. The parameters are for registries that are written in a name, so not for Docker Hub by default.</param>
    /// <param name="own">The settings that the named object has.</param>
    /// <param name="isOfCraneFile">Whether the object is of a crane file, and has its settings and no others.</param>
    /// <exception cref="CraneException">
    /// SettingConflict where the parameters and the object differ; InvalidValue for a path that is not of the file system.
    /// </exception>
    public IReadOnlyList<RegistrySetting> Of(
        IReadOnlyList<ImageName> images, IReadOnlyList<RegistrySetting> own, bool isOfCraneFile)
    {
        var known = IsSaid(own, isOfCraneFile) ? own : Found(images);
        if (!AreGiven)
            return known;
        var given = images.Where(image => image.Parts.WrittenRegistry is not null).Select(image => With(image.Registry, known)).ToList();
        return RegistrySettings.Merge(own.Count > 0 ? [.. own, .. given] : [.. given, .. known.Where(setting => !IsOneOf(given, setting))]);
    }

    /// <summary>The plan with the settings of its registries.</summary>
    /// <exception cref="CraneException">As for the settings of images.</exception>
    public RetagPlan Complete(RetagPlan plan) =>
        plan.Status == RetagStatus.Skipped || plan.Operation == RetagOperation.Build
            || (!AreGiven && IsSaid(plan.RegistrySetting, plan.Path is not null))
            ? plan
            : plan with { RegistrySetting = Of(Remote(plan), plan.RegistrySetting ?? [], plan.Path is not null) };

    // An object of a crane file has its settings, even if these are none.
    private static bool IsSaid(IReadOnlyList<RegistrySetting>? own, bool isOfCraneFile) => isOfCraneFile || own is { Count: > 0 };

    // An invalid name is an error of the run, which names the plan.
    private static List<ImageName> Remote(RetagPlan plan)
    {
        var images = new List<ImageName>();
        if (plan.Operation != RetagOperation.Push && ImageName.TryParse(plan.Source, out var source))
            images.Add(source);
        if (plan.Operation != RetagOperation.Pull && ImageName.TryParse(plan.Target, out var target))
            images.Add(target);
        return images;
    }

    // The mirrors stay: the parameters say nothing of them.
    private RegistrySetting With(string host, IReadOnlyList<RegistrySetting> known) =>
        (known.FirstOrDefault(setting => IsFor(setting, host)) ?? new RegistrySetting { RegistryHost = host }) with
        {
            Insecure = isInsecure,
            CertificateAuthority = Authority,
        };

    private static bool IsOneOf(IReadOnlyList<RegistrySetting> settings, RegistrySetting one) =>
        settings.Any(setting => IsFor(setting, one.RegistryHost));

    private static bool IsFor(RegistrySetting setting, string host) =>
        RegistryAddress.HostOf(setting.RegistryHost) == RegistryAddress.HostOf(host);

    private IReadOnlyList<RegistrySetting> Found(IReadOnlyList<ImageName> images)
    {
        if (Find() is not { } stack)
            return [];
        var errors = new List<CraneException>();
        var settings = new RegistryTable(stack, _files.Variables, errors)
            .Of(images, new ValueReader("the crane file", _files.Variables, errors));
        if (errors.Count == 0)
            return settings;
        Warn(errors[0]);
        return [];
    }

    private CraneStack? Find()
    {
        var loaded = _files.Load(path: null, literalPath: null);
        // That there is none is as good as one that says nothing, unless it was asked for.
        if (loaded.Stack is null && !(loaded.Errors[0].Id == CraneErrorId.CraneFileNotFound && !CraneFileInput.IsConfigured))
            Warn(loaded.Errors[0]);
        return loaded.Stack;
    }

    private void Warn(CraneException error)
    {
        if (_warnings.Add(error.Message))
            warn($"The registries of the crane file are not used: {error.Message} Test-CraneFile shows all its errors.");
    }
}
