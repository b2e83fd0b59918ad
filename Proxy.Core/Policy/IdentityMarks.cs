namespace Proxy.Core.Policy;

/// <summary>How each fact of a <see cref="Principal"/> is known. A fact that is not there has no meaning here. Issuer and subject are always verified.</summary>
public sealed record IdentityMarks
{
    public static IdentityMarks AllVerified { get; } = new()
    {
        Agent = Provenance.Verified,
        Human = Provenance.Verified,
        Task = Provenance.Verified,
        Workload = Provenance.Verified,
        Groups = Provenance.Verified,
    };

    public Provenance Agent { get; init; }
    public Provenance Human { get; init; }
    public Provenance Task { get; init; }
    public Provenance Workload { get; init; }
    public Provenance Groups { get; init; }
}
