using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Selects containers of a stack, puts them in order and expands them.</summary>
internal static class Selection
{
    /// <summary>
    /// The containers that a request means. What is wrong with one container keeps only that one out; a request that is wrong
    /// in itself selects nothing.
    /// </summary>
    /// <returns>
    /// The containers, dependencies first and otherwise in the order of the files, and the errors: UnknownContainer,
    /// UnknownGroup, DependencyCycle, DuplicateKey, UndefinedVariable, InvalidInterpolation, InvalidValue.
    /// </returns>
    public static SelectionResult Select(CraneStack stack, SelectionRequest request, IVariables variables)
    {
        if (request.Tag is not null && !ImageName.IsValidTag(request.Tag))
            return new SelectionResult([], [InvalidTag(request.Tag)]);

        var names = new ContainerIndex(stack, variables);
        var exclusion = new RequestedContainers(names);
        var excluded = exclusion.Excluded(request);
        if (exclusion.Errors.Count > 0)
            return new SelectionResult([], exclusion.Errors);

        var choice = new RequestedContainers(names);
        var chosen = choice.Chosen(request);
        chosen.ExceptWith(excluded);
        var errors = new List<CraneException>(choice.Errors);

        var images = new DeclaredImages(stack, names, variables);
        var bases = new BaseImages(stack, images, variables, request.BasesOf);
        var graph = new DependencyGraph(names, bases);
        if (request.WithDependent)
            chosen = graph.WithDependents(chosen, excluded);
        if (request.WithDependency)
            chosen = graph.WithDependencies(chosen, excluded, errors);
        var ordered = DependencyOrder.Sort(chosen, graph, errors);

        var expander = new ContainerExpander(stack, names, graph, images, variables);
        var named = request.Name.Where(name => names.Group(name) is null).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var containers = new List<CraneContainer>(ordered.Count);
        foreach (var declared in ordered)
        {
            try
            {
                if (expander.Expand(declared, request.Tag, named.Contains(declared.Name)) is { } container)
                    containers.Add(request.WithBases && container.Build is not null ? WithBases(container, bases.Of(container.Build), images) : container);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                errors.Add(CraneException.From(failure).At(declared.Entry.Key.Location).About(declared.Name));
            }
        }

        // Two names that became one share their error.
        return new SelectionResult(containers, [.. errors.Concat(expander.Errors).Distinct()]) { Images = images };
    }

    private static CraneContainer WithBases(CraneContainer container, IReadOnlyList<string> bases, DeclaredImages images) => container with
    {
        Base = bases,
        DeclaredBase = [.. bases.Select(name => ImageName.TryParse(name, out var image) ? images.FindBase(image) : null).OfType<DeclaredBase>()],
    };

    private static CraneException InvalidTag(string tag) => new(
        CraneErrorId.InvalidValue,
        $"'{tag}' is not a tag.",
        "A tag has at most 128 letters, digits, underscores, dots and dashes, and begins with none of the last two.")
    { Target = tag };
}
