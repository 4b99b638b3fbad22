using Crane.Commands.Base;
using Crane.Input;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Checks a credential against a registry, and keeps it where docker keeps it.</summary>
/// <remarks>
/// <para>The credential is shown to the registry, or to the token service that the registry names, and kept only where it is
/// not refused. From then on all cmdlets use it, and so do docker and other programs that read docker's configuration; what
/// docker login has kept is used by the cmdlets likewise. No engine is needed.</para>
/// <para>It is kept by the credential helper that docker's configuration names, be it the registry's own (credHelpers) or the
/// one for all (credsStore), else in the configuration itself, without encryption, which is a warning. All else in that file
/// stays as it is, and so do the file's owner, group and permissions; a new file is for its owner alone. Where the token service gives a token that stands for the password, that is kept in place of it.</para>
/// <para>Connections to a registry use TLS, except on this machine itself. Its certificate is checked against the authorities of
/// the system and those in docker's and podman's folders certs.d.</para>
/// </remarks>
/// <input cref="string">Registries, all of which are shown the same credential.</input>
/// <input cref="PSObject">Objects with a property Registry.</input>
/// <example>
/// Log in to a registry
/// <code>
/// Connect-CraneRegistry registry.company.co -Credential bob
/// </code>
/// <para>Asks for the password of bob.</para>
/// </example>
/// <example>
/// Log in without being asked
/// <code>
/// $token = ConvertTo-SecureString $env:REGISTRY_TOKEN -AsPlainText -Force
/// Connect-CraneRegistry ghcr.io ([pscredential]::new('bob', $token)) -ErrorAction Stop
/// </code>
/// <para>A build server has the token in a variable. A script ends here where the registry refuses it.</para>
/// </example>
/// <example>
/// Log in to a registry with a private authority
/// <code>
/// Connect-CraneRegistry registry.company.co:5000 -Credential bob -CertificateAuthority ./corporate.crt
/// </code>
/// <para>For pulling and pushing, name the file in the crane file, too, or put it into docker's folder certs.d.</para>
/// </example>
/// <seealso cref="DisconnectCraneRegistryCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommunications.Connect, "CraneRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class ConnectCraneRegistryCommand : CraneCommand
{
    /// <summary>The registry: a host, with its port where it has one. Docker Hub is docker.io.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Registry { get; set; } = "";

    /// <summary>The user and password, or access token, to check and keep. For a name alone, the password is asked for.</summary>
    [Parameter(Position = 1, Mandatory = true), Credential, ValidateNotNull]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>A file of CA certificates to trust beside the system's, in PEM.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <summary>Allows plain http, and TLS with a certificate that nobody has checked. The credential may be overheard.</summary>
    [Parameter]
    public SwitchParameter Insecure { get; set; }

    private protected override void Process()
    {
        if (!ShouldProcess(Registry, $"Log in as {Credential.UserName}"))
            return;
        LoginSession.Run(this, Registry, (logins, trace, cancellation) => logins.LogInAsync(
            new LoginRequest(Registry, RegistryCredentials.Of(Credential, "-Credential"))
            {
                IsInsecure = Insecure,
                CertificateAuthority = CertificateAuthority is { } path
                    ? FileSystemPath.Of(SessionState.Path, path, "-CertificateAuthority")
                    : null,
                Trace = trace,
            },
            cancellation));
    }
}
