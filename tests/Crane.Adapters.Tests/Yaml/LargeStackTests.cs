using System.Globalization;
using Crane.Adapters.Yaml;
using Crane.CraneFile;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class LargeStackTests
{
    [Fact]
    public void Work_grows_in_proportion_to_the_file()
    {
        Allocated(100);

        var (small, large) = (Allocated(500), Allocated(4_000));

        Assert.InRange((double)large / small, 7, 9);
    }

    [Fact]
    public void Long_chain_of_dependencies_is_ordered()
    {
        var containers = CraneFile.Containers(Chain(10_000));

        Assert.Equal(10_000, containers.Count);
        Assert.Equal(("c9999", "c0"), (containers[0].Name, containers[^1].Name));
    }

    // Each container needs the next one, so that the order is the reverse of the file's.
    private static string Chain(int count) => "containers:\n" + string.Concat(Enumerable.Range(0, count).Select(index => string.Format(
        CultureInfo.InvariantCulture,
        "  c{0}:\n    image: company/c{0}\n    push: {{registry: \"${{R:-r.co}}\"}}\n    requires: [c{1}]\n", index, index + 1)));

    private static long Allocated(int count)
    {
        var file = new SourceFile(CraneFile.FilePath, Chain(count), "given by path");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var document = YamlDocument.Read(file);
        Assert.Empty(CraneFileRules.Judge(document, isAlone: true, secrets: null).Errors);
        var stack = CraneStack.Merge([(MapNode)document.Root], _ => false);
        Selection.Select(stack, new SelectionRequest { Name = ["*"], WithDependency = true }, new GivenVariables());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
