using Crane.Adapters.Contexts;
using Crane.Adapters.Dockerfiles;
using Crane.Errors;

namespace Crane.Adapters.Building;

/// <summary>
/// What only BuildKit supports. The engine's own builder would refuse some of it in the middle of a build; heredocs and the variables of
/// BuildKit it would read as empty, and build a wrong image.
/// </summary>
internal static class EngineLimits
{
    private const string UseBuildx = "Build it with -Builder Buildx.";

    /// <summary>Whether the engine's own builder supports a build, judged by its section and its Dockerfile.</summary>
    public static bool CanBuild(ContainerBuild build, ImageName target, Func<string, string?> variables)
    {
        if (RemoteContext.Of(build.Context) is { IsForEngine: false, IsGit: true })
            return false;
        try
        {
            CheckKeys(build, target);
            if (RemoteContext.Of(build.Context) is null)
                SteppedDockerfile.Read(DockerfileLocation.Find(build.Context, build.File).Path, DockerfileOptions.Of(build, variables));
            return true;
        }
        catch (CraneException error)
        {
            // Any other error is one for every builder.
            return error.Id != CraneErrorId.NotSupportedByBuilder;
        }
    }

    /// <exception cref="CraneException">NotSupportedByBuilder for a key of the build section that only Buildx supports.</exception>
    public static void CheckKeys(ContainerBuild build, ImageName target)
    {
        var key = build switch
        {
            { Secret: not null } => "'secret'",
            { CacheTo: not null } => "'cache-to'",
            { BuildContext: not null } => "'build-context'",
            { Platform.Count: > 1 } => $"several platforms ({string.Join(", ", build.Platform)})",
            // Both builders take the name of an image as a cache.
            { CacheFrom: { } caches } when caches.Any(cache => cache.Contains('=', StringComparison.Ordinal)) =>
                "'cache-from' with anything but the name of an image",
            _ => null,
        };
        if (key is not null)
            throw new CraneException(
                CraneErrorId.NotSupportedByBuilder, $"The engine's own builder cannot build '{target}' with {key}; Buildx can.",
                $"{UseBuildx} Otherwise remove it from the build section.");
    }

    /// <summary>Checks the syntax directive, which the engine's own builder ignores.</summary>
    /// <exception cref="CraneException">NotSupportedByBuilder for a frontend that is not docker's.</exception>
    public static void CheckFrontend(DockerfileSource source)
    {
        if (source.Frontend is { IsDockers: false } frontend)
            throw NeedsBuildKit(source.Locate(frontend.Line), $"the frontend {VisibleText.Quote(frontend.Name)}");
    }

    /// <summary>Checks the instructions up to the end of the built stage: the engine reads no further.</summary>
    /// <exception cref="CraneException">NotSupportedByBuilder for one that only Buildx supports.</exception>
    public static void CheckInstructions(
        DockerfileSource source, IEnumerable<Instruction> instructions, AutomaticVariables variables, string? target)
    {
        var isInStage = false;
        var isTarget = false;
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var instruction in instructions)
        {
            if (instruction.Keyword == "FROM")
            {
                if (isTarget)
                    return;
                isInStage = true;
                var name = instruction.Arguments.Values.ElementAtOrDefault(2);
                isTarget = name?.Equals(target, StringComparison.OrdinalIgnoreCase) == true;
                if (name is not null && !stages.Add(name))
                    throw NeedsBuildKit(source.Locate(instruction.Line), $"a second stage {VisibleText.Quote(name)}");
            }

            if ((Unknown(instruction) ?? (isInStage ? Automatic(instruction, variables) : null)) is { } unknown)
                throw NeedsBuildKit(source.Locate(instruction.Line), unknown);
        }
    }

    public static CraneException NeedsBuildKit(SourceLocation? location, string what) => new(
        CraneErrorId.NotSupportedByBuilder,
        $"{(location is null ? "" : $"{location}: ")}the engine's own builder does not support {what}; Buildx does.", UseBuildx)
    {
        Location = location,
    };

    private static string? Unknown(Instruction instruction)
    {
        if (instruction.Heredocs is [var heredoc, ..])
            return $"the heredoc '{heredoc.Name}'";
        var acting = instruction.Trigger ?? instruction;
        if (!InstructionRules.IsKnown(instruction))
            return $"the instruction {VisibleText.Quote(instruction.Keyword)}";
        var flag = acting.Flags.Select(flag => flag.Split('=')[0]).FirstOrDefault(name => acting.Keyword switch
        {
            "RUN" => true,
            "COPY" or "ADD" => name is not ("--from" or "--chown"),
            // Of those without a syntax directive none is left.
            "FROM" or "HEALTHCHECK" => !InstructionFlags.IsKnown(acting.Keyword, name),
            _ => false,
        });
        return flag is not null ? $"{acting.Keyword} {flag}"
            // The engine would add the page at that address, or look for a file of that name.
            : acting.Keyword == "ADD" && acting.Arguments.Values.SkipLast(1).Any(RemoteContext.IsRepository) ? "ADD of a git repository"
            : null;
    }

    private static string? Automatic(Instruction instruction, AutomaticVariables variables) =>
        (instruction.Trigger ?? instruction) switch
        {
            { Keyword: "FROM" } from when variables.Change(from) => "FROM with a variable that only BuildKit sets",
            { Keyword: "ARG" } argument when variables.In(argument) is { } name => $"ARG {name}, which only BuildKit sets",
            _ => null,
        };
}
