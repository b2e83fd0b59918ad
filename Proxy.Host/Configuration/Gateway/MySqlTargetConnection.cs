using MySqlConnector;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>How PhiGate gets to a MySQL target for its catalogue and for checks.</summary>
public static class MySqlTargetConnection
{
    /// <summary>Without a password, which is asked for at each login.</summary>
    public static MySqlConnectionStringBuilder For(TargetOptions target, string database) => new()
    {
        Server = target.Address.Host,
        Port = (uint)target.Address.Port,
        Database = database,
        UserID = target.DatabaseUser,
        ConnectionTimeout = (uint)target.ConnectTimeoutSeconds,
        // Encrypted or not at all; who answers is verified by the callback of TargetConnection.TlsOf.
        SslMode = target.Tls.Mode is TargetTlsMode.Disable ? MySqlSslMode.Disabled : MySqlSslMode.Required,
        Pooling = false,
    };
}
