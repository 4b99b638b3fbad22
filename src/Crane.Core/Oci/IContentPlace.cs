namespace Crane.Oci;

/// <summary>Says where content of a name lies.</summary>
internal interface IContentPlace
{
    /// <summary>
    /// What the images of that name share with others: the registry's host, whose repositories can take blobs from each
    /// other, or the folder. Limits are by place, and a blob crosses once to each.
    /// </summary>
    string PlaceOf(ImageName image) => image.Registry;
}
