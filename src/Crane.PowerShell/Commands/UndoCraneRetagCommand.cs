using System.Collections;
using Crane.Commands.Base;
using Crane.Completion;
using Crane.Input;
using Crane.Running;

namespace Crane.Commands;

/// <summary>Puts names back to what they were before a pull, build, push or copy.</summary>
/// <remarks>
/// <para>Each result says what its target was before: PreviousDigest and PreviousId. An engine gets the name back by the id of the
/// image, a registry by putting the previous manifest again, a folder by its index. A name that did not exist is removed again; many
/// registries do not allow that, which is an error.</para>
/// <para>Results are undone in reverse order, the last one first. Those that did not succeed have changed nothing and are Skipped.
/// The output can be undone, too.</para>
/// <para>A name that somebody has changed since is not put back: TargetMoved. An image that was built here, and would lose its last
/// name, is kept: WouldLoseImage. If the previous image was pruned or collected in the meantime, the error is UndoFailed.</para>
/// </remarks>
/// <input cref="RetagResult">Results to undo, live or read back from JSON, CSV or CliXml.</input>
/// <example>
/// Undo a pull
/// <code>
/// $results = Invoke-CranePull
/// $results | Undo-CraneRetag
/// </code>
/// <para>The plain names refer to what they did before.</para>
/// </example>
/// <example>
/// Keep what is needed to undo a push later
/// <code>
/// Invoke-CranePush | Export-Csv push.csv
/// Import-Csv push.csv | Undo-CraneRetag -WhatIf
/// Import-Csv push.csv | Undo-CraneRetag
/// </code>
/// <para>The registry gets its previous manifests under the same tags again, as long as it has not collected them.</para>
/// </example>
/// <seealso cref="InvokeCraneBuildCommand"/>
/// <seealso cref="InvokeCranePullCommand"/>
/// <seealso cref="InvokeCranePushCommand"/>
[Cmdlet(VerbsCommon.Undo, "CraneRetag", SupportsShouldProcess = true)]
[OutputType(typeof(RetagResult))]
public sealed class UndoCraneRetagCommand : CraneCommand
{
    private readonly List<RetagResult> _results = [];

    /// <summary>Results of Invoke-CranePull, Invoke-CraneBuild, Invoke-CraneProvision, Invoke-CranePush or Copy-CraneImage.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// The engine that has the names. The default is that of each result. Use it for an engine with TLS that was selected by the name
    /// of its context, since results have only its address.
    /// </summary>
    [Parameter, ArgumentCompleter(typeof(EngineCompleter)), ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <inheritdoc cref="PlanCommand.Credential"/>
    [Parameter, Credential, ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="PlanCommand.RegistryCredential"/>
    [Parameter, ValidateNotNull]
    public IDictionary? RegistryCredential { get; set; }

    /// <summary>Also puts back names that have changed since, or that are the last ones of images that were built here.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        foreach (var input in InputObject)
            Try(() => _results.Add(PlanReader.ReadResult(PipedObject.Of(input))), input);
    }

    private protected override void Finish()
    {
        // The same name may have changed several times.
        _results.Reverse();
        new UndoSession(this)
        {
            Engine = Engine,
            Credential = Credential,
            RegistryCredential = RegistryCredential,
            Force = Force,
        }.Run(_results);
    }
}
