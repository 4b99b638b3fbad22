using System.Management.Automation;
using Crane.Completion;

namespace Crane.Commands;

/// <summary>What the cmdlets that run plans against a local store are.</summary>
public abstract class EngineCommand : PlanCommand
{
    /// <summary>
    /// <para>The engine that holds the local images: the name of a docker context, or an address such as
    /// unix:///run/docker.sock, tcp://HOST:2376, https://HOST:2376 or npipe:////./pipe/docker_engine.</para>
    /// <para>To pull and push without an engine, name a folder, oci:FOLDER: an OCI image layout, which is made where there is
    /// none.</para>
    /// <para>Without it: the variable CRANE_ENGINE, else what docker itself would use; docker stands for just that, whatever
    /// CRANE_ENGINE says. See about_Crane.</para>
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(EngineCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }
}
