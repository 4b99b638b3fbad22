using Crane.CraneFile.Model;
using Crane.Errors;
using Crane.Names;
using Crane.Planning;

namespace Crane;

/// <summary>
/// One image to move: Source → Target. Planning is pure, so a plan can be reviewed, filtered, exported, approved
/// and read back before anything is touched.
/// </summary>
public sealed record RetagPlan
{
    internal RetagPlan()
    {
    }

    /// <summary>Name of the container that the plan is for; empty where it comes from no crane file.</summary>
    public string Container { get; internal init; } = "";

    /// <summary>What the plan does.</summary>
    public RetagOperation Operation { get; internal init; }

    /// <summary>Where from: an image name, or a build context as it was written.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>Where to: an image name.</summary>
    public string Target { get; internal init; } = "";

    /// <summary>Planned or Skipped.</summary>
    public RetagStatus Status { get; internal init; }

    /// <summary>Why it is skipped, or why it is done; empty where that needs no words.</summary>
    public string Reason { get; internal init => field = VisibleText.Message(value); } = "";

    /// <summary>
    /// The docker command lines that do the same, quoted for a POSIX shell; without the credentials that the address of a
    /// context may hold.
    /// </summary>
    public IReadOnlyList<string> Step { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>The images that a build starts from or copies from, in the order of its Dockerfile.</summary>
    public IReadOnlyList<string> Base { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>Those of them that the crane file declares, and where they come from; null where there are none.</summary>
    public IReadOnlyList<DeclaredBase>? DeclaredBase { get; internal init => field = SectionList<DeclaredBase>.OfAny(value); }

    /// <summary>How the image is built; null for plans that move one.</summary>
    public ContainerBuild? Build { get; internal init; }

    /// <summary>
    /// The image that is pulled in place of the build, where its registry has it; null where there is none. Only where the
    /// registry does not have it, the image is built.
    /// </summary>
    public string? PullReference { get; internal init; }

    /// <summary>
    /// The push section of the container, as in <c>registry=r.co; override_user=me</c>: by it a result of this plan is pushed.
    /// Null where the container has none, and for plans that push or copy themselves.
    /// </summary>
    public string? Push { get; internal init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Host commands around the build; null where there are none.</summary>
    public ContainerHook? Hook { get; internal init; }

    /// <summary>The container whose build and hooks these are, where the plan is another's; null where it is its own.</summary>
    public string? HookedContainer { get; internal init; }

    /// <summary>Names of the containers whose builds come first.</summary>
    public IReadOnlyList<string> Requires { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>How the registries in the plan are spoken to, where the crane file says so; null where it does not.</summary>
    public IReadOnlyList<RegistrySetting>? RegistrySetting { get; internal init => field = SectionList<RegistrySetting>.OfAny(value); }

    /// <summary>Full path of the crane file; null where the plan comes from none.</summary>
    public string? Path { get; internal init; }

    /// <summary>Line of the container in it, counted from 1; 0 where there is none.</summary>
    public int Line { get; internal init; }

    /// <summary>The Source as messages show it: without the credentials that the address of a context may hold.</summary>
    internal string ShownSource => UserInformation.MaskInAddress(Source);

    /// <summary>Whether its image is made here, in this run or another; without a build section one is only named.</summary>
    internal bool IsOurs => Operation == RetagOperation.Pull || Build is not null;

    /// <summary>Where the values of its container stand.</summary>
    internal ContainerOrigin Origin { get; init; } = ContainerOrigin.Unknown;

    /// <summary><c>Operation Source -> Target</c>, without credentials.</summary>
    public override string ToString() => $"{Operation} {ShownSource} -> {Target}";

    /// <summary>The plan as one that moves an image, with steps that do so. A name in a registry is shown with that registry.</summary>
    internal RetagPlan Moving(ImageName source, ImageName target) => Operation switch
    {
        RetagOperation.Pull => this with
        {
            Source = source.RemoteName,
            Target = target.ToString(),
            Step = DockerSteps.Pull(source, target),
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

    /// <summary>An error about the plan itself, which may have been edited: what it says stands in no crane file.</summary>
    internal CraneException Locate(CraneException error) =>
        (Container.Length == 0 ? error : error.In($"{Operation} of '{Container}'")).About(this);
}

/// <summary>What a plan does.</summary>
public enum RetagOperation
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
