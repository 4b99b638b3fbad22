namespace Crane.CraneFile.Variables;

/// <summary>Where <c>${NAME}</c> takes its value from.</summary>
internal interface IVariables
{
    /// <summary>The value of a variable; null where it is not set.</summary>
    string? Get(string name);
}
