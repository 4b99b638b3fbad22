namespace Crane.Graphs.Layout;

/// <summary>The boxes of a block in rows, and the size that they need.</summary>
internal sealed class BlockShape
{
    private const int NameLimit = 44, DetailLimit = 52;

    // The widest letter of the usual fonts of fixed width, for its size.
    private const double LetterWidth = 0.62;

    private const double Padding = 12, Inset = 8, Gap = 8;

    private readonly IReadOnlyList<(string Name, string Detail)> _texts;
    private readonly int _across;
    private readonly double _boxWidth, _boxHeight;

    private BlockShape(IReadOnlyList<(string Name, string Detail)> texts, int across)
    {
        (_texts, _across) = (texts, Math.Min(across, texts.Count));
        _boxWidth = texts.Max(text => (2 * Padding) + (LetterWidth * Math.Max(
            GraphText.Cells(text.Name) * GraphPicture.NameSize, GraphText.Cells(text.Detail) * GraphPicture.DetailSize)));
        _boxHeight = texts.Any(text => text.Detail.Length > 0) ? 44 : 30;
        var rows = (texts.Count + _across - 1) / _across;
        Width = IsPanel ? (_across * (_boxWidth + Gap)) - Gap + (2 * Inset) : _boxWidth;
        Height = IsPanel ? (rows * (_boxHeight + Gap)) - Gap + (2 * Inset) : _boxHeight;
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>Whether it has several boxes.</summary>
    public bool IsPanel => _texts.Count > 1;

    /// <param name="across">The most boxes in a row.</param>
    public static BlockShape Of(IReadOnlyList<GraphNode> nodes, int across) => new(
        [.. nodes.Select(node => (GraphText.Line(node.Name, NameLimit), GraphText.Line(node.Detail, DetailLimit)))], across);

    /// <summary>The boxes, in the order of the nodes. A single one may be wider than it needs to be.</summary>
    public IEnumerable<PictureBox> At(double left, double top, double width) => _texts.Select((text, index) => IsPanel
        ? new PictureBox(
            left + Inset + (index % _across * (_boxWidth + Gap)), top + Inset + (index / _across * (_boxHeight + Gap)),
            _boxWidth, _boxHeight, text.Name, text.Detail)
        : new PictureBox(left, top, width, _boxHeight, text.Name, text.Detail));
}
