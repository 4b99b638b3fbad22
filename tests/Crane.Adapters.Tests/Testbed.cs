using System.Text.Json;

namespace Crane.Adapters.Tests;

/// <summary>
/// The engines and registries that the testbed started, as it hands them over in environment variables. A test that
/// needs one that is missing is skipped, except where CI=true: there it fails.
/// </summary>
internal static class Testbed
{
    /// <summary>The image stores that an engine test runs with.</summary>
    public static TheoryData<string> ImageStores => ["overlay2", "containerd"];

    /// <summary>Each image store with a wrong password and with none.</summary>
    public static MatrixTheoryData<string, string?> ImageStoresAndBadPasswords =>
        new(["overlay2", "containerd"], [null, "wrong-password"]);

    /// <summary>A registry that is open to all, as host and port.</summary>
    public static string Official => Need("CRANE_TEST_OFFICIAL");

    /// <summary>A registry that wants a password.</summary>
    public static string Personal => Need("CRANE_TEST_PERSONAL");

    public static string PersonalUser => Need("CRANE_TEST_PERSONAL_USER");

    public static string PersonalPassword => Need("CRANE_TEST_PERSONAL_PASSWORD");

    /// <summary>The path of a busybox that runs in an image which holds nothing else.</summary>
    public static string Busybox => Need("CRANE_TEST_BUSYBOX");

    /// <summary>The path of docker's plugin Buildx.</summary>
    public static string Buildx => Need("CRANE_TEST_BUILDX");

    /// <summary>The folder of the testbed, in which it keeps what it is.</summary>
    public static string Folder => Need("CRANE_TEST_FOLDER");

    /// <summary>The address of the engine with that image store.</summary>
    public static string Engine(string imageStore)
    {
        var engines = JsonSerializer.Deserialize<Dictionary<string, string>>(Need("CRANE_TEST_ENGINES"));
        return engines!.TryGetValue(imageStore, out var address) ? address : Missing($"an engine with {imageStore}");
    }

    private static string Need(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : Missing(variable);

    private static string Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"The testbed did not give {what}.");
        Assert.Skip($"The testbed is not running: it did not give {what}.");
        return "";
    }
}
