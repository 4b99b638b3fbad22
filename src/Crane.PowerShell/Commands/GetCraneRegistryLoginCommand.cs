using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Names;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Lists the stored credentials for registries, without their secrets.</summary>
/// <remarks>
/// <para>Listed are the credentials in docker's configuration and in the credential helpers that it names, no matter who stored
/// them: Connect-CraneRegistry, docker login or another program. For each registry, there is one: where a registry has a credential in a
/// helper and another one in the file, it is the helper's, which is the one that is used. No registry is contacted, so whether a credential
/// is still valid is not known.</para>
/// <para>A helper is asked for its list. A helper for a single registry (credHelpers) that does not list it is asked for that
/// registry, and may have to contact its cloud. A helper that fails is an error; the others are listed.</para>
/// <para>A credential in the variable DOCKER_AUTH_CONFIG is not stored, so it is not listed. It is a warning where it takes
/// precedence over a listed one.</para>
/// </remarks>
/// <input cref="string">Registries.</input>
/// <input cref="PSObject">Objects with a property Registry.</input>
/// <example>
/// See which registries have a credential
/// <code>
/// Get-CraneRegistryLogin
/// </code>
/// <para>Shows the registry, the user, and which helper or file stores the credential.</para>
/// </example>
/// <example>
/// Find credentials that are stored unencrypted
/// <code>
/// Get-CraneRegistryLogin | Where-Object -Not IsProtected
/// </code>
/// <para>They are in docker's configuration file. See Docker's documentation of credential stores.</para>
/// </example>
/// <example>
/// Log out of all registries of a company
/// <code>
/// Get-CraneRegistryLogin *.company.co | Disconnect-CraneRegistry
/// </code>
/// <para>To see what it would do, add -WhatIf.</para>
/// </example>
/// <seealso cref="ConnectCraneRegistryCommand"/>
/// <seealso cref="DisconnectCraneRegistryCommand"/>
[Cmdlet(VerbsCommon.Get, "CraneRegistryLogin")]
[OutputType(typeof(RegistryLogin))]
public sealed class GetCraneRegistryLoginCommand : CraneCommand
{
    /// <summary>The registries to list, with wildcards. The default is all. Docker Hub is docker.io.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter)), SupportsWildcards, ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = ["*"];

    private protected override void Process()
    {
        var patterns = Registry
            .Select(registry => Wildcards.Of(RegistryAddress.HostOf(registry), "-Registry", WildcardOptions.IgnoreCase)).ToList();
        LoginSession.List(this, registry => patterns.Any(pattern => pattern.IsMatch(registry)));
    }
}
