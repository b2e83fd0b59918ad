using MySqlConnector;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>The gateway's own connections to a MySQL target. The credential is asked for at each opening, and the driver keeps none.</summary>
internal sealed class MySqlCatalogueConnections : IAsyncDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    private readonly MySqlDataSource _source;
    private readonly IServerCredentials? _credentials;

    /// <param name="connection">Address and user; pooling is set here.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">Asked for each connection, so that a rotated password is used; null leaves the connection string's.</param>
    public MySqlCatalogueConnections(MySqlConnectionStringBuilder connection, ClientTls? tls, IServerCredentials? credentials)
    {
        _credentials = credentials;
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
        if (tls is not null)
            source.UseRemoteCertificateValidationCallback((_, certificate, chain, _) => tls.Verifies(certificate, chain));
        _source = source.Build();
    }

    /// <exception cref="ServerCredentialException">There is no credential.</exception>
    public async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_credentials is null)
            return await _source.OpenConnectionAsync(cancellationToken);
        using var credential = await OffSocketThread.Await(_credentials.GetAsync(cancellationToken));
        using var lent = LentPasswords.Begin();
        var connection = _source.CreateConnection();
        connection.ProvidePasswordCallback = _ => LentPasswords.Lend(credential);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
