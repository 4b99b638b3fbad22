using Crane.CraneFile.Model;
using Crane.Errors;
using Crane.Names;
using Crane.Planning;

namespace Crane;

/// <summary>
/// One image to move or build: Source → Target. A plan can be reviewed, filtered, exported and imported before it is run.
/// </summary>
public sealed record RetagPlan
{
    internal RetagPlan() { }

    /// <summary>Name of the container; empty without a crane file.</summary>
    public string Container { get; internal init; } = "";

    /// <summary>What the plan does.</summary>
    public RetagOperation Operation { get; internal init; }

    /// <summary>The source: an image name, or a build context as written.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>The target: an image name.</summary>
    public string Target { get; internal init; } = "";

    /// <summary>
    /// The digest of the source: of its manifest or index or, for a push through an engine, the id of the local image. The plan is run by
    /// this digest. Null if the plan is not resolved.
    /// </summary>
    public string? Digest { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>
    /// What the target was when the plan was resolved: its digest or, in an engine, its id; <c>none</c> if it did not exist. If it is
    /// something else when the plan is run, the plan is refused. Null if the plan is not resolved.
    /// </summary>
    public string? TargetDigest { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The platform to pull, as <c>os/arch[/variant]</c>; null for that of the engine, or all.</summary>
    public string? Platform { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Bytes that a run would transfer; null if the plan is not resolved, or if that is unknown.</summary>
    public long? SizeBytes { get; internal init; }

    /// <summary>Whether an existing target in a registry may be replaced; null for the default.</summary>
    public OverwriteMode? Overwrite { get; internal init; }

    /// <summary>The group whose images get their names together or not at all; null for none.</summary>
    public string? AtomicGroup { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Planned or Skipped; UpToDate for a resolved plan whose target is the source already.</summary>
    public RetagStatus Status { get; internal init; }

    /// <summary>Why it is skipped or run; empty if there is nothing to say.</summary>
    public string Reason { get; internal init => field = VisibleText.Message(value); } = "";

    /// <summary>
    /// The docker command lines that do the same, quoted for a POSIX shell, without credentials in the URL of a context. The first line is
    /// <c>set -e</c>: a script made of them ends at the first command that fails. Empty if the plan is skipped.
    /// </summary>
    public IReadOnlyList<string> Step { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>The images that the Dockerfile uses, in its order.</summary>
    public IReadOnlyList<string> Base { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Those of them that the crane file declares, and where to pull them from; null for none.</summary>
    public IReadOnlyList<DeclaredBase>? DeclaredBase { get; internal init => field = SectionList<DeclaredBase>.OfAny(value); }

    /// <summary>How the image is built; null for other operations.</summary>
    public ContainerBuild? Build { get; internal init; }

    /// <summary>The image to pull instead of building, if its registry has it; null for none.</summary>
    public string? PullReference { get; internal init; }

    /// <summary>
    /// The push section of the container, as in <c>registry=r.co; override_user=me</c>, for pushing the result of this plan. Null without
    /// one, and for pushes and copies.
    /// </summary>
    public string? Push { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Host commands before and after the build, and before the image gets its name; null for none.</summary>
    public ContainerHook? Hook { get; internal init; }

    /// <summary>The container that the build and hooks belong to, if it is another one; otherwise null.</summary>
    public string? HookedContainer { get; internal init; }

    /// <summary>Names of the containers to build first.</summary>
    public IReadOnlyList<string> Requires { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>The crane file's settings for the registries of the plan; null for none.</summary>
    public IReadOnlyList<RegistrySetting>? RegistrySetting { get; internal init => field = SectionList<RegistrySetting>.OfAny(value); }

    /// <summary>Full path of the crane file; null without one.</summary>
    public string? Path { get; internal init; }

    /// <summary>Line of the container in it, counted from 1; 0 if unknown.</summary>
    public int Line { get; internal init; }

    /// <summary>The Source for messages, without credentials in the URL of a context.</summary>
    internal string ShownSource => UserInformation.MaskInAddress(Source);

    /// <summary>Whether this or another run makes its image; a build without a section only names it.</summary>
    internal bool IsOurs => Operation == RetagOperation.Pull || Build is not null;

    internal ContainerOrigin Origin { get; init; } = ContainerOrigin.Unknown;

    /// <summary><c>Operation Source -> Target</c>, without credentials.</summary>
    public override string ToString() => $"{Operation} {ShownSource} -> {Target}";

    /// <summary>The plan with the names and steps of a move. Names in a registry are shown with that registry.</summary>
    internal RetagPlan Moving(ImageName source, ImageName target) => Operation switch
    {
        RetagOperation.Pull => this with
        {
            Source = source.RemoteName,
            Target = target.ToString(),
            Step = DockerSteps.Pull(source, target, Platform),
        },
        RetagOperation.Push => this with
        {
            Source = source.ToString(),
            Target = target.RemoteName,
            Step = DockerSteps.Push(source, target),
        },
        _ => this with
        {
            Source = source.RemoteName,
            Target = target.RemoteName,
            Step = DockerSteps.Copy(source, target),
        },
    };

    /// <summary>An error about the plan itself: since it may have been edited, it has no location in the crane file.</summary>
    internal CraneException Locate(CraneException error) =>
        (Container.Length == 0 ? error : error.In($"{Operation} of '{Container}'")).About(this);

    /// <summary>An error about what is built, at the value of the crane file that says so.</summary>
    internal CraneException LocateBuild(CraneException error) =>
        Origin.LocateBuild(error, Source, $"container '{Container}'").About(this);
}

/// <summary>The operation of a plan.</summary>
public enum RetagOperation : long
{
    /// <summary>From a registry to the local store, under the plain name.</summary>
    Pull,

    /// <summary>From a build context to the plain name.</summary>
    Build,

    /// <summary>From the local store to a registry.</summary>
    Push,

    /// <summary>From one registry to another.</summary>
    Copy,
}
