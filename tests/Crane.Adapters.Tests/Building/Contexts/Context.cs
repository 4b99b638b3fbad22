using System.Formats.Tar;
using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>Contexts of tests, and what comes out of them.</summary>
internal static class Context
{
    /// <summary>Writes files, each with its own name as its content, and opens the folder as a context.</summary>
    public static BuildContext Of(TemporaryFolder folder, string? ignore, params string[] files)
    {
        foreach (var file in files)
            folder.Write(file, file);
        if (ignore is not null)
            folder.Write(".dockerignore", ignore);
        if (!File.Exists(Path.Join(folder.Path, "Dockerfile")))
            folder.Write("Dockerfile", "FROM scratch\n");
        return BuildContext.Open(folder.Path);
    }

    /// <summary>The names that are sent, folders with a slash behind them.</summary>
    public static string[] Names(BuildContext context) =>
        [.. context.Entries().Select(entry => entry.IsFolder ? entry.Name + "/" : entry.Name)];

    /// <summary>The archive, read back.</summary>
    public static async Task<List<TarEntry>> EntriesAsync(BuildContext context, Action<string>? warn = null)
    {
        using var archive = new MemoryStream(await BytesAsync(context, warn));
        await using var reader = new TarReader(archive);
        var entries = new List<TarEntry>();
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
            entries.Add(entry);
        return entries;
    }

    public static async Task<byte[]> BytesAsync(BuildContext context, Action<string>? warn = null)
    {
        using var archive = new MemoryStream();
        await context.WriteToAsync(archive, warn, TestContext.Current.CancellationToken);
        return archive.ToArray();
    }

    public static async Task WriteAsync(BuildContext context, string path) =>
        await File.WriteAllBytesAsync(path, await BytesAsync(context), TestContext.Current.CancellationToken);

    public static async Task<string> ContentAsync(BuildContext context, string name)
    {
        var entry = (await EntriesAsync(context)).Single(entry => entry.Name == name);
        using var reader = new StreamReader(entry.DataStream!);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The one error that sending ends with.</summary>
    public static async Task<CraneException> ErrorAsync(BuildContext context, Stream output)
    {
        var error = await Assert.ThrowsAsync<CraneException>(
            () => context.WriteToAsync(output, null, TestContext.Current.CancellationToken));
        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }
}
