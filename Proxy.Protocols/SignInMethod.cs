namespace Proxy.Protocols;

/// <summary>How a client is asked to prove who it is. One is chosen before anything is asked: drivers differ in what they make of a choice.</summary>
public enum SignInMethod : byte
{
    /// <summary>The token as the password, inside TLS.</summary>
    Token = 0,

    /// <summary>The password of a one-time credential, by proof only (SCRAM-SHA-256 and -PLUS).</summary>
    Scram,

    /// <summary>The token by SASL OAUTHBEARER (RFC 7628).</summary>
    OAuthBearer,
}
