namespace Crane.Adapters.OciLayout;

/// <summary>The address of a layout folder as an engine, <c>oci:FOLDER</c>.</summary>
internal static class LayoutAddress
{
    private const string Scheme = "oci:";

    /// <summary>Reads the folder out of an engine's address; false for an address of another kind.</summary>
    /// <param name="engine">The address.</param>
    /// <param name="folder">The folder as it is written: relative to the caller's current location where it is relative.</param>
    /// <exception cref="CraneException">InvalidValue for <c>oci:</c> without a folder, or with what is a URL rather than one.</exception>
    public static bool TryParse(string? engine, out string folder)
    {
        folder = "";
        if (engine is null || !engine.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        folder = engine[Scheme.Length..];
        if (string.IsNullOrWhiteSpace(folder))
            throw Invalid($"'{engine}' names no folder");

        // Other programs write registries so; taken for a folder, an image would end where nobody looks.
        if (folder.StartsWith("//", StringComparison.Ordinal))
            throw Invalid($"'{engine}' is a URL, not a folder");
        return true;
    }

    private static CraneException Invalid(string what) => new(
        CraneErrorId.InvalidValue, $"{what}: a layout folder is written oci:FOLDER.",
        "Write the path right after the colon, such as oci:/srv/images or oci:images.");
}
