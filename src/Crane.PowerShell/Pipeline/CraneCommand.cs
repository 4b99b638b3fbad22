using System.Management.Automation;

namespace Crane.Commands;

/// <summary>
/// What every cmdlet has: a token that ends its work when the pipeline stops, for whichever reason it stops, and one
/// way to write an error. <c>Select-Object -First</c> downstream calls nothing but Dispose, so that cancels, too.
/// </summary>
public abstract class CraneCommand : PSCmdlet, IDisposable
{
#pragma warning disable CA2213 // PowerShell may still call StopProcessing after Dispose, and a source without a timer holds nothing.
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213

    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

    /// <summary>Canceled when the pipeline stops.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <summary>Whether a non-terminating error is going to end this cmdlet, by -ErrorAction or by preference.</summary>
    internal bool StopsAtErrors =>
        (MyInvocation.BoundParameters.GetValueOrDefault("ErrorAction") ?? GetVariableValue("ErrorActionPreference")) is { } action
        && LanguagePrimitives.TryConvertTo<ActionPreference>(action, out var preference)
        && preference == ActionPreference.Stop;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends the work that still runs.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the work that still runs.</summary>
    /// <param name="disposing">Whether this is called by Dispose.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Cancel();
    }

    /// <summary>Writes a warning, unless this cmdlet has written the same before.</summary>
    internal void WarnOnce(string text)
    {
        if (_warnings.Add(text))
            WriteWarning(text);
    }

    /// <summary>Writes each as a non-terminating error: the rest goes on.</summary>
    private protected void WriteErrors(IEnumerable<CraneException> errors)
    {
        foreach (var error in errors)
            WriteError(ErrorRecords.From(error));
    }
}
