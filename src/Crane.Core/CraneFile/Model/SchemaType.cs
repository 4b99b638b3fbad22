namespace Crane.CraneFile.Model;

/// <summary>The type of a value in a crane file.</summary>
internal abstract record SchemaType
{
    private SchemaType() { }

    /// <summary>Whether the value may be empty.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>The type for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>How a value may be written, for advice; null where <see cref="Expected"/> has all that are possible.</summary>
    public abstract string? Example { get; }

    /// <summary>A string. Numbers and booleans are strings too: a tag may be <c>1.10</c>.</summary>
    internal sealed record Scalar : SchemaType
    {
        public override string Expected => "a string";

        public override string? Example => "VALUE";
    }

    /// <summary>A YAML 1.1 boolean, quoted or not, or a string with variables that becomes one.</summary>
    internal sealed record Flag : SchemaType
    {
        public override string Expected => "true or false";

        public override string? Example => null;
    }

    /// <summary>The name of a member of an enum, ignoring case, or a string with variables that becomes one.</summary>
    internal sealed record Choice(Type Enum) : SchemaType
    {
        /// <summary>The names as crane files write them.</summary>
        public IReadOnlyList<string> Names { get; } = [.. Enum.GetEnumNames().Select(name => name.ToLowerInvariant())];

        public override string Expected => $"{string.Join(", ", Names.SkipLast(1))} or {Names[^1]}";

        public override string? Example => null;

        public bool Has(string written) => Names.Contains(written, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A time that something must be old, or a string with variables that becomes one.</summary>
    internal sealed record Age : SchemaType
    {
        public override string Expected => AgeText.Expected;

        public override string? Example => "3d";
    }

    internal sealed record ScalarList : SchemaType
    {
        /// <summary>Whether a single string is a list of one.</summary>
        public bool OrOne { get; init; }

        /// <summary>Whether items may be empty, and are then ignored.</summary>
        public bool MayHaveNulls { get; init; }

        /// <summary>Whether items may be maps.</summary>
        public bool MayHaveMaps { get; init; }

        public override string Expected => OrOne ? "a string or a list of strings" : "a list of strings";

        public override string? Example => "[VALUE, VALUE]";
    }

    /// <summary>A list of <c>NAME=value</c> or <c>NAME</c>, or a map.</summary>
    internal sealed record Assignments : SchemaType
    {
        public override string Expected => "a list of NAME=value, or a map";

        public override string? Example => "{ NAME: VALUE }";
    }

    /// <summary>A map whose keys are chosen by the user.</summary>
    internal sealed record Named(SchemaType Each) : SchemaType
    {
        public override string Expected => "a map";

        public override string? Example => $"{{ NAME: {Each.Example} }}";
    }

    /// <summary>A map whose keys have a meaning.</summary>
    internal sealed record Section(IReadOnlyDictionary<string, SchemaType> Keys) : SchemaType
    {
        /// <summary>Known keys that are ignored.</summary>
        public IReadOnlySet<string> Silent { get; init; } = new HashSet<string>();

        /// <summary>Whether keys that begin with <c>x-</c> are ignored.</summary>
        public bool HasExtensions { get; init; }

        /// <summary>Whether an unknown key is an error, since ignoring it could send an image to the wrong registry.</summary>
        public bool RefusesUnknown { get; init; }

        /// <summary>Keys for which a misspelling is an error and not a warning.</summary>
        public IReadOnlyList<string> Guarded { get; init; } = [];

        /// <summary>Keys that other programs understand: each is a warning.</summary>
        public IReadOnlySet<string> Unsupported { get; init; } = new HashSet<string>();

        /// <summary>Whether a name may be written instead of the map.</summary>
        public bool OrName { get; init; }

        /// <summary>The key whose value may be written instead of the map; null for none.</summary>
        public string? ShortKey { get; init; }

        /// <summary>What may be written instead of the map; null for nothing.</summary>
        public SchemaType? ShortForm => OrName ? new Scalar() : ShortKey is null ? null : Keys[ShortKey];

        public override string Expected => ShortForm is { } shortForm ? $"{shortForm.Expected} or a map" : "a map";

        public override string? Example => Keys.Where(key => key.Value.Example is not null)
            .Select(key => $"{{ {key.Key}: {key.Value.Example} }}").First();
    }
}
