using Crane.Commands.Base;
using Crane.Completion;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Removes the stored credential for a registry.</summary>
/// <remarks>
/// <para>The credential is removed from the credential helper that docker's configuration names and from the configuration file,
/// no matter who stored it. The rest of the file does not change. The registry is not contacted, so a token that it issued stays
/// valid until it expires.</para>
/// <para>A missing credential is a warning, and so is one in the variable DOCKER_AUTH_CONFIG, which is not changed.</para>
/// </remarks>
/// <input cref="string">Registries.</input>
/// <input cref="RegistryLogin">Logins, as Get-CraneRegistryLogin and Connect-CraneRegistry emit them.</input>
/// <input cref="PSObject">Objects with a property Registry.</input>
/// <example>
/// Log out of a registry
/// <code>
/// Disconnect-CraneRegistry registry.company.co
/// </code>
/// <para>Emits what was stored and where, without the secret.</para>
/// </example>
/// <example>
/// Log in for one push only
/// <code>
/// $login = Connect-CraneRegistry registry.company.co -Credential bob
/// try { Invoke-CranePush }
/// finally { $login | Disconnect-CraneRegistry }
/// </code>
/// <para>To use a credential without storing it, use -Credential of Invoke-CranePush.</para>
/// </example>
/// <seealso cref="GetCraneRegistryLoginCommand"/>
/// <seealso cref="ConnectCraneRegistryCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommunications.Disconnect, "CraneRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class DisconnectCraneRegistryCommand : CraneCommand
{
    /// <inheritdoc cref="ConnectCraneRegistryCommand.Registry"/>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter)), ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = [];

    private protected override void Process()
    {
        foreach (var registry in Registry)
            LoginSession.Run(this, registry, "Log out", (logins, _, cancellation) => logins.LogOutAsync(registry, cancellation));
    }
}
