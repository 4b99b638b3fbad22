using System.Net;
using System.Security;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Checks a credential against a registry and stores it where docker stores it.</summary>
/// <remarks>
/// <para>The credential is sent to the registry, or to the token service that the registry names, and is stored only if it is
/// accepted. All cmdlets then use it, and so do docker and other programs that read docker's configuration. The cmdlets also use
/// credentials stored by docker login. No engine is needed.</para>
/// <para>The credential is stored by the credential helper that docker's configuration names for the registry (credHelpers) or
/// for all registries (credsStore). Without a helper it is stored unencrypted in the configuration file, with a warning. The rest
/// of the file, its owner, group and permissions do not change; a new file is readable by its owner only. If the token service
/// returns a token that replaces the password, the token is stored instead.</para>
/// <para>Connections use TLS, except to registries on this machine. Trusted are the system's certificate authorities and those
/// in docker's and podman's certs.d folders.</para>
/// </remarks>
/// <input cref="string">Registries; the same credential is used for all of them.</input>
/// <input cref="PSObject">
/// Objects with a property Registry, ProxyEndpoint or LoginServer, and with UserName and Password unless -Credential is given: the output
/// of Get-ECRLoginCommand, for example.
/// </input>
/// <example>
/// Log in to a registry
/// <code>
/// Connect-CraneRegistry registry.company.co -Credential bob
/// </code>
/// <para>Prompts for the password of bob.</para>
/// </example>
/// <example>
/// Log in without a prompt
/// <code>
/// $token = ConvertTo-SecureString $env:REGISTRY_TOKEN -AsPlainText -Force
/// Connect-CraneRegistry ghcr.io ([pscredential]::new('bob', $token)) -ErrorAction Stop
/// </code>
/// <para>On a build server the token is in a variable. The script ends here if the registry rejects it.</para>
/// </example>
/// <example>
/// Log in to a registry with a private certificate authority
/// <code>
/// Connect-CraneRegistry registry.company.co:5000 -Credential bob -CertificateAuthority ./corporate.crt
/// </code>
/// <para>To pull and push, also name the file in the crane file, or put it in docker's certs.d folder.</para>
/// </example>
/// <seealso cref="GetCraneRegistryLoginCommand"/>
/// <seealso cref="DisconnectCraneRegistryCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommunications.Connect, "CraneRegistry", SupportsShouldProcess = true, DefaultParameterSetName = CredentialSet)]
[OutputType(typeof(RegistryLogin))]
public sealed class ConnectCraneRegistryCommand : CraneCommand
{
    private const string CredentialSet = "Credential";
    private const string PasswordSet = "Password";

    /// <summary>The registry, as HOST or HOST:PORT; https:// before it does no harm. Docker Hub is docker.io.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProxyEndpoint", "LoginServer"), ArgumentCompleter(typeof(RegistryCompleter)), ValidateNotNullOrEmpty]
    public string Registry { get; set; } = "";

    /// <summary>The user and password, or access token, to store. For a user name alone, PowerShell prompts for the password.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = CredentialSet), Credential, ValidateNotNull]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>The user, with <see cref="Password"/> in place of <see cref="Credential"/>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PasswordSet, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string UserName { get; set; } = "";

    /// <summary>
    /// The password or access token, as a SecureString. A property of a piped object may be a string, as programs that issue tokens
    /// emit it.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = PasswordSet, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public object? Password { get; set; }

    /// <summary>A PEM file with CA certificates to trust in addition to the system's.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <summary>Allows plain http and unverified TLS certificates. Others on the network could read the credential.</summary>
    [Parameter]
    public SwitchParameter Insecure { get; set; }

    private protected override void Process() => Try(LogIn, Registry);

    private void LogIn()
    {
        var (credential, parameter) = ParameterSetName == PasswordSet ? (Given(), "-UserName") : (Credential, "-Credential");
        var request = new LoginRequest(Registry, RegistryCredentials.Of(credential, parameter))
        {
            IsInsecure = Insecure,
            CertificateAuthority = CertificateAuthority is { } path
                ? FileSystemPath.Of(SessionState.Path, path, "-CertificateAuthority")
                : null,
        };
        LoginSession.Run(
            this, Registry, $"Log in as {credential.UserName}",
            (logins, trace, cancellation) => logins.LogInAsync(request with { Trace = trace }, cancellation));
    }

    // A password in a command line stays in the history of the session.
    private PSCredential Given() => PSObject.AsPSObject(Password).BaseObject switch
    {
        SecureString secret => new PSCredential(UserName, secret),
        string text when MyInvocation.ExpectingInput => new PSCredential(UserName, new NetworkCredential("", text).SecurePassword),
        _ => throw new CraneException(
            CraneErrorId.InvalidValue, "-Password must be a SecureString; only a property of a piped object may be a string.",
            "Use -Credential, or ConvertTo-SecureString.").About(Registry),
    };
}
