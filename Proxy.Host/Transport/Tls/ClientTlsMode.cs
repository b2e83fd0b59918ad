namespace Proxy.Host.Transport.Tls;

/// <summary>How much of a server's certificate is checked; the names are PostgreSQL's (libpq sslmode). The default checks all of it.</summary>
public enum ClientTlsMode
{
    /// <summary>Trusted chain and the expected host name.</summary>
    VerifyFull,

    /// <summary>Trusted chain, any name.</summary>
    VerifyCa,

    /// <summary>Encrypted towards whoever answers. Only when the operator insists in writing.</summary>
    Insecure,
}
