namespace Crane.Graphs;

/// <summary>How the state of an image looks, on a light and on a dark background.</summary>
/// <param name="Name">What it is called in a style sheet and in a legend.</param>
/// <param name="Light">The colors on a light background.</param>
/// <param name="Dark">The colors on a dark background.</param>
internal sealed record StateLook(string Name, StateColors Light, StateColors Dark)
{
    /// <summary>The looks of all states, each once, from the best state to the worst.</summary>
    public static IReadOnlyList<StateLook> All { get; } =
    [
        new("current", new("#dafbe1", "#1a7f37", "#0b3d1a"), new("#12361f", "#3fb950", "#d2f5da")),
        new("ahead", new("#ddf4ff", "#0969da", "#0a3069"), new("#122d4d", "#58a6ff", "#d6eaff")),
        new("behind", new("#fff1c2", "#9a6700", "#4d3300"), new("#3d2e0a", "#d29922", "#fbe7b2")),
        new("missing", new("#eaeef2", "#6e7781", "#32383f"), new("#262c34", "#8b949e", "#dfe4ea")),
        new("diverged", new("#ffebe9", "#cf222e", "#6b0f16"), new("#4a1518", "#f85149", "#ffdcd7")),
        new("unknown", new("#fbefff", "#8250df", "#3e1f79"), new("#2f1f52", "#a371f7", "#ecdfff")),
    ];

    /// <summary>The look of a state; null if there is nothing to tell.</summary>
    public static StateLook? Of(SyncState? state) => state switch
    {
        SyncState.UpToDate => All[0],
        SyncState.Ahead or SyncState.Unpublished => All[1],
        SyncState.Behind => All[2],
        SyncState.Missing => All[3],
        SyncState.Diverged or SyncState.Unrelated => All[4],
        SyncState.Unknown => All[5],
        _ => null,
    };
}

/// <summary>The colors of a box.</summary>
internal sealed record StateColors(string Fill, string Stroke, string Text);
