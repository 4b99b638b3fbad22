using Crane.Adapters.Machine;

namespace Crane.Adapters.Tests;

/// <summary>An environment with nothing in it but what a test puts there.</summary>
internal static class TestEnvironment
{
    public static DockerEnvironment Of(TemporaryFolder home, params (string Name, string Value)[] variables)
    {
        var values = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        return new DockerEnvironment(values.GetValueOrDefault, home.Path)
        {
            IsWindows = false,
            DockerSocket = Path.Combine(home.Path, "var", "docker.sock"),
            CertificateFolders = [Path.Combine(home.Path, "etc", "certs.d")],
            PodmanSocket = Path.Combine(home.Path, "var", "podman.sock"),
        };
    }
}
