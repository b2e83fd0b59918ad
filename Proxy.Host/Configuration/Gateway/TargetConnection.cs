using Npgsql;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>
/// How PhiGate gets to a target. Sessions, their cancel requests, the catalogue and checks all use the same verification, <see cref="TlsOf"/>:
/// Npgsql's own modes know neither another name to verify than the host's nor a lowest version.
/// </summary>
public static class TargetConnection
{
    /// <summary>For the catalogue and for checks; without a password, which is asked for at each login.</summary>
    public static NpgsqlConnectionStringBuilder For(TargetOptions target, string database) => new()
    {
        Host = target.Address.Host,
        Port = target.Address.Port,
        Database = database,
        Username = target.DatabaseUser,
        Timeout = target.ConnectTimeoutSeconds,
        // Require: encrypted or not at all; who answers is verified by the callback that TlsOf gives.
        SslMode = target.Tls.Mode is TargetTlsMode.Disable ? SslMode.Disable : SslMode.Require,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    /// <summary>What is demanded of the target's TLS; null where the operator insists on plaintext. Reads the file of authorities.</summary>
    public static ClientTls? TlsOf(TargetOptions target, TimeProvider? time = null, Action<Exception?>? onReload = null) => target.Tls.Mode is TargetTlsMode.Disable
        ? null
        : new ClientTls(
            new ClientTlsSettings
            {
                Mode = target.Tls.Mode switch
                {
                    TargetTlsMode.Require => ClientTlsMode.Insecure,
                    TargetTlsMode.VerifyCa => ClientTlsMode.VerifyCa,
                    _ => ClientTlsMode.VerifyFull,
                },
                ServerName = target.Tls.ServerName ?? target.Address.Host,
                Authorities = target.Tls.CaFile,
                Pins = target.Tls.Pins,
                ApplicationProtocol = target.Protocol is WireProtocol.PostgreSql ? ServerTls.ApplicationProtocol : null,
                Protocols = TlsVersions.From(target.Tls.MinimumVersion),
            },
            time, onReload);
}
