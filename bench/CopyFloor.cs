using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Tasks;

/// <summary>
/// A copy between two registries with the fewest possible requests, as a lower bound. It checks, retries and reports nothing, and
/// assumes an empty target. The rest of Crane's time is the cost of doing these.
/// </summary>
public sealed class CopyFloor
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 16 });

    private readonly string _source;
    private readonly string _target;
    private readonly string _owner;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _holders = new();

    private CopyFloor(string source, string target, string owner) => (_source, _target, _owner) = (source, target, owner);

    /// <summary>Copies the tag latest of each repository to the owner's repository with that name, and returns the seconds.</summary>
    public static double Run(string source, string target, string owner, string[] repositories)
    {
        var (floor, watch) = (new CopyFloor(source, target, owner), Stopwatch.StartNew());
        Parallel.ForEachAsync(repositories, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (name, _) => await floor.CopyAsync(name))
            .GetAwaiter().GetResult();
        return watch.Elapsed.TotalSeconds;
    }

    private async Task CopyAsync(string name)
    {
        var to = $"{_owner}/{name.Split('/')[^1]}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_source}/v2/{name}/manifests/latest");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json");
        using var response = await Http.SendAsync(request);
        var manifest = await response.Content.ReadAsByteArrayAsync();
        using var document = JsonDocument.Parse(manifest);
        var blobs = document.RootElement.GetProperty("layers").EnumerateArray().Append(document.RootElement.GetProperty("config"));
        await Task.WhenAll(blobs.Select(blob => EnsureAsync(name, to, blob.GetProperty("digest").GetString()!)));
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = response.Content.Headers.ContentType;
        using var put = await Http.PutAsync($"http://{_target}/v2/{to}/manifests/latest", body);
        put.EnsureSuccessStatusCode();
    }

    // The first image with a blob sends it; the others mount it from there.
    private async Task EnsureAsync(string from, string to, string digest)
    {
        var mine = new Lazy<Task<string>>(() => SendAsync(from, to, digest));
        var first = _holders.GetOrAdd(digest, mine);
        var holder = await first.Value;
        if (first == mine)
            return;
        using var mount = await Http.PostAsync($"http://{_target}/v2/{to}/blobs/uploads/?mount={digest}&from={holder}", null);
        if ((int)mount.StatusCode != 201)
            throw new IOException($"{digest} was not mounted from {holder}.");
    }

    private async Task<string> SendAsync(string from, string to, string digest)
    {
        var opening = Http.PostAsync($"http://{_target}/v2/{to}/blobs/uploads/", null);
        using var blob = await Http.GetAsync($"http://{_source}/v2/{from}/blobs/{digest}", HttpCompletionOption.ResponseHeadersRead);
        using var upload = await opening;
        var location = upload.Headers.Location!.ToString();
        using var body = new StreamContent(await blob.Content.ReadAsStreamAsync(), 1 << 18);
        body.Headers.ContentLength = blob.Content.Headers.ContentLength;
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var put = await Http.PutAsync($"{location}{(location.Contains('?') ? '&' : '?')}digest={digest}", body);
        put.EnsureSuccessStatusCode();
        return to;
    }
}
