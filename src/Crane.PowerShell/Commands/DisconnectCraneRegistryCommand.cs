using Crane.Commands.Base;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Forgets the credential that is kept for a registry.</summary>
/// <remarks>
/// <para>The credential is taken out of where docker keeps it: the credential helper that docker's configuration names, and the
/// configuration itself, whoever has put it there. All else in that file stays as it is. The registry is not asked, so a token
/// that it gave stays good until it ends there.</para>
/// <para>A registry for which nothing is kept is a warning, and so is a credential in the variable DOCKER_AUTH_CONFIG, which
/// stays.</para>
/// </remarks>
/// <input cref="string">Registries.</input>
/// <input cref="RegistryLogin">Logins, as Connect-CraneRegistry emits them.</input>
/// <input cref="PSObject">Objects with a property Registry.</input>
/// <example>
/// Log out of a registry
/// <code>
/// Disconnect-CraneRegistry registry.company.co
/// </code>
/// <para>Emits what was kept and where, without the secret.</para>
/// </example>
/// <example>
/// Be logged in for a push only
/// <code>
/// $login = Connect-CraneRegistry registry.company.co -Credential bob
/// try { Invoke-CranePush }
/// finally { $login | Disconnect-CraneRegistry }
/// </code>
/// <para>Where nothing needs to be kept at all, -Credential of Invoke-CranePush is shorter.</para>
/// </example>
/// <seealso cref="ConnectCraneRegistryCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommunications.Disconnect, "CraneRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class DisconnectCraneRegistryCommand : CraneCommand
{
    /// <inheritdoc cref="ConnectCraneRegistryCommand.Registry"/>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = [];

    private protected override void Process()
    {
        foreach (var registry in Registry)
            if (ShouldProcess(registry, "Log out"))
                LoginSession.Run(this, registry, (logins, _, cancellation) => logins.LogOutAsync(registry, cancellation));
    }
}
