using System.Diagnostics;
using Crane.Adapters.Locking;
using Crane.Locking;
using Crane.Names;
using CsCheck;

namespace Crane.Adapters.Tests.Locking;

/// <summary>Locks of two branches, merged by git.</summary>
public sealed class GitMergeTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 7, 10, 9, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly LockFiles _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_branches_that_add_different_images_merge()
    {
        var (status, merged) = Merge(Of("b1", "m1", "x1"), Of("a1", "b1", "m1", "x1"), Of("b1", "m1", "y1", "x1"));
        Assert.Equal(0, status);
        Assert.Equal(["a", "b", "m", "x", "y"], merged!.Images.Keys);
    }

    [Fact]
    public void Two_branches_that_change_different_images_merge_also_where_these_are_neighbors()
    {
        var (status, merged) = Merge(Of("a1", "b1"), Of("a2", "b1"), Of("a1", "b2"));
        Assert.Equal(0, status);
        Assert.Equal(Of("a2", "b2").Images, merged!.Images);
    }

    [Fact]
    public void Two_branches_that_change_the_same_image_are_a_conflict_with_its_line()
    {
        var (status, _) = Merge(Of("a1"), Of("a2"), Of("a3"));
        Assert.NotEqual(0, status);
        var error = Assert.Throws<CraneException>(() => _files.Read(FilePath));
        Assert.Equal(CraneErrorId.LockInvalid, error.Id);
        Assert.EndsWith("the lock file has a merge conflict.", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("<<<<<<<", error.Location!.LineText, StringComparison.Ordinal);
        Assert.Equal(FilePath, error.Location.File);
    }

    [Fact]
    public void A_merge_has_both_changes_or_is_a_conflict()
    {
        // For each of eight images its digest on both branches: 0 as before, then changed or removed.
        var sides = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Array[8];
        sides.Sample(
            images =>
            {
                var names = images.Select((_, index) => (char)('a' + index)).ToList();
                CraneLock Side(Func<(int, int), int> of) => Of([.. names
                    .Select((name, index) => (Name: name, Digest: of(images[index]))).Where(each => each.Digest < 3)
                    .Select(each => $"{each.Name}{each.Digest + 1}")]);
                var (status, merged) = Merge(Of([.. names.Select(name => $"{name}1")]), Side(each => each.Item1), Side(each => each.Item2));
                if (status != 0)
                {
                    var error = Assert.Throws<CraneException>(() => _files.Read(FilePath));
                    Assert.Contains("merge conflict", error.Message, StringComparison.Ordinal);
                    return;
                }

                var expected = Side(each => each.Item1 == 0 ? each.Item2 : each.Item1);
                Assert.Equal(expected.Images, merged!.Images);
            },
            iter: 40, threads: 1);
    }

    private string FilePath => Path.Join(_folder.Path, CraneLock.FileName);

    private (int Status, CraneLock? Merged) Merge(CraneLock before, CraneLock ours, CraneLock theirs)
    {
        _files.Write(Path.Join(_folder.Path, "before"), before);
        _files.Write(Path.Join(_folder.Path, "theirs"), theirs);
        _files.Write(FilePath, ours);
        using var git = Process.Start(new ProcessStartInfo("git", ["merge-file", FilePath, "before", "theirs"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
        })!;
        git.StandardError.ReadToEnd();
        git.WaitForExit();
        return (git.ExitCode, git.ExitCode == 0 ? _files.Read(FilePath) : null);
    }

    // Images by a letter and a digit of their digest.
    private static CraneLock Of(params string[] images) => new()
    {
        Images = CraneLock.Sorted<LockedImage>().AddRange(images.Select(image => KeyValuePair.Create(image[..1], new LockedImage(
            ImageName.Parse($"r.co/company/{image[0]}:1"),
            new(Digest.OfSha256(System.Text.Encoding.UTF8.GetBytes(image)), Time.AddHours(image[1])))))),
    };
}
