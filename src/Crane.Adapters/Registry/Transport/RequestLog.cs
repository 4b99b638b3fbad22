namespace Crane.Adapters.Registry.Transport;

/// <summary>Counts requests and tells of them.</summary>
/// <param name="trace">Takes a line for each; null for nobody.</param>
/// <param name="step">Takes a sentence for what somebody has to wait for; null for nobody.</param>
internal sealed class RequestLog(Action<string>? trace, Action<string>? step)
{
    private int _requests;

    /// <summary>Requests sent so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>One more is sent.</summary>
    public void Count() => Interlocked.Increment(ref _requests);

    /// <summary>Tells what happened.</summary>
    public void Trace(string line) => trace?.Invoke(line);

    /// <summary>Tells what is waited for.</summary>
    public void Step(string sentence) => step?.Invoke(sentence);
}
