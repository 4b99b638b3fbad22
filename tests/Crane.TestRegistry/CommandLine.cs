using System.Globalization;
using System.Runtime.InteropServices;

namespace Crane.Testing;

/// <summary>The program: a registry for those who cannot hold one in their own process.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Crane.TestRegistry [OPTION...]   serves a registry on 127.0.0.1 until standard input closes

          --port N             where it listens; by default the system chooses
          --root FOLDER        what keeps its content; by default nothing stays
          --htpasswd USER:PASSWORD   wants that credential with each request (Basic)
          --token USER:PASSWORD      wants tokens, which a token service beside it gives for that credential
          --anonymous-pull     the token service lets everybody pull
          --lifetime SECONDS   how long a token is good for
          --tls FILE           serves TLS; the certificate of its authority is written to FILE
          --no-referrers       without the API for referrers
          --immutable PATTERN  the tags that never change once they are there
          --collect            a manifest goes at once that has no tag

        The first line it prints is its address. What it was asked is at ADDRESS/_requests.
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Parse(arguments) is not { } given)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        using var authority = new TlsAuthority();
        ServerTls? tls = null;
        if (given.GetValueOrDefault("--tls") is { } file)
        {
            tls = new ServerTls(authority.IssueLoopback());
            await File.WriteAllTextAsync(file, authority.Pem);
        }
        await using var tokens = given.ContainsKey("--token") ? await TokenService.StartAsync(TokenOptions(given, tls)) : null;
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions
        {
            Port = Number(given.GetValueOrDefault("--port", "0")),
            Root = given.GetValueOrDefault("--root"),
            Users = User(given.GetValueOrDefault("--htpasswd")),
            Tokens = tokens,
            Tls = tls,
            HasReferrers = !given.ContainsKey("--no-referrers"),
            ImmutableTags = given.GetValueOrDefault("--immutable"),
            CollectsUntagged = given.ContainsKey("--collect"),
        });
        Console.WriteLine(registry.Address.GetLeftPart(UriPartial.Authority));
        await EndAsync();
        return 0;
    }

    private static TokenServiceOptions TokenOptions(Dictionary<string, string> given, ServerTls? tls) => new()
    {
        Users = User(given["--token"]),
        AllowsAnonymousPull = given.ContainsKey("--anonymous-pull"),
        Lifetime = TimeSpan.FromSeconds(Number(given.GetValueOrDefault("--lifetime", "300"))),
        Tls = tls,
    };

    /// <summary>The options given, each with its value; null if they are not as they should be.</summary>
    private static Dictionary<string, string>? Parse(string[] arguments)
    {
        var given = new Dictionary<string, string>();
        for (var next = 0; next < arguments.Length;)
        {
            var option = arguments[next++];
            switch (option)
            {
                case "--anonymous-pull" or "--no-referrers" or "--collect":
                    given[option] = "";
                    break;
                case "--port" or "--root" or "--htpasswd" or "--token" or "--lifetime" or "--tls" or "--immutable" when next < arguments.Length:
                    given[option] = arguments[next++];
                    break;
                default:
                    return null;
            }
        }
        return given;
    }

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static IReadOnlyList<TestUser> User(string? value) =>
        value?.Split(':', 2) is [var name, var password] ? [new TestUser(name, password)] : [];

    /// <summary>
    /// Until standard input closes, which it does when the process at its other end is gone, however that ended; or
    /// until a signal says so.
    /// </summary>
    private static async Task EndAsync()
    {
        var ended = new TaskCompletionSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.TrySetResult();
        }
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await Task.WhenAny(ended.Task, Console.OpenStandardInput().CopyToAsync(Stream.Null));
    }
}
