using Npgsql;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>How PhiGate itself connects to a target, for the catalogue and for checks: the same address, user and verification as sessions.</summary>
public static class TargetConnection
{
    /// <summary>Contains the password: never log it or put it into an error.</summary>
    public static NpgsqlConnectionStringBuilder For(TargetOptions target, string database, Secret password) => new()
    {
        Host = target.Address.Host,
        Port = target.Address.Port,
        Database = database,
        Username = target.DatabaseUser,
        Password = password.Reveal(),
        Timeout = target.ConnectTimeoutSeconds,
        SslMode = target.Tls.Mode switch
        {
            TargetTlsMode.Disable => SslMode.Disable,
            TargetTlsMode.Require => SslMode.Require,
            TargetTlsMode.VerifyCa => SslMode.VerifyCA,
            _ => SslMode.VerifyFull,
        },
        RootCertificate = target.Tls.Mode is TargetTlsMode.VerifyFull or TargetTlsMode.VerifyCa ? target.Tls.CaFile : null,
    };
}
