using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.CraneFile.Variables;

namespace Crane.Completion;

/// <summary>Completes names of images that the containers of the crane file have here and in registries.</summary>
public sealed class ImageCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) => Names(stack, variables);

    internal static IEnumerable<string> Names(CraneStack stack, IVariables variables)
    {
        // What cannot be expanded or selected is an error of the cmdlets; here it is not offered.
        var containers = Selection.Select(stack, new SelectionRequest { Name = ["*"] }, variables).Containers;
        return containers.Select(container => container.Image)
            .Concat(containers.Select(container => container.PullReference))
            .Concat(containers.Select(container => container.PushReference))
            .OfType<string>().Distinct(StringComparer.Ordinal);
    }

    internal static IEnumerable<ImageName> Parsed(CraneStack stack, IVariables variables) =>
        Names(stack, variables).Select(name => ImageName.TryParse(name, out var image) ? image : null).OfType<ImageName>();
}

/// <summary>Completes repositories of these images.</summary>
public sealed class RepositoryCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) =>
        ImageCompleter.Parsed(stack, variables).Select(image => image.WithoutTag().WithoutDigest().ToString())
            .Distinct(StringComparer.Ordinal);
}

/// <summary>Completes tags of these images.</summary>
public sealed class TagCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) =>
        ImageCompleter.Parsed(stack, variables).Select(image => image.Tag).OfType<string>().Distinct(StringComparer.Ordinal);
}
