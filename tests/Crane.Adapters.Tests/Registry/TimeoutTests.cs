using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>How long a registry is waited for, on a clock that the test moves.</summary>
public sealed class TimeoutTests
{
    private readonly LimitTime _time = new();

    [Theory]
    [InlineData("GET", 0, 30)]
    [InlineData("HEAD", 0, 30)]
    [InlineData("POST", 0, 60)]
    [InlineData("PUT", 1_000, 60)]
    [InlineData("PUT", 2_000_000_000, 160)]
    [InlineData("PUT", 900_000_000_000, 300)]
    public async Task Silence_is_reported_and_waited_for_longer_the_more_there_is_to_check(string method, long size, int seconds)
    {
        await using var registry = ScriptedServer.Start(request => request.Target == "/v2/" ? ScriptedResponse.Ok() : ScriptedResponse.Silence);
        await using var client = new Client { Time = _time };
        await client.StatusAsync(registry.Host, "/v2/");
        var running = client.SendAsync(new RegistryRequest(new HttpMethod(method), registry.Host, "/v2/a/x")
        {
            Size = size,
            Content = method == "PUT" ? () => new StringContent("body") : null,
        });
        await _time.EndAsync(TimeSpan.FromSeconds(10));
        for (var tries = 1; tries <= 2; tries++)
        {
            while (registry.Requests.Count <= tries)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            await _time.EndAsync(TimeSpan.FromSeconds(seconds));
        }

        var error = await Assert.ThrowsAsync<CraneException>(() => running);
        Assert.Equal($"The registry '{registry.Host}' did not respond within {seconds} seconds.", error.Message);
        Assert.Equal(2, registry.Requests.Count(request => request.Target == "/v2/a/x"));
        Assert.StartsWith($"The registry '{registry.Host}' does not respond; giving up after ", client.Steps, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 100)]
    public async Task Body_that_is_read_whole_must_end(bool isStreamed, int pieces)
    {
        await using var stream = new ResponseStream(
            new SlowStream(_time, TimeSpan.FromSeconds(20)), TimeSpan.FromSeconds(30), isStreamed ? null : TimeSpan.FromSeconds(70), _time, _ => { },
            (error, isWhole) => new CraneException(CraneErrorId.RegistryUnreachable, $"{isWhole}", null, error));
        var read = 0;
        async Task ReadAsync()
        {
            for (; read < pieces + (isStreamed ? 0 : 1); read++)
                Assert.Equal(1, await stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken));
        }

        if (isStreamed)
            await ReadAsync();
        else
            Assert.Equal("True", (await Assert.ThrowsAsync<CraneException>(ReadAsync)).Message);
        Assert.Equal(pieces, read);
    }

    /// <summary>Gives a byte after that time, without an end.</summary>
    private sealed class SlowStream(LimitTime time, TimeSpan pause) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            time.Advance(pause);
            return ValueTask.FromResult(1);
        }
    }
}
