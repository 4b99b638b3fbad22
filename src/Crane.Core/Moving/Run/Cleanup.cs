namespace Crane.Moving.Run;

/// <summary>Work that is undone where it fails or is stopped.</summary>
internal static class Cleanup
{
    /// <summary>
    /// Runs work, and where it does not succeed, undoes it. Why it did not is what is thrown; what goes wrong while it is undone
    /// is a note beside that.
    /// </summary>
    /// <param name="work">What to do.</param>
    /// <param name="undo">Undoes it. It is not given a token: the one of the work may have been canceled.</param>
    /// <param name="note">Takes what went wrong in undoing.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, Func<Task> undo, Action<CraneException> note)
    {
        try
        {
            return await work();
        }
        catch
        {
            try
            {
                await undo();
            }
            catch (CraneException second)
            {
                note(second);
            }

            throw;
        }
    }
}
