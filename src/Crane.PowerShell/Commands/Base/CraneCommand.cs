using System.Reflection;
using Crane.Errors;

namespace Crane.Commands.Base;

/// <summary>
/// What every cmdlet has: a token that ends its work when the pipeline stops, for whichever reason it stops; one net for
/// what fails in it; and one way to PowerShell's streams. <c>Select-Object -First</c> downstream calls nothing but Dispose,
/// so that cancels, too.
/// </summary>
#pragma warning disable CA1063, CA1816 // What derives from this is here, and has nothing to dispose of.
public abstract class CraneCommand : PSCmdlet, IDisposable
{
    private protected CraneCommand() { }

#pragma warning disable CA2213 // PowerShell may still call StopProcessing after Dispose, and a source without a timer holds nothing.
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213

    private Exception? _passing;

    internal CancellationToken StopToken => _stop.Token;

    /// <summary>Whether a non-terminating error is going to end this cmdlet, by -ErrorAction or by preference.</summary>
    internal bool StopsAtErrors { get; private set; }

    /// <summary>Whether verbose lines go anywhere.</summary>
    internal bool ShowsVerbose { get; private set; }

    /// <summary>Whether debug lines go anywhere.</summary>
    internal bool ShowsDebug { get; private set; }

    // PowerShell makes -Debug ask after each verbose line and each warning of a compiled cmdlet, where -Verbose and
    // -WarningAction do not say otherwise. A trace must not ask, and where nobody can answer that would end the run.
    private bool IsDebugAlone =>
        MyInvocation.BoundParameters.GetValueOrDefault("Debug") is SwitchParameter { IsPresent: true }
        && !MyInvocation.BoundParameters.ContainsKey("Verbose");

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        StopsAtErrors = Preference("ErrorAction", "ErrorActionPreference") == ActionPreference.Stop;
        ShowsVerbose = IsDebugAlone || IsShown(Preference("Verbose", "VerbosePreference"));
        ShowsDebug = IsShown(Preference("Debug", "DebugPreference"));
        if (IsDebugAlone && !MyInvocation.BoundParameters.ContainsKey("WarningAction"))
        {
            // What a bound -WarningAction sets. Nothing public does.
            CommandRuntime.GetType().GetProperty("WarningPreference", BindingFlags.Instance | BindingFlags.NonPublic)
                ?.SetValue(CommandRuntime, Preference("WarningAction", "WarningPreference"));
        }
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Try(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => OrEnd(Finish);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends the work that still runs.</summary>
    public void Dispose() => _stop.Cancel();
#pragma warning restore CA1063, CA1816

    /// <summary>Takes what came down the pipeline, or the parameters. What fails is a non-terminating error, and the next is taken.</summary>
    private protected virtual void Process() { }

    /// <summary>Does what is done for all input together. What fails is a terminating error.</summary>
    private protected virtual void Finish() { }

    /// <summary>Does something for one of many. Where it fails, that is a non-terminating error about the target: the rest goes on.</summary>
    internal void Try(Action work, object? target = null)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            var error = CraneException.From(failure);
            WriteErrors([target is null ? error : error.About(target)]);
        }
    }

    /// <inheritdoc cref="Try"/>
    /// <returns>What it came to; null where it failed.</returns>
    internal T? TryCheck<T>(Func<T> work, object? target = null)
        where T : class
    {
        T? result = null;
        Try(() => result = work(), target);
        return result;
    }

    /// <summary>Does something for all of them. Where it fails, that is a terminating error.</summary>
    internal void OrEnd(Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            ThrowTerminatingError(ErrorRecords.From(CraneException.From(failure)));
        }
    }

    /// <summary>Writes each as a non-terminating error: the rest goes on.</summary>
    internal void WriteErrors(IEnumerable<CraneException> errors)
    {
        foreach (var error in errors)
            Write(() => WriteError(ErrorRecords.From(error)));
    }

    internal new void WriteObject(object? value) => Write(() => base.WriteObject(value));

    internal void WriteObjects<T>(IEnumerable<T> values)
    {
        // What fails while they are made is no business of who takes them.
        var all = values.ToList();
        Write(() => base.WriteObject(all, enumerateCollection: true));
    }

    internal new void WriteWarning(string text) => Write(() => base.WriteWarning(VisibleText.Message(text)));

    internal new void WriteVerbose(string text)
    {
        if (IsDebugAlone)
            WriteDebug(text);
        else
            Write(() => base.WriteVerbose(VisibleText.Message(text)));
    }

    internal new void WriteDebug(string text) => Write(() => base.WriteDebug(VisibleText.Message(text)));

    internal new void WriteProgress(ProgressRecord record)
    {
        record.Activity = VisibleText.Message(record.Activity);
        record.StatusDescription = VisibleText.Message(record.StatusDescription);
        Write(() => base.WriteProgress(record));
    }

    internal new bool ShouldProcess(string target, string action)
    {
        var approved = false;
        Write(() => approved = base.ShouldProcess(VisibleText.Message(target), VisibleText.Message(action)));
        return approved;
    }

    private static bool IsShown(ActionPreference preference) =>
        preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private ActionPreference Preference(string parameter, string variable) => MyInvocation.BoundParameters.GetValueOrDefault(parameter) switch
    {
        SwitchParameter isOn => isOn ? ActionPreference.Continue : ActionPreference.SilentlyContinue,
        var bound => LanguagePrimitives.TryConvertTo<ActionPreference>(bound ?? GetVariableValue(variable), out var preference)
            ? preference
            : ActionPreference.Continue,
    };

    // What comes out of a write is the pipeline's own business: it stops, or somebody downstream throws or breaks.
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception passing) when (Passes(passing))
        {
            throw;
        }
    }

    private bool Passes(Exception passing)
    {
        _passing = passing;
        return false;
    }

    private bool IsFailure(Exception exception) =>
        exception is not PipelineStoppedException && exception != _passing && CraneException.IsFailure(exception, StopToken);
}
