using Crane.Names;
using Crane.Oci;

namespace Crane.Planning;

/// <summary>A pull, push or copy plan that can be run: its names are valid, and its steps match them.</summary>
internal sealed record CheckedMove(RetagPlan Plan, ImageName Source, ImageName Target)
{
    /// <summary>Whether the image is built if its registry does not have it, so a missing image does not stop the run.</summary>
    public bool IsElseBuilt { get; init; }

    /// <summary>The digest or id of the image to move; null for whatever the source refers to.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The platform to pull; null for that of the engine, or all.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>What the target must refer to; null for anything.</summary>
    public KnownImage? Expected { get; init; }

    /// <summary>The source in a registry or folder, by the digest of the plan if it has one.</summary>
    public ImageName From => Digest is null ? Source : Source.WithDigest(Digest);

    /// <summary>The name in the registry.</summary>
    public ImageName Remote => Plan.Operation == RetagOperation.Pull ? Source : Target;

    public IEnumerable<string> Registries => Plan.Operation == RetagOperation.Copy ? [Source.Registry, Target.Registry] : [Remote.Registry];

    /// <summary>Checks a plan that may have been edited. Its steps are replaced by what will be run.</summary>
    /// <exception cref="CraneException">InvalidImageName, DigestWithoutTag, InvalidValue; the plan is the subject.</exception>
    public static CheckedMove Check(RetagPlan plan)
    {
        try
        {
            var source = ImageName.ParseGiven(plan.Source);
            var target = ImageName.ParseGiven(plan.Target);
            _ = HookCommand.Gate(plan);
            return plan.Operation switch
            {
                RetagOperation.Pull => Make(source, Retag.Local(target)),
                RetagOperation.Push => Make(Retag.Local(source), target),
                _ => Make(source, target),
            };
        }
        catch (CraneException error)
        {
            throw plan.Locate(error);
        }

        CheckedMove Make(ImageName source, ImageName target) => new(plan.Moving(source, target), source, target)
        {
            Digest = ReadDigest(plan, source),
            Platform = ReadPlatform(plan),
            Expected = KnownImage.Read(plan.TargetDigest, nameof(RetagPlan.TargetDigest)),
        };
    }

    private static ImagePlatform? ReadPlatform(RetagPlan plan) => plan.Platform is null || plan.Operation != RetagOperation.Pull ? null
        : ImagePlatform.TryParse(plan.Platform, out var platform) ? platform
        : throw new CraneException(
            CraneErrorId.InvalidValue, $"The Platform '{plan.Platform}' is not a platform.", "Write OS/ARCHITECTURE, such as linux/arm64.");

    private static Digest? ReadDigest(RetagPlan plan, ImageName source)
    {
        if (plan.Digest is not { } written)
            return null;
        if (!Digest.TryParse(written, out var digest))
            throw new CraneException(
                CraneErrorId.InvalidValue, $"The Digest '{written}' is not a digest.",
                "Leave it as Get-CraneRetagPlan -Resolve wrote it, or remove it to move whatever the source is.");
        return plan.Operation == RetagOperation.Push || source.ContentDigest is not { } named || named == digest
            ? digest
            : throw new CraneException(
                CraneErrorId.InvalidValue, $"The Digest {digest} is not that of the source '{source}'.",
                "Correct one of them, or remove the Digest.");
    }
}
