namespace Proxy.Core.Policy;

/// <summary>The words for <see cref="Provenance"/> in records and answers.</summary>
public static class ProvenanceNames
{
    public static string Format(Provenance provenance) => provenance switch
    {
        Provenance.Verified => "verified",
        Provenance.Mapped => "mapped",
        _ => "self-declared",
    };
}
