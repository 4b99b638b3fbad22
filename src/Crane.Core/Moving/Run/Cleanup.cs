namespace Crane.Moving.Run;

internal static class Cleanup
{
    /// <summary>
    /// Runs work, and undoes it if it fails or is canceled. Throws the error of the work, and passes on that of the undo.
    /// </summary>
    /// <param name="undo">Undoes it, without the token of the work, which may be canceled.</param>
    /// <param name="note">Receives an error of the undo.</param>
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
