using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using Crane.Moving.Engine;

namespace Crane.Building;

/// <summary>
/// What an image is built from: parts by their names, each with a hash. An image has it as a label, which goes wherever the image
/// goes: whoever pulls it knows what it was built from.
/// </summary>
internal sealed class BuildInputs
{
    /// <summary>The name of the label.</summary>
    public const string Label = "crane.inputs";

    /// <summary>The part that has everything a builder is sent, but for the Dockerfile.</summary>
    public const string ContextPart = "context";

    private const string ImagePart = "image";
    private const string VersionPart = "version";
    private const string BasePrefix = "base ";

    // Of how the hashes are made: hashes of two versions cannot be compared.
    private const string Version = "1";
    private const int HashLength = 32;

    private readonly SortedDictionary<string, string> _parts;

    private BuildInputs(IEnumerable<KeyValuePair<string, string>> parts) =>
        _parts = new(parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The inputs of an image.</summary>
    /// <param name="image">Its plain name.</param>
    /// <param name="parts">The parts, as users call them, with their hashes.</param>
    public static BuildInputs Of(ImageName image, IEnumerable<KeyValuePair<string, string>> parts) =>
        new([.. parts, new(ImagePart, Name(image)), new(VersionPart, Version)]);

    /// <summary>What an image was built from; null where it does not say, or only its base does, from which it has the label.</summary>
    public static BuildInputs? Of(ImageName name, LocalImage image) =>
        Parse(image.InputLabel) is { } inputs && inputs._parts.GetValueOrDefault(ImagePart) == Name(name) ? inputs : null;

    /// <summary>The hash of a string; the same on every machine.</summary>
    public static string Hash(string text) => Hash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A SHA-256 digest as the hash of a part.</summary>
    public static string Hash(ReadOnlySpan<byte> digest) => Convert.ToHexString(digest).ToLowerInvariant()[..HashLength];

    /// <summary>The hash of a part; null where there is no such part.</summary>
    public string? Find(string part) => _parts.GetValueOrDefault(part);

    /// <summary>The same with a base, by what identifies that.</summary>
    public BuildInputs WithBase(ImageName name, string identity) =>
        new([.. _parts, new(BasePrefix + name, identity)]);

    /// <summary>The name of the first part that has changed since; null where none has.</summary>
    public string? ChangedSince(BuildInputs built) => _parts.Keys.Union(built._parts.Keys).Order(StringComparer.Ordinal)
        .FirstOrDefault(part => (Find(part), built.Find(part)) is var (now, then) && now != then && !IsUnknownBase(part, now, then));

    /// <summary>The value of the label.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (part, hash) in _parts)
                json.WriteString(part, hash);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // What was not here when the image was built, or is not here now, cannot be compared.
    private static bool IsUnknownBase(string part, string? now, string? then) =>
        part.StartsWith(BasePrefix, StringComparison.Ordinal) && (now is null || then is null);

    // A release gives the image another tag.
    private static string Name(ImageName image) => image.WithoutDigest().WithoutTag().ToString();

    private static BuildInputs? Parse(string? label)
    {
        try
        {
            using var json = JsonDocument.Parse(label ?? "");
            var inputs = new BuildInputs(json.RootElement.EnumerateObject()
                .Select(part => KeyValuePair.Create(part.Name, part.Value.GetString() ?? "")));
            return inputs.Find(VersionPart) == Version ? inputs : null;
        }
        // Another program's label, or one that a later version wrote in another form.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Reads what images are built from. Touches this machine's disk and, for a remote context, its server.</summary>
internal interface IBuildInputs
{
    /// <summary>Reads what a build would be made from now.</summary>
    /// <param name="plan">The build.</param>
    /// <param name="built">What its image was built from; null where that is not known, or it is about to be built.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null where nobody can tell, as of a remote context whose server does not say what it has.</returns>
    /// <exception cref="CraneException">BuildFailed for a context or a Dockerfile that is missing or cannot be read.</exception>
    Task<InputReading?> ReadAsync(RetagPlan plan, BuildInputs? built, CancellationToken cancellation);
}

/// <summary>What a build would be made from.</summary>
/// <param name="Inputs">All but the images that it starts from.</param>
/// <param name="Bases">Those images.</param>
/// <param name="ContextChange">What has changed in the context, as a clause; null where nothing has, or it is not known what.</param>
internal sealed record InputReading(BuildInputs Inputs, IReadOnlyList<ImageName> Bases, string? ContextChange);

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
