namespace Crane.CraneFile.Model;

/// <summary>What a value of a crane file may be. The schema is made of these; one check reads them all.</summary>
internal abstract record SchemaType
{
    private SchemaType()
    {
    }

    /// <summary>Whether nothing at all may be written.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>What is expected, for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>A text. Numbers and booleans are texts too: a tag may be <c>1.10</c>.</summary>
    internal sealed record Text : SchemaType
    {
        public override string Expected => "a text";
    }

    /// <summary>A YAML 1.1 boolean, quoted or not, or a text with variables that becomes one.</summary>
    internal sealed record Flag : SchemaType
    {
        public override string Expected => "true or false";
    }

    /// <summary>A list of texts.</summary>
    internal sealed record Texts : SchemaType
    {
        /// <summary>Whether a single text stands for a list of one.</summary>
        public bool OrOne { get; init; }

        /// <summary>Whether items may be empty; they count as not there.</summary>
        public bool MayHaveNulls { get; init; }

        public override string Expected => OrOne ? "a text or a list of texts" : "a list of texts";
    }

    /// <summary>A list of <c>NAME=value</c> or <c>NAME</c>, or a map.</summary>
    internal sealed record Assignments : SchemaType
    {
        public override string Expected => "a list of NAME=value, or a map";
    }

    /// <summary>A map whose keys are names that the user chooses.</summary>
    internal sealed record Named(SchemaType Each) : SchemaType
    {
        public override string Expected => "a map";
    }

    /// <summary>A map whose keys have a meaning.</summary>
    internal sealed record Section(IReadOnlyDictionary<string, SchemaType> Keys) : SchemaType
    {
        /// <summary>Keys that are passed over in silence.</summary>
        public IReadOnlySet<string> Silent { get; init; } = new HashSet<string>();

        /// <summary>Whether keys that begin with <c>x-</c> are passed over in silence.</summary>
        public bool HasExtensions { get; init; }

        /// <summary>Whether every key that has no meaning is an error: here it would send an image to the wrong place.</summary>
        public bool RefusesUnknown { get; init; }

        /// <summary>Keys so grave that one mistaken for them is an error, where others get a warning.</summary>
        public IReadOnlyList<string> Guarded { get; init; } = [];

        /// <summary>The key that a single text in place of the map is the value of; null where there is none.</summary>
        public string? TextMeans { get; init; }

        public override string Expected => TextMeans is null ? "a map" : "a text or a map";
    }
}
