using Crane.Moving.Engine;

namespace Crane.Building;

/// <summary>Completes the inputs of builds with the images that they start from, and gives builds the label that has them.</summary>
internal sealed class InputLabels(IBuildInputs reader, ILocalImages images)
{
    /// <summary>Where every base is made before.</summary>
    public static IReadOnlyDictionary<ImageName, BuildInputs?> NoneMade { get; } = new Dictionary<ImageName, BuildInputs?>();

    /// <summary>A build with the label; as it was where nobody can tell what it is made from.</summary>
    /// <param name="plan">The build. What its hook makes is there.</param>
    /// <param name="bases">What the images are that its Dockerfile names.</param>
    /// <param name="made">The images that the same job makes with it, and their inputs; null where these are not known.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="CraneException">As of <see cref="IBuildInputs.ReadAsync"/>.</exception>
    public async Task<LabeledBuild> AddAsync(
        RetagPlan plan, BuildBases bases, IReadOnlyDictionary<ImageName, BuildInputs?> made, CancellationToken cancellation)
    {
        var build = plan.Build!;
        if (await reader.ReadAsync(plan, built: null, cancellation) is not { } reading)
            return new(build, null);
        var inputs = await CompleteAsync(reading, name => bases.Of(name).Image, made, cancellation);
        return new(build with { Label = [.. build.Label ?? [], $"{BuildInputs.Label}={inputs}"] }, inputs);
    }

    /// <summary>The inputs with those bases that are known.</summary>
    /// <param name="reading">The inputs without them.</param>
    /// <param name="meant">The image that a name in the Dockerfile means in this run.</param>
    /// <param name="made">As for <see cref="AddAsync"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<BuildInputs> CompleteAsync(
        InputReading reading,
        Func<ImageName, ImageName> meant,
        IReadOnlyDictionary<ImageName, BuildInputs?> made,
        CancellationToken cancellation)
    {
        var inputs = reading.Inputs;
        foreach (var name in reading.Bases)
        {
            // What the engine has under that name is what was made before.
            var image = made.ContainsKey(name) ? null : await images.FindAsync(meant(name), cancellation);
            var own = image is null ? made.GetValueOrDefault(name) : BuildInputs.Of(meant(name), image);
            if ((own is null ? image?.ContentHash : Identity(own)) is { } identity)
                inputs = inputs.WithBase(name, identity);
        }

        return inputs;
    }

    // Of a base that is built here, its own inputs: those are known before it is built, and equal wherever it is built.
    private static string Identity(BuildInputs inputs) => BuildInputs.Hash(inputs.ToString());
}

/// <summary>A build that has the label.</summary>
/// <param name="Build">How it is built.</param>
/// <param name="Inputs">What the label says; null where it has none.</param>
internal sealed record LabeledBuild(ContainerBuild Build, BuildInputs? Inputs);
