using Crane.Errors;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The errors of a layout folder: EngineUnreachable for a folder that cannot be used, as for every store; for one image in it,
/// the ids of moving images.
/// </summary>
internal static class LayoutErrors
{
    private const string ChooseAnother = "Use another or an empty folder after oci:.";

    public static CraneException NotAFullPath(string folder) => new(
        CraneErrorId.InvalidValue, $"The layout folder {Quote(folder)} is not an absolute path.", "Give an absolute path.");

    public static CraneException NotAFolder(string path) =>
        Unusable(path, $"{Quote(path)} is a file, not the folder of an image layout.", ChooseAnother);

    public static CraneException NotALayout(string folder) => Unusable(
        folder, $"{Quote(folder)} is not an image layout: it has other files, but no oci-layout.", ChooseAnother);

    public static CraneException UnknownVersion(string path, string version) => Unusable(
        path, $"{Quote(path)} has the unsupported layout version {Quote(version)}; only {LayoutMarker.Version} is supported.",
        "Copy the images into a layout of that version with the program that made this one, or use a newer Crane.");

    public static CraneException BrokenMarker(string path) => Unusable(
        path, $"{Quote(path)} is invalid: it is not JSON with an imageLayoutVersion.",
        $$"""Use another folder; or if it is an image layout, write {"imageLayoutVersion":"{{LayoutMarker.Version}}"} into that file.""");

    public static CraneException BrokenIndex(string path, string reason) => Unusable(
        path, $"{Quote(path)} is not a valid index of an image layout: {reason.TrimEnd('.')}.",
        "Correct or restore it; Crane does not change it. Without that file, the folder has no image names, but its blobs are reused.");

    public static CraneException Unreadable(string path, Exception exception) => Unusable(
        path, $"{Quote(path)} cannot be read: {Words(exception)}.", "Make it readable for you, or use another folder.", exception);

    public static CraneException Ambiguous(ImageName name, LayoutFolder folder, IEnumerable<Descriptor> images) => new(
        CraneErrorId.PullFailed,
        $"'{name}' is the name of several images in {folder.Name}: {string.Join(", ", images.Select(image => image.Digest))}.",
        $"Remove the wrong entries in {Quote(folder.Index)}, or pull the image into the folder.");

    public static CraneException NoRepository(ImageName repository, LayoutFolder folder) => new(
        CraneErrorId.LocalImageNotFound, $"{folder.Name} has no image of '{repository.WithoutDigest().WithoutTag()}'.",
        "Pull one first, or use another engine with -Engine.");

    public static CraneException NoSuchContent(ImageName image, Digest digest, LayoutFolder folder) => new(
        CraneErrorId.ImageNotFound, $"{folder.Name} does not have {digest} of '{image}'.",
        "The layout is incomplete: pull or copy the image into it again.");

    public static CraneException Damaged(ImageName image, Digest digest, string path, string how) => new(
        CraneErrorId.DigestMismatch, $"{Quote(path)} is not {digest} of '{image}': it {how}.",
        "The file was changed or damaged: remove it and pull the image again.");

    public static CraneException NotAManifest(ImageName image, string path, long size) => new(
        CraneErrorId.PullFailed,
        $"{Quote(path)} is too large for a manifest of '{image}': it has {size} bytes; the limit is {Manifest.MaxSize}.",
        "Check the digest: it may be the digest of a layer.");

    public static CraneException Mismatch(ImageName image, Descriptor blob) => new(
        CraneErrorId.DigestMismatch, $"The content received for {blob.Digest} of '{image}' does not match its digest.",
        "Try again. If that does not help, the source is damaged: push the image there again.");

    public static CraneException BrokeOff(ImageName image, Descriptor blob, long arrived) => new(
        CraneErrorId.PullFailed, $"The transfer of {blob.Digest} of '{image}' ended after {arrived} of {blob.Size} bytes.",
        "Run the command again: it resumes the transfer.")
    {
        IsTransient = true,
    };

    public static CraneException NoName(ImageName image, LayoutFolder folder) => new(
        CraneErrorId.DigestWithoutTag, $"'{image}' has no tag, so it cannot have a name in {folder.Name}.", "Write NAME:TAG@DIGEST.");

    public static string Words(Exception exception) => exception.Message.TrimEnd('.');

    public static string Quote(string path) => VisibleText.Quote(path);

    private static CraneException Unusable(string path, string message, string advice, Exception? inner = null) =>
        new(CraneErrorId.EngineUnreachable, message, advice, inner) { Subject = path };
}
