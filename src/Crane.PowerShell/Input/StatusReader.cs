namespace Crane.Input;

/// <summary>Reads rows of Get-CraneStatus: live objects, or objects with the same properties.</summary>
internal static class StatusReader
{
    public static bool IsStatus(PSObject input) => input.BaseObject is ImageStatus
        || (input.Has(nameof(ImageStatus.Image)) && input.Has(nameof(ImageStatus.State)) && input.Has(nameof(ImageStatus.Summary)));

    /// <summary>Reads what a picture shows of a row.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static ImageStatus Read(PSObject input) => input.BaseObject as ImageStatus ?? new ImageStatus
    {
        Container = input.String(nameof(ImageStatus.Container)) ?? "",
        Image = input.String(nameof(ImageStatus.Image)) ?? "",
        State = input.Member<SyncState>(nameof(ImageStatus.State)) ?? SyncState.Unknown,
        Official = input.String(nameof(ImageStatus.Official)),
        Personal = input.String(nameof(ImageStatus.Personal)),
        BaseName = input.String(nameof(ImageStatus.BaseName)),
        Uses = input.Strings(nameof(ImageStatus.Uses)),
        Summary = input.String(nameof(ImageStatus.Summary)) ?? "",
    };
}
