using Crane.Errors;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// What can be wrong with a layout folder. A folder that is no store is EngineUnreachable, as for every store that cannot be
/// used; what goes wrong with one image in it has an id of moving images.
/// </summary>
internal static class LayoutFaults
{
    private const string ChooseAnother = "Name another folder after oci:, or an empty one.";

    public static CraneException NotAFullPath(string folder) => new(
        CraneErrorId.InvalidValue, $"The layout folder {Quote(folder)} is not a full path.", "Write where it is, from the root on.");

    public static CraneException NotAFolder(string path) =>
        Unusable(path, $"{Quote(path)} is a file, not a folder with an image layout.", ChooseAnother);

    public static CraneException NotALayout(string folder) => Unusable(
        folder, $"{Quote(folder)} is no image layout: it holds other files, and no file oci-layout.", ChooseAnother);

    /// <param name="path">The file oci-layout.</param>
    /// <param name="version">The version in it, as it is written.</param>
    public static CraneException UnknownVersion(string path, string version) => Unusable(
        path, $"{Quote(path)} says that the folder is an image layout of the version {Quote(version)}; known is {LayoutMarker.Version}.",
        "Copy the images into a folder of that version with the program that made this one, or use a newer Crane.");

    public static CraneException BrokenMarker(string path) => Unusable(
        path, $"{Quote(path)} is not valid: it is not JSON with an imageLayoutVersion.",
        $$"""If the folder is an image layout, write {"imageLayoutVersion":"{{LayoutMarker.Version}}"} there; else name another one.""");

    /// <param name="path">The file index.json.</param>
    /// <param name="reason">What is wrong in it, as in "it is not a JSON object".</param>
    public static CraneException BrokenIndex(string path, string reason) => Unusable(
        path, $"{Quote(path)} is not the index of an image layout: {reason.TrimEnd('.')}.",
        "Crane leaves it as it is. Correct or restore it. Without that file the folder has no names, but its blobs are used again.");

    /// <summary>The folder or one of its two files cannot be read.</summary>
    public static CraneException Unreadable(string path, Exception fault) => Unusable(
        path, $"{Quote(path)} cannot be read: {Words(fault)}.", "Make it readable to you, or name another folder.", fault);

    /// <summary>One name stands for several images here.</summary>
    public static CraneException Ambiguous(ImageName name, LayoutFolder folder, IEnumerable<Descriptor> images) => new(
        CraneErrorId.PullFailed,
        $"'{name}' is the name of several images in {folder.Name}: {string.Join(", ", images.Select(image => image.Digest))}.",
        $"Its entries in {Quote(folder.Index)} disagree. Remove the wrong ones there, or pull the image into the folder.");

    public static CraneException NoRepository(ImageName repository, LayoutFolder folder) => new(
        CraneErrorId.LocalImageNotFound, $"{folder.Name} has no image of '{repository.WithoutDigest().WithoutTag()}'.",
        "Pull one first, or look elsewhere with -Engine.");

    public static CraneException NoSuchContent(ImageName image, Digest digest, LayoutFolder folder) => new(
        CraneErrorId.ImageNotFound, $"{folder.Name} does not have {digest} of '{image}'.",
        "The layout is not complete: pull the image into it, or copy it there again.");

    /// <param name="image">Whose content it is.</param>
    /// <param name="digest">The digest that it should have.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="how">In which way it is another, as in "is of 3 bytes instead of 4".</param>
    public static CraneException Damaged(ImageName image, Digest digest, string path, string how) => new(
        CraneErrorId.DigestMismatch, $"{Quote(path)} is not {digest} of '{image}': it {how}.",
        "The file was changed or damaged. Remove it, and pull the image again.");

    public static CraneException NotAManifest(ImageName image, string path, long size) => new(
        CraneErrorId.PullFailed,
        $"{Quote(path)} is too large for a manifest of '{image}': it has {size} bytes, {Manifest.MaxSize} are allowed.",
        "Check the digest: it may be that of a layer.");

    /// <summary>What came is not what was announced.</summary>
    public static CraneException Mismatch(ImageName image, Descriptor blob) => new(
        CraneErrorId.DigestMismatch, $"What came for {blob.Digest} of '{image}' is other content.",
        "Try again. If it stays so, the content is damaged where it comes from: push the image there anew.");

    /// <summary>The source ended before the end; what came is kept.</summary>
    public static CraneException BrokeOff(ImageName image, Descriptor blob, long arrived) => new(
        CraneErrorId.PullFailed, $"{blob.Digest} of '{image}' broke off after {arrived} of {blob.Size} bytes.",
        "Run it again: it goes on where it broke off.")
    {
        IsTransient = true,
    };

    public static CraneException NoName(ImageName image, LayoutFolder folder) => new(
        CraneErrorId.DigestWithoutTag, $"'{image}' has no tag, so it can have no name in {folder.Name}.", "Write NAME:TAG@DIGEST.");

    /// <summary>The system's own words, without their full stop.</summary>
    public static string Words(Exception fault) => fault.Message.TrimEnd('.');

    public static string Quote(string path) => VisibleText.Quote(path);

    private static CraneException Unusable(string path, string message, string advice, Exception? inner = null) =>
        new(CraneErrorId.EngineUnreachable, message, advice, inner) { Target = path };
}
