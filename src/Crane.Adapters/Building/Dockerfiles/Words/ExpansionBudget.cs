namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>
/// Bounds what the variables of one Dockerfile may cost: forty lines of <c>ARG B=$A$A</c> would otherwise come to a
/// terabyte.
/// </summary>
internal sealed class ExpansionBudget
{
    private const int Limit = 8 * 1024 * 1024;

    private int _left = Limit;

    /// <summary>Takes characters that are written or compared from what is left.</summary>
    /// <exception cref="DockerfileFault">Nothing is left.</exception>
    public void Spend(int characters)
    {
        if (characters > _left)
        {
            throw new DockerfileFault(
                "the variables of the Dockerfile expand to more than any image name needs",
                "Look for arguments that double one another.");
        }

        _left -= characters;
    }
}
