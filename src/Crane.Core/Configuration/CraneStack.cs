namespace Crane.Configuration;

/// <summary>The merged crane files, not yet expanded.</summary>
internal sealed class CraneStack
{
}
