using System.Text;

namespace Crane.Adapters.Building;

/// <summary>What one step of an expression does.</summary>
internal enum StepKind
{
    /// <summary>Takes a character of the set.</summary>
    Take,

    /// <summary>Goes on both at the next step and <see cref="Step.Jump"/> steps further.</summary>
    Fork,

    /// <summary>Goes on <see cref="Step.Jump"/> steps further.</summary>
    Jump,

    /// <summary>Goes on at the start of the text only.</summary>
    TextStart,

    /// <summary>Goes on at the end of the text only.</summary>
    TextEnd,

    /// <summary>Goes on between a letter, digit or underscore and anything else.</summary>
    WordBoundary,

    /// <summary>Goes on where there is no such boundary.</summary>
    NoWordBoundary,

    /// <summary>The text matches.</summary>
    Match,
}

/// <summary>A step of an expression. Jumps are relative, so that repeating a part is copying its steps.</summary>
internal readonly record struct Step(StepKind Kind, RuneSet? Set = null, int Jump = 0);

/// <summary>
/// A compiled expression. All ways through it are followed at once, so that the time is bounded by its length times the
/// length of the text, whatever the two are.
/// </summary>
/// <param name="steps">The branches, one behind the other, each ending with <see cref="StepKind.Match"/>.</param>
/// <param name="branches">Where each branch starts.</param>
internal sealed class Expression(Step[] steps, int[] branches)
{
    private const int None = -1;

    private readonly bool _isAnchored = branches.All(branch => steps[branch].Kind == StepKind.TextStart);

    /// <summary>Whether some part of the text matches. Where it must be all of it, the expression says so itself.</summary>
    public bool Matches(string text) => Run(text, isWhole: true);

    /// <summary>Whether some longer text that starts with this one may match.</summary>
    public bool CouldMatchBeyond(string text) => Run(text, isWhole: false);

    private bool Run(string text, bool isWhole)
    {
        var (entered, waiting) = (new Stack<int>(), new List<int>());
        var seen = new int[steps.Length];
        for (int at = 0, round = 1, before = None; ; round++)
        {
            if (at == text.Length && !isWhole)
                return entered.Count > 0 || !_isAnchored;
            var (next, length) = Next(text, at);
            if (at == 0 || !_isAnchored)
                foreach (var branch in branches)
                    entered.Push(branch);
            waiting.Clear();
            while (entered.TryPop(out var step))
            {
                if (seen[step] == round)
                    continue;
                seen[step] = round;
                if (steps[step].Kind == StepKind.Match)
                    return true;
                Enter(step, before, next, entered, waiting);
            }

            foreach (var step in waiting)
                if (next != None && steps[step].Set!.Contains(next))
                    entered.Push(step + 1);
            if (next == None || (entered.Count == 0 && _isAnchored))
                return false;
            (before, at) = (next, at + length);
        }
    }

    private void Enter(int index, int before, int next, Stack<int> entered, List<int> waiting)
    {
        var step = steps[index];
        var goesOn = step.Kind switch
        {
            StepKind.Fork => true,
            StepKind.TextStart => before == None,
            StepKind.TextEnd => next == None,
            StepKind.WordBoundary => IsWord(before) != IsWord(next),
            StepKind.NoWordBoundary => IsWord(before) == IsWord(next),
            _ => false,
        };
        if (goesOn)
            entered.Push(index + 1);
        if (step.Kind is StepKind.Fork or StepKind.Jump)
            entered.Push(index + step.Jump);
        if (step.Kind == StepKind.Take)
            waiting.Add(index);
    }

    private static (int Rune, int Length) Next(string text, int at)
    {
        if (at == text.Length)
            return (None, 0);
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        return (rune.Value, length);
    }

    private static bool IsWord(int rune) => rune is '_' || (rune is > 0 and < 128 && char.IsAsciiLetterOrDigit((char)rune));
}
