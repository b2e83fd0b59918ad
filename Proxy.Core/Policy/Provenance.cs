namespace Proxy.Core.Policy;

/// <summary>How a fact about an identity is known. Zero is the weakest; a larger value is worth more. Values are part of the journal's format.</summary>
public enum Provenance : byte
{
    /// <summary>The client, or whoever asked for the token, said so.</summary>
    SelfDeclared = 0,

    /// <summary>The operator's configuration says so about an identity that was verified.</summary>
    Mapped = 1,

    /// <summary>The issuer states it under its signature, of its own knowledge.</summary>
    Verified = 2,
}
