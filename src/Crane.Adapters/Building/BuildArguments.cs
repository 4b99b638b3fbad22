namespace Crane.Adapters.Building;

/// <summary>The arguments of a build with their values.</summary>
internal static class BuildArguments
{
    /// <param name="build">The build; of two arguments with one name the last counts.</param>
    /// <param name="variables">Where an argument without a value takes it from, as docker does: the environment.</param>
    /// <returns>
    /// Values by name. An argument that is neither given nor in the environment is not there: the Dockerfile's own default
    /// stays in force.
    /// </returns>
    public static Dictionary<string, string> Of(ContainerBuild build, Func<string, string?> variables)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in build.Argument ?? [])
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if ((equals < 0 ? variables(name) : argument[(equals + 1)..]) is { } value)
                arguments[name] = value;
        }

        return arguments;
    }
}
