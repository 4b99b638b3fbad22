namespace Crane.Testing;

/// <summary>Somebody whom a registry or a token service knows.</summary>
/// <param name="Name">The name to sign in with.</param>
/// <param name="Password">The password to sign in with.</param>
public sealed record TestUser(string Name, string Password)
{
    /// <summary>Whether the user may do something in a repository; by default everything. Token services ask it.</summary>
    public Func<string, string, bool> MayDo { get; init; } = (_, _) => true;
}
