using Proxy.Core.Policy;

namespace Proxy.Host.Identity.Credentials;

/// <summary>The desk's answer: exactly one is set, or none when a credential was given back. Can hold a password: do not print.</summary>
public sealed record DeskReply
{
    public Refusal? Refusal { get; init; }
    public CredentialReply? Credential { get; init; }
    public IdentityReply? Identity { get; init; }

    public static DeskReply Refused(Refusal refusal) => new() { Refusal = refusal };

    public override string ToString() => $"{nameof(DeskReply)} {Refusal?.Code}";
}
