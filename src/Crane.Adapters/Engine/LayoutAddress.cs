namespace Crane.Adapters.Engine;

/// <summary>The address of a layout folder as an engine, <c>oci:FOLDER</c>.</summary>
internal static class LayoutAddress
{
    private const string Scheme = "oci:";

    /// <summary>Reads the folder of an engine's address, as it is written; false for an address of another kind.</summary>
    /// <exception cref="CraneException">InvalidValue for <c>oci:</c> without a folder, or with what is a URL rather than one.</exception>
    public static bool TryParse(string? engine, out string folder)
    {
        folder = "";
        if (engine is null || !engine.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        folder = engine[Scheme.Length..];
        if (string.IsNullOrWhiteSpace(folder))
            throw Invalid($"'{engine}' names no folder");

        // Other programs write registries like that.
        if (folder.StartsWith("//", StringComparison.Ordinal))
            throw Invalid($"'{engine}' is a URL, not a folder");
        return true;
    }

    private static CraneException Invalid(string what) => new(
        CraneErrorId.InvalidValue, $"{what}: a layout folder is written oci:FOLDER.",
        "Write the path right after the colon, such as oci:/srv/images or oci:images.");
}
