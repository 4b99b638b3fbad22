using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using Crane.Comparing;
using Crane.Moving.Engine;
using Crane.Oci;

namespace Crane.Building;

/// <summary>The inputs of a build: parts by name, each with a hash. An image has them in a label, also after a push and pull.</summary>
internal sealed class BuildInputs
{
    public const string Label = ContentHash.InputLabel;

    /// <summary>The part for everything in the context except the Dockerfile.</summary>
    public const string ContextPart = "context";

    private const string ImagePart = "image";
    private const string VersionPart = "version";
    private const string BasePrefix = "base ";

    // The version of the hashes: those of two versions cannot be compared.
    private const string Version = "1";
    private const int HashLength = 32;

    private readonly SortedDictionary<string, string> _parts;

    private BuildInputs(IEnumerable<KeyValuePair<string, string>> parts) =>
        _parts = new(parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    public static BuildInputs Of(ImageName image, IEnumerable<KeyValuePair<string, string>> parts) =>
        new([.. parts, new(ImagePart, Name(image)), new(VersionPart, Version)]);

    /// <summary>The inputs of an image; null without the label, or if the label is inherited from its base.</summary>
    public static BuildInputs? Of(ImageName name, LocalImage image) =>
        Parse(image.InputLabel) is { } inputs && inputs._parts.GetValueOrDefault(ImagePart) == Name(name) ? inputs : null;

    /// <summary>The hash of a string, the same on every machine.</summary>
    public static string Hash(string value) => Hash(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    /// <summary>A SHA-256 digest as the hash of a part.</summary>
    public static string Hash(ReadOnlySpan<byte> digest) => Convert.ToHexString(digest).ToLowerInvariant()[..HashLength];

    /// <summary>The hash of a part; null if there is no such part.</summary>
    public string? Find(string part) => _parts.GetValueOrDefault(part);

    /// <summary>The same with a base, by its identity.</summary>
    public BuildInputs WithBase(ImageName name, string identity) => new([.. _parts, new(BasePrefix + name, identity)]);

    /// <summary>The first part that has changed since; null for none.</summary>
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

    // A base that was not or is not in the engine cannot be compared.
    private static bool IsUnknownBase(string part, string? now, string? then) =>
        part.StartsWith(BasePrefix, StringComparison.Ordinal) && (now is null || then is null);

    // Another tag does not change what the image is built from.
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
        // A label of another program or of a later version.
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Reads the inputs of builds, from disk or from the server of a remote context.</summary>
internal interface IBuildInputs
{
    /// <param name="built">The inputs of its existing image; null if unknown, or if it is about to be built.</param>
    /// <returns>Null if they cannot be known, as for a remote context whose server does not say.</returns>
    /// <exception cref="CraneException">BuildFailed for a context or a Dockerfile that is missing or cannot be read.</exception>
    Task<InputReading?> ReadAsync(RetagPlan plan, BuildInputs? built, CancellationToken cancellation);
}

/// <summary>The current inputs of a build.</summary>
/// <param name="Bases">The base images.</param>
/// <param name="ContextChange">What has changed in the context, as a clause; null if nothing has, or if it is unknown.</param>
internal sealed record InputReading(BuildInputs Inputs, IReadOnlyList<ImageName> Bases, string? ContextChange);

/// <summary>Adds the base images to the inputs of builds, and the label with the inputs to builds.</summary>
internal sealed class InputLabels(IBuildInputs reader, ILocalImages images)
{
    /// <summary>For builds whose bases exist already.</summary>
    public static IReadOnlyDictionary<ImageName, BuildInputs?> NoneBuilt { get; } = new Dictionary<ImageName, BuildInputs?>();

    /// <summary>The build with the label; without it if its inputs cannot be known.</summary>
    /// <param name="builtTogether">The images that are built together with it, and their inputs; null for unknown ones.</param>
    /// <exception cref="CraneException">As of <see cref="IBuildInputs.ReadAsync"/>.</exception>
    public async Task<LabeledBuild> AddAsync(
        RetagPlan plan, BuildBases bases, IReadOnlyDictionary<ImageName, BuildInputs?> builtTogether, CancellationToken cancellation)
    {
        var build = plan.Build!;
        if (await reader.ReadAsync(plan, built: null, cancellation) is not { } reading)
            return new(build, null);
        var inputs = await CompleteAsync(reading, name => bases.Of(name).Image, builtTogether, cancellation);
        return new(build with { Label = [.. build.Label ?? [], $"{BuildInputs.Label}={inputs}"] }, inputs);
    }

    /// <summary>The inputs with all known bases.</summary>
    /// <param name="meant">Resolves a name in the Dockerfile.</param>
    /// <param name="builtTogether">As for <see cref="AddAsync"/>.</param>
    public async Task<BuildInputs> CompleteAsync(
        InputReading reading,
        Func<ImageName, ImageName> meant,
        IReadOnlyDictionary<ImageName, BuildInputs?> builtTogether,
        CancellationToken cancellation)
    {
        var inputs = reading.Inputs;
        foreach (var name in reading.Bases)
        {
            // The engine still has the previous image of that name.
            var image = builtTogether.ContainsKey(name) ? null : await images.FindAsync(meant(name), cancellation);
            var own = image is null ? builtTogether.GetValueOrDefault(name) : BuildInputs.Of(meant(name), image);
            if ((own is null ? image?.ContentHash : Identity(own)) is { } identity)
                inputs = inputs.WithBase(name, identity);
        }

        return inputs;
    }

    // The identity of a base that is built here is its inputs, which are known before the build and the same everywhere.
    private static string Identity(BuildInputs inputs) => BuildInputs.Hash(inputs.ToString());
}

internal sealed record LabeledBuild(ContainerBuild Build, BuildInputs? Inputs);
