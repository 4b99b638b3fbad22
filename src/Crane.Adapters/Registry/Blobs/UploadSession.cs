using Crane.Adapters.Registry.Repositories;
using Crane.Names;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>An upload that a registry has begun.</summary>
/// <param name="Address">Where it goes on: the registry's own address with its own query, which changes from answer to answer.</param>
/// <param name="Arrived">How many bytes the registry has.</param>
internal sealed record UploadSession(string Address, long Arrived)
{
    /// <summary>The least that a chunk has to have, except the last one.</summary>
    public long ChunkMinimum { get; init; }

    /// <summary>Where it is completed.</summary>
    public string Completion(Digest digest) =>
        $"{Address}{(Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}";

    /// <summary>The upload as an answer says it is now.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="arrived">What has arrived where it does not say.</param>
    public UploadSession After(HttpResponseMessage answer, long arrived) => this with
    {
        Address = AnswerHeaders.Location(answer) ?? Address,
        Arrived = AnswerHeaders.Arrived(answer) ?? arrived,
    };
}
