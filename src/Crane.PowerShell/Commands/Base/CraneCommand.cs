using System.Reflection;
using Crane.Errors;

namespace Crane.Commands.Base;

/// <summary>
/// The base of all cmdlets: cancels the work when the pipeline stops, turns failures into error records, and writes to
/// PowerShell's streams. Dispose cancels, too, because <c>Select-Object -First</c> calls nothing else.
/// </summary>
#pragma warning disable CA1063, CA1816 // Only classes of this assembly derive from it, and they have nothing to dispose of.
public abstract class CraneCommand : PSCmdlet, IDisposable
{
    // Far from those that PowerShell counts.
    private static long _lastProgressSource = 1L << 40;

    private protected CraneCommand() { }

#pragma warning disable CA2213 // StopProcessing may be called after Dispose; a source without a timer holds no resources.
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213

    // Hosts tell the records of several commands apart by it.
    private readonly long _progressSource = Interlocked.Increment(ref _lastProgressSource);

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    private Exception? _downstreamException;

    internal CancellationToken StopToken => _stop.Token;

    /// <summary>Whether the first non-terminating error ends this cmdlet, by -ErrorAction or by preference.</summary>
    internal bool StopsAtErrors { get; private set; }

    /// <summary>Whether it has written an error.</summary>
    internal bool HasErrors { get; private set; }

    /// <summary>The containers that it has written an error about.</summary>
    internal IReadOnlySet<string> Refused => _refused;

    internal bool ShowsVerbose { get; private set; }
    internal bool ShowsDebug { get; private set; }
    internal bool ShowsProgress { get; private set; }

    /// <summary>Whether nothing is to be changed, by -WhatIf or by preference.</summary>
    internal bool IsWhatIf => MyInvocation.BoundParameters.GetValueOrDefault("WhatIf") is SwitchParameter isOn
        ? isOn : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    // With -Debug, PowerShell prompts after each verbose line and warning of a compiled cmdlet, unless -Verbose and
    // -WarningAction are given. A trace must not prompt: in a session without a user that would end the run.
    private bool IsDebugAlone =>
        MyInvocation.BoundParameters.GetValueOrDefault("Debug") is SwitchParameter { IsPresent: true }
        && !MyInvocation.BoundParameters.ContainsKey("Verbose");

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        StopsAtErrors = Preference("ErrorAction", "ErrorActionPreference") == ActionPreference.Stop;
        ShowsVerbose = IsDebugAlone || IsShown(Preference("Verbose", "VerbosePreference"));
        ShowsDebug = IsShown(Preference("Debug", "DebugPreference"));
        ShowsProgress = IsShown(Preference("ProgressAction", "ProgressPreference"));
        if (IsDebugAlone && !MyInvocation.BoundParameters.ContainsKey("WarningAction"))
        {
            // A bound -WarningAction sets this property; there is no public way.
            CommandRuntime.GetType().GetProperty("WarningPreference", BindingFlags.Instance | BindingFlags.NonPublic)
                ?.SetValue(CommandRuntime, Preference("WarningAction", "WarningPreference"));
        }
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Try(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => TryOrTerminate(Finish);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Cancels the work.</summary>
    public void Dispose() => _stop.Cancel();
#pragma warning restore CA1063, CA1816

    /// <summary>Processes one pipeline input, or the parameters. A failure is a non-terminating error.</summary>
    private protected virtual void Process() { }

    /// <summary>Does the work for all input together. A failure is a terminating error.</summary>
    private protected virtual void Finish() { }

    /// <summary>Runs the work for one of many targets. A failure is a non-terminating error about the target.</summary>
    internal void Try(Action work, object? target = null)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            var error = CraneException.From(exception);
            WriteErrors([target is null ? error : error.About(target)]);
        }
    }

    /// <inheritdoc cref="Try"/>
    /// <returns>The result; null after a failure.</returns>
    internal T? TryGet<T>(Func<T> work, object? target = null)
        where T : class
    {
        T? result = null;
        Try(() => result = work(), target);
        return result;
    }

    /// <summary>Runs work that concerns all targets. A failure is a terminating error.</summary>
    internal void TryOrTerminate(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            ThrowTerminatingError(ErrorRecords.From(CraneException.From(exception)));
        }
    }

    /// <summary>Writes non-terminating errors.</summary>
    internal void WriteErrors(IEnumerable<CraneException> errors)
    {
        foreach (var error in errors)
        {
            HasErrors = true;
            if ((error.ContainerName ?? (error.Subject as RetagPlan)?.Container) is { Length: > 0 } container)
                _refused.Add(container);
            Write(() => WriteError(ErrorRecords.From(error)));
        }
    }

    internal new void WriteObject(object? value) => Write(() => base.WriteObject(value));

    internal void WriteObjects<T>(IEnumerable<T> values)
    {
        var all = values.ToList();   // before the write, so that a failure to enumerate is not taken for one of downstream
        Write(() => base.WriteObject(all, enumerateCollection: true));
    }

    internal new void WriteWarning(string message) => Write(() => base.WriteWarning(VisibleText.Message(message)));

    internal new void WriteVerbose(string message)
    {
        if (IsDebugAlone)
            WriteDebug(message);
        else
            Write(() => base.WriteVerbose(VisibleText.Message(message)));
    }

    internal new void WriteDebug(string message) => Write(() => base.WriteDebug(VisibleText.Message(message)));

    /// <summary>Writes progress; in a stopped pipeline, too, where it has to be removed.</summary>
    internal new void WriteProgress(ProgressRecord record)
    {
        record.Activity = VisibleText.Message(record.Activity);
        record.StatusDescription = VisibleText.Message(record.StatusDescription);
        // A stopped pipeline takes no more records; the host still does.
        Write(() =>
        {
            if (Stopping)
                Host.UI.WriteProgress(_progressSource, record);
            else
                CommandRuntime.WriteProgress(_progressSource, record);
        });
    }

    internal new bool ShouldProcess(string target, string action)
    {
        var approved = false;
        Write(() => approved = base.ShouldProcess(VisibleText.Message(target), VisibleText.Message(action)));
        return approved;
    }

    private static bool IsShown(ActionPreference preference) =>
        preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private ActionPreference Preference(string parameter, string variable) =>
        MyInvocation.BoundParameters.GetValueOrDefault(parameter) switch
        {
            SwitchParameter isOn => isOn ? ActionPreference.Continue : ActionPreference.SilentlyContinue,
            var bound => LanguagePrimitives.TryConvertTo<ActionPreference>(bound ?? GetVariableValue(variable), out var preference)
                ? preference
                : ActionPreference.Continue,
        };

    // An exception out of a write is not ours: the pipeline stops, or a downstream command throws.
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception)
        {
            _downstreamException = exception;
            throw;
        }
    }

    private bool IsFailure(Exception exception) =>
        exception is not PipelineStoppedException && exception != _downstreamException && CraneException.IsFailure(exception, StopToken);
}
