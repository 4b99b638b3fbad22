namespace Crane.Adapters.Docker;

/// <summary>One message of the stream by which an engine tells how a pull, push or build is going, and that it failed.</summary>
/// <param name="Status">What is being done.</param>
/// <param name="Id">With which layer; null for the whole image.</param>
/// <param name="ProgressDetail">How far.</param>
/// <param name="Error">That it failed: the stream's only sign of it, since its HTTP status was sent at the start.</param>
/// <param name="ErrorDetail">The same in parts.</param>
/// <param name="Aux">Facts for programs.</param>
/// <param name="Stream">What a build says: a line, or a piece of one.</param>
internal sealed record EngineMessage(
    string? Status = null,
    string? Id = null,
    EngineProgress? ProgressDetail = null,
    string? Error = null,
    EngineErrorDetail? ErrorDetail = null,
    EngineAux? Aux = null,
    string? Stream = null)
{
    /// <summary>The message that an answer with an HTTP error status stands for.</summary>
    public static EngineMessage Failure(EngineReply reply) =>
        new(Error: reply.Message, ErrorDetail: new EngineErrorDetail((int)reply.Status, reply.Message));

    /// <summary>What failed; null where nothing did.</summary>
    public string? Failed => ErrorDetail?.Message ?? Error;
}

internal sealed record EngineProgress(long Current, long Total);

internal sealed record EngineErrorDetail(int Code, string? Message);

/// <summary>What an engine adds for programs.</summary>
/// <param name="Digest">Of a push that is done, by overlay2's engine.</param>
/// <param name="Id">The image that a stage of a build became.</param>
/// <param name="ManifestPushedInsteadOfIndex">Whether one platform was pushed of an index that is not here whole.</param>
/// <param name="OriginalIndex">That index.</param>
/// <param name="SelectedManifest">What was pushed of it.</param>
/// <param name="ContentMissing">Whether something that was to be pushed is not here.</param>
/// <param name="Desc">What that is.</param>
internal sealed record EngineAux(
    string? Digest,
    string? Id,
    bool ManifestPushedInsteadOfIndex = false,
    EngineDescriptor? OriginalIndex = null,
    EngineDescriptor? SelectedManifest = null,
    bool ContentMissing = false,
    EngineDescriptor? Desc = null);
