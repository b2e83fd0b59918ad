using System.Text;
using MySqlConnector;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>Pools of the gateway's own connections to a MySQL target.</summary>
internal static class MySqlCatalogueConnections
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    /// <param name="connection">Address and user; pooling is set here.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">Asked every half minute, so that a rotated password is used; null leaves the connection string's.</param>
    public static MySqlDataSource Build(MySqlConnectionStringBuilder connection, ClientTls? tls, IServerCredentials? credentials)
    {
        var own = new MySqlConnectionStringBuilder(connection.ConnectionString)
        {
            ApplicationName = "phigate catalogue",
            Database = "information_schema",
            Pooling = true,
            MinimumPoolSize = 0,
            MaximumPoolSize = 2,
            DefaultCommandTimeout = (uint)CommandTimeout.TotalSeconds,
            CharacterSet = "utf8mb4",
            AllowUserVariables = false,
            AllowLoadLocalInfile = false,
            AllowPublicKeyRetrieval = false,
            TreatTinyAsBoolean = false,
        };
        if (credentials is not null)
            own.Password = null;
        if (tls is not null)
            own.SslMode = MySqlSslMode.Required;
        var source = new MySqlDataSourceBuilder(own.ConnectionString);
        if (credentials is not null)
            source.UsePeriodicPasswordProvider(
                async (_, token) =>
                {
                    using var credential = await OffSocketThread.Await(credentials.GetAsync(token));
                    return Encoding.UTF8.GetString(credential.Password);
                },
                TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
        if (tls is not null)
            source.UseRemoteCertificateValidationCallback((_, certificate, chain, _) => tls.Verifies(certificate, chain));
        return source.Build();
    }
}
