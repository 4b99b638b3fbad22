namespace Crane.Adapters.Files;

/// <summary>A file that Crane does not take, for a reason that the system has no error for.</summary>
/// <param name="why">Why, as the end of a sentence about the file.</param>
/// <param name="advice">What to do about it.</param>
/// <param name="inner">What the system said, where it said something.</param>
internal sealed class FileRefusedException(string why, string advice, Exception? inner = null) : IOException(why, inner)
{
    /// <summary>What to do about it.</summary>
    public string Advice { get; } = advice;
}
