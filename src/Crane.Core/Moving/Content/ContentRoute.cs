using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>Where one image comes from and where it goes.</summary>
internal sealed record ContentRoute(IContentSource Source, ImageName From, IContentTarget Target, ImageName To)
{
    /// <summary>The repository of the same place that the image comes from; null where it comes from another place.</summary>
    public ImageName? Neighbour =>
        ReferenceEquals(Source, Target) && Source.PlaceOf(From) == Target.PlaceOf(To) ? From : null;
}
