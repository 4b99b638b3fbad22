using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Dockerfiles;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Crane.Adapters.Tests.Building;

namespace Crane.Adapters.Tests.Files;

/// <summary>What is read whole is a file that has an end, wherever Crane reads one.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => [.. Reading.Keys];

    /// <summary>All that read a file by its path, which has to be the last part of what they are given.</summary>
    private static Dictionary<string, Func<TemporaryFolder, string, Task>> Reading { get; } = new()
    {
        ["bytes"] = (_, path) => Task.Run(() => RegularFile.ReadAllBytes(path)),
        ["Dockerfile"] = (_, path) => Task.Run(() => DockerfileText.Read(path)),
        ["ignore file"] = (_, path) => Task.Run(() => IgnoreFile.Read(path)),
        ["authorities"] = (_, path) => Task.Run(() => new CertificateFiles("a test", "Do something.").Authorities(path)),
        ["certificate"] = (_, path) => Task.Run(() => new CertificateFiles("a test", "Do something.").Pair(path, path)),
        ["docker's configuration"] = (home, path) =>
        {
            Directory.CreateDirectory(Path.Combine(home.Path, ".docker"));
            File.CreateSymbolicLink(Path.Combine(home.Path, ".docker", "config.json"), path);
            return Task.Run(() => DockerConfigFile.Load(TestEnvironment.Of(home)));
        },
        ["docker context"] = (home, path) =>
        {
            // The SHA-256 of the context's name.
            var id = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("x"u8)).ToLowerInvariant();
            var folder = Directory.CreateDirectory(Path.Combine(home.Path, ".docker", "contexts", "meta", id)).FullName;
            File.CreateSymbolicLink(Path.Combine(folder, "meta.json"), path);
            return Task.Run(() => DockerContexts.Get("x", TestEnvironment.Of(home), "a test"));
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000), MemberData(nameof(Readers))]
    public async Task A_pipe_is_not_waited_for(string reader)
    {
        await Shell.RunAsync(_folder.Path, "mkfifo", "pipe");
        await AssertRefusedAsync(reader, Path.Combine(_folder.Path, "pipe"), "it is a pipe, not a file");
    }

    [Theory(Timeout = 60_000), MemberData(nameof(Readers))]
    public async Task A_link_to_a_device_without_an_end_is_not_read(string reader)
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "The test needs a device without an end.");
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, "/dev/zero");
        await AssertRefusedAsync(reader, link, "it is a device, not a file");
    }

    [Theory, MemberData(nameof(Readers))]
    public async Task A_file_that_is_too_large_is_an_error_with_its_limit(string reader)
    {
        var path = _folder.Write("large", "");
        await using (var file = File.OpenWrite(path))
            file.SetLength(RegularFile.UsualLimit + 1);
        await AssertRefusedAsync(reader, path, "it is larger than 16 MB");
    }

    [Fact]
    public void A_file_without_a_length_is_read()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "The test needs a file whose length is not known.");
        Assert.NotEmpty(RegularFile.ReadAllBytes("/proc/self/status"));
    }

    private async Task AssertRefusedAsync(string reader, string path, string why)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Reading[reader](_folder, path));
        Assert.True(error is CraneException or FileRefusedException, $"{error}");
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
