using System.Text;
using Crane.Adapters.Locking;
using Crane.Locking;
using Crane.Names;
using CsCheck;

namespace Crane.Adapters.Tests.Locking;

public sealed class LockFileTests : IDisposable
{
    private const string A = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private const string Sample = $"""
        # Written by Update-CraneLock. Commit it; see Get-Help about_Crane.
        version: 1
        images:
          etcd:
            reference: r.co/coreos/etcd:2
            digest: {A}
            seen: 2026-07-10T09:00:00Z
            held:
              digest: {B}
              seen: 2026-07-12T10:00:00Z
        bases:
          docker.io/company/os:2:
            reference: r.co/company/os:2
            digest: {B}
            seen: 2026-07-10T09:00:00Z
          docker.io/library/node:20:
            digest: {A}
            seen: 2026-07-10T09:00:00Z
        pushed:
          service:
            bob.co/company/service:1: {A}
            bob.co/company/service:latest: {A}

        """;

    // Names as a crane file may have them, also those that YAML reads as something else.
    private static readonly Gen<string> Key = Gen.OneOf(
        Gen.String[Gen.Char["abcXYZ019 ._-/:@#'\"<&*!|>%{}[]?,~\t\nä"], 1, 12],
        Among("null", "~", "true", "1", "1e3", "<<", "- a", "a: b", "#a", "---", "=======", "<<<<<<< a", "2026-07-10"));

    private static readonly Gen<SeenDigest> Seen = Gen.Select(
        Gen.Byte.Array[32].Select(bytes => Digest.OfSha256(bytes)), Gen.Long[0, 4_000_000_000],
        (digest, seconds) => new SeenDigest(digest, DateTimeOffset.FromUnixTimeSeconds(seconds)));

    private static readonly Gen<LockedImage> Image = Gen.Select(
        Among("r.co/a/b:1", "docker.io/library/node:20", "127.0.0.1:5000/x"), Seen, Gen.Null(Seen),
        (name, current, held) => new LockedImage(ImageName.Parse(name), current) { Held = held });

    private static readonly Gen<CraneLock> Lock = Gen.Select(
        Gen.Dictionary(Key, Image)[0, 5], Gen.Dictionary(Gen.Int[0, 99], Seen)[0, 5], Gen.Dictionary(Key, Seen)[0, 5],
        (images, bases, pushed) => new CraneLock
        {
            Images = CraneLock.Sorted<LockedImage>().AddRange(images),
            Bases = CraneLock.Sorted<LockedImage>().AddRange(bases.Select(each => KeyValuePair.Create(
                $"docker.io/library/node:{each.Key}", new LockedImage(ImageName.Parse($"node:{each.Key}"), each.Value)))),
            Pushed = CraneLock.Sorted<System.Collections.Immutable.ImmutableSortedDictionary<string, Digest>>().AddRange(
                pushed.Select(each => KeyValuePair.Create(
                    each.Key, CraneLock.Sorted<Digest>().Add("bob.co/a/b:1", each.Value.Digest).Add("r.co/a:2", each.Value.Digest)))),
        });

    private static Gen<string> Among(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private readonly TemporaryFolder _folder = new();
    private readonly LockFiles _files = new();

    private string FilePath => Path.Join(_folder.Path, CraneLock.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_lock_is_written_in_one_form()
    {
        var edited = Sample.Replace("  etcd:", "  'etcd': # a comment", StringComparison.Ordinal);
        File.WriteAllText(FilePath, edited.ReplaceLineEndings("\r\n"));
        Assert.Equal(Sample.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(LockWriter.Bytes(_files.Read(FilePath)!)));
    }

    [Fact]
    public void What_is_written_reads_back_whatever_its_names() => Lock.Sample(written =>
    {
        _files.Write(FilePath, written);
        var read = _files.Read(FilePath)!;
        Assert.Equal(written.Images, read.Images);
        Assert.Equal(written.Bases, read.Bases);
        Assert.Equal(
            written.Pushed.SelectMany(each => each.Value.Select(target => (each.Key, target))),
            read.Pushed.SelectMany(each => each.Value.Select(target => (each.Key, target))));
        Assert.Equal(File.ReadAllBytes(FilePath), LockWriter.Bytes(read));
    }, iter: 300, threads: 1);

    [Fact]
    public void Without_a_file_there_is_no_lock() => Assert.Null(_files.Read(FilePath));

    [Fact]
    public void A_new_file_has_the_permissions_of_any_other_and_an_existing_one_keeps_its_own()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }

        _files.Write(FilePath, CraneLock.Empty);
        File.WriteAllText(FilePath + ".other", "");
        Assert.Equal(File.GetUnixFileMode(FilePath + ".other"), File.GetUnixFileMode(FilePath));

        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        _files.Write(FilePath, CraneLock.Empty);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error()
    {
        var error = Assert.Throws<CraneException>(() => _files.Write(Path.Join(_folder.Path, "none", "crane.lock"), CraneLock.Empty));
        Assert.Equal(CraneErrorId.FileNotWritten, error.Id);
    }

    [Theory]
    [InlineData("", 1, 1, "must be a map")]
    [InlineData("images: {}", 1, 1, "'version' is missing")]
    [InlineData("version: new", 1, 10, "'new' is not a version")]
    [InlineData("version: 2", 1, 10, "has version 2, and this Crane reads 1")]
    [InlineData("version: 1\nimage: {}", 2, 1, "unknown key 'image'")]
    [InlineData("version: 1.4\nsigned: {}", 2, 1, "a newer version of Crane wrote this lock file, of version 1.4")]
    [InlineData("version: 1\nimages: [a]", 2, 9, "'images' must be a map, not a list")]
    [InlineData("version: 1\nimages:\n  a: b", 3, 6, "'a' must be a map")]
    [InlineData("version: 1\nimages:\n  a: {digest: b}", 3, 6, "'reference' is missing")]
    [InlineData($"version: 1\nimages:\n  a: {{reference: a//b, digest: {A}, seen: x}}", 3, 18, "'a//b' is not an image name")]
    [InlineData("version: 1\nimages:\n  a: {reference: b, digest: sha256:12, seen: x}", 3, 29, "'sha256:12' is not a digest")]
    [InlineData($"version: 1\nimages:\n  a: {{reference: b, digest: {A}, seen: never}}", 3, 108, "'never' is not a time")]
    [InlineData($"version: 1\nbases:\n  node:20: {{digest: {A}, seen: 2026-07-10T09:00:00Z}}", 3, 3, "write 'docker.io/library/node:20'")]
    [InlineData("version: 1\npushed:\n  a: {b.co/a: 1}", 3, 7, "write 'b.co/a:latest'")]
    [InlineData("version: 1\nimages: {}\nimages: {}", 3, 1, "duplicate key 'images'")]
    [InlineData("version: 1\nimages: {", 3, 1, "invalid YAML")]
    public void A_damaged_file_is_an_error_with_its_location(string content, int line, int column, string problem)
    {
        File.WriteAllText(FilePath, content);
        var error = Assert.Throws<CraneException>(() => _files.Read(FilePath));
        Assert.Equal(CraneErrorId.LockInvalid, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal((FilePath, line, column), (error.Location!.File, error.Location.Line, error.Location.Column));
    }

    [Fact]
    public void A_file_that_is_no_text_is_an_error()
    {
        File.WriteAllBytes(FilePath, [0xff, 0xff, 0, 1]);
        Assert.Equal(CraneErrorId.LockInvalid, Assert.Throws<CraneException>(() => _files.Read(FilePath)).Id);
    }
}
