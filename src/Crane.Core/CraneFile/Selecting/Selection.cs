using Crane.CraneFile.Compose;
using Crane.CraneFile.Schema;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Selects, sorts and expands containers of a stack.</summary>
internal static class Selection
{
    /// <summary>Selects the containers of a request. An error excludes only its container; an invalid request selects nothing.</summary>
    /// <returns>The containers, dependencies first and otherwise in the order of the files, and the errors.</returns>
    public static SelectionResult Select(CraneStack stack, SelectionRequest request, IVariables variables)
    {
        if (request.Tag is not null && !ImageName.IsValidTag(request.Tag))
            return new SelectionResult([], [InvalidTag(request.Tag)]);

        variables = new StableVariables(variables);
        var places = new PlaceReader(stack, variables);
        RemoteRoute? route;
        try
        {
            route = request.Route is { } remotes ? places.Route(remotes) : null;
        }
        catch (CraneException error)
        {
            return new SelectionResult([], [error]);
        }

        var names = new ContainerIndex(stack, variables);
        var exclusion = new RequestedContainers(names);
        var excluded = exclusion.Excluded(request);
        if (exclusion.Errors.Count > 0)
            return new SelectionResult([], exclusion.Errors);

        var choice = new RequestedContainers(names);
        var chosen = choice.Chosen(request);
        chosen.ExceptWith(excluded);
        var atomicGroups = AtomicGroups.Of(choice.Groups, chosen);
        var errors = new List<CraneException>(choice.Errors);

        var images = new DeclaredImages(stack, names, places, variables);
        var bases = new BaseImages(stack, images, variables, request.BasesOf);
        var graph = new DependencyGraph(names, bases);
        if (request.WithDependent)
            chosen = graph.WithDependents(chosen, excluded);
        if (request.WithDependency)
            chosen = graph.WithDependencies(chosen, excluded, errors);
        var ordered = DependencyOrder.Sort(chosen, graph, errors);

        var expander = new ContainerExpander(stack, names, graph, images, places, route, atomicGroups, variables);
        var named = request.Name.Where(name => names.Group(name) is null).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var containers = new List<CraneContainer>(ordered.Count);
        foreach (var declared in ordered)
        {
            try
            {
                if (expander.Expand(declared, request.Tag, named.Contains(declared.Name)) is not { } container)
                    continue;
                if (request.WithBases && container.Build is { } build)
                    container = WithBases(container, bases.Of(build), images);
                containers.Add(request.WithRun ? container with { Run = ComposeRun.Of(declared.Body, KnownKeys.Container) } : container);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                var error = CraneException.From(failure);
                errors.Add((error.Location is null ? error.At(declared.Entry.Key.Location) : error).OfContainer(declared.Name));
            }
        }

        // Two containers of the same name share their error.
        return new SelectionResult(containers, [.. errors.Concat(expander.Errors).Distinct()]) { Images = images };
    }

    private static CraneContainer WithBases(CraneContainer container, IReadOnlyList<string> bases, DeclaredImages images) => container with
    {
        Base = bases,
        DeclaredBase = [.. bases.Select(name => ImageName.TryParse(name, out var image) ? images.FindBase(image) : null)
            .OfType<DeclaredBase>()],
    };

    private static CraneException InvalidTag(string tag) => new(
        CraneErrorId.InvalidValue, $"'{tag}' is not a valid tag.", ImageName.TagForm)
    { Subject = tag };
}

/// <summary>Which containers of a stack to select.</summary>
internal sealed record SelectionRequest
{
    /// <summary>Names of containers or groups, or wildcard patterns over container names.</summary>
    public IReadOnlyList<string> Name { get; init; } = [];

    /// <summary>Names of groups, or wildcard patterns over them.</summary>
    public IReadOnlyList<string> Group { get; init; } = [];

    /// <summary>Names or patterns of containers, or names of groups, to exclude.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether to add the dependencies of the selected containers.</summary>
    public bool WithDependency { get; init; }

    /// <summary>Whether to add the dependents of the selected containers.</summary>
    public bool WithDependent { get; init; }

    /// <summary>Returns the names of the images that a build needs.</summary>
    public Func<ContainerBuild, IReadOnlyList<string>> BasesOf { get; init; } = _ => [];

    /// <summary>Whether containers have the images of their Dockerfiles, for use without the crane file.</summary>
    public bool WithBases { get; init; }

    /// <summary>Whether containers have how they are run, which no plan needs.</summary>
    public bool WithRun { get; init; }

    /// <summary>Replaces the tags of our images; null keeps them.</summary>
    public string? Tag { get; init; }

    /// <summary>The remotes that containers are copied between, instead of their pull and push sections; null for these.</summary>
    public (string From, string To)? Route { get; init; }
}

/// <summary>The selected containers, expanded and in dependency order, and the errors of the others.</summary>
internal sealed record SelectionResult(IReadOnlyList<CraneContainer> Containers, IReadOnlyList<CraneException> Errors)
{
    /// <summary>The images of the whole stack; null for an invalid request.</summary>
    public DeclaredImages? Images { get; init; }
}
