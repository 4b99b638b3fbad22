using Crane.Building;
using Crane.CraneFile.Model;
using Crane.Locking;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Status;

/// <summary>A container's image, and what it is compared with.</summary>
/// <param name="Plain">Its plain local name.</param>
/// <param name="Official">Where it is pulled from; null if it is not, for the reason in <paramref name="NotPulled"/>.</param>
/// <param name="Personal">Where it is pushed to; empty if it is not, for the reason in <paramref name="NotPushed"/>.</param>
/// <param name="Base">What its Dockerfile builds on; null for nothing.</param>
internal sealed record StatusTarget(
    CraneContainer Container, ImageName Plain, ImageName? Official, string NotPulled, IReadOnlyList<ImageName> Personal, string NotPushed,
    StatusBase? Base)
{
    /// <summary>What was agreed on; null if the lock file does not have it.</summary>
    public LockedImage? Locked { get; init; }

    /// <summary>The platform to pull; null for the store's own.</summary>
    public ImagePlatform? Platform => ImagePlatform.TryParse(Container.Platform, out var platform) ? platform : null;

    /// <summary>The registries of its pull and pushes.</summary>
    public IEnumerable<string> Registries => Personal.Prepend(Official).OfType<ImageName>().Select(name => name.Registry);
}

/// <summary>The image that a Dockerfile builds on.</summary>
/// <param name="Image">Its local name; null for <c>scratch</c>, or if the Dockerfile cannot be read.</param>
/// <param name="Remote">Its name in a registry; null if it is only built here.</param>
internal sealed record StatusBase(ImageName? Image, ImageName? Remote)
{
    /// <summary>The local names of all images that the Dockerfile uses, in its order.</summary>
    public IReadOnlyList<ImageName> Uses { get; init; } = [];

    /// <summary>Why the Dockerfile cannot be read; null if it can.</summary>
    public CraneException? Error { get; init; }

    /// <summary>The same as a sentence, without the location in the crane file; empty if it can be read.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Finds out what the images of containers are compared with. Reads Dockerfiles; asks no store and no registry.</summary>
internal static class StatusTargets
{
    /// <summary>The targets in the order of the containers; an error concerns only its container.</summary>
    /// <param name="declared">Finds an image in the crane files of the run; null for containers that have the declarations.</param>
    public static (IReadOnlyList<StatusTarget> Targets, IReadOnlyList<CraneException> Errors) Of(
        IReadOnlyList<CraneContainer> containers, IDockerfiles dockerfiles, Func<ImageName, DeclaredBase?>? declared)
    {
        List<(CraneContainer Container, ImageName Plain, RetagPlan Pull, IReadOnlyList<RetagPlan> Pushes)> planned = [];
        List<CraneException> errors = [];
        foreach (var container in containers)
        {
            try
            {
                planned.Add((container, new ContainerNames(container).Plain(), PullPlan.For(container), PushPlan.For(container)));
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                errors.Add(CraneException.From(failure).About(container));
            }
        }

        var names = new BaseNames(planned.Select(each => each.Pull), declared);
        return ([.. planned.Select(each => new StatusTarget(
            each.Container,
            each.Plain,
            each.Pull.Status == RetagStatus.Skipped ? null : ImageName.Parse(each.Pull.Source),
            each.Pull.Reason,
            [.. each.Pushes.Where(push => push.Status != RetagStatus.Skipped).Select(push => Tagged(ImageName.Parse(push.Target)))],
            each.Pushes[0].Reason,
            BaseOf(each.Container, each.Pull, names, dockerfiles)))], errors);
    }

    // A push writes the tag; the digest is only checked.
    private static ImageName Tagged(ImageName target) => target.TagOrDefault is null ? target : target.WithoutDigest();

    private static StatusBase? BaseOf(CraneContainer container, RetagPlan pull, BaseNames names, IDockerfiles dockerfiles)
    {
        if (container.Build is not { } build)
            return null;
        try
        {
            var read = dockerfiles.Read(build);
            var uses = read.Images.Select(image => Meant(image.Name)?.Image).OfType<ImageName>().ToList();
            if (Meant(read.Parent) is not { } parent)
                return uses is [] ? null : new StatusBase(null, null) { Uses = uses };
            var remote = ImageName.TryParse(parent.Declared?.PullReference, out var pulled) ? pulled
                : parent.Origin == BaseOrigin.Open ? parent.Image
                : null;
            return new StatusBase(parent.Image, remote) { Uses = uses };
        }
        catch (CraneException error)
        {
            return new StatusBase(null, null)
            {
                Error = container.LocateBuild(error),
                Reason = $"its base is unknown: {error.Message}",
            };
        }

        BuildBase? Meant(string? name) => ImageName.TryParse(name, out var image)
            ? names.Of(pull with { Base = container.Base, DeclaredBase = container.DeclaredBase }, image)
            : null;
    }
}
