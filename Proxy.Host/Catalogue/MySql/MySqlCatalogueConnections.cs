using MySqlConnector;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// The gateway's own connections to a MySQL target. The credential is asked for at each opening, so that a rotated one is used, and the driver keeps none; where
/// rotation changes the user as well, the pool of the old user is given up.
/// </summary>
internal sealed class MySqlCatalogueConnections : IAsyncDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    private readonly MySqlConnectionStringBuilder _settings;
    private readonly ClientTls? _tls;
    private readonly IServerCredentials? _credentials;
    private readonly Lock _gate = new();
    private MySqlDataSource _source;

    /// <param name="connection">Address and user; pooling is set here.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">Asked for each connection, so that a rotated password is used; null leaves the connection string's.</param>
    public MySqlCatalogueConnections(MySqlConnectionStringBuilder connection, ClientTls? tls, IServerCredentials? credentials)
    {
        _tls = tls;
        _credentials = credentials;
        _settings = new MySqlConnectionStringBuilder(connection.ConnectionString)
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
            _settings.Password = null;
        if (tls is not null)
            _settings.SslMode = MySqlSslMode.Required;
        _source = Build();
    }

    /// <summary>A server that rejects the credential is asked once more, with a newer one if there is any.</summary>
    /// <exception cref="ServerCredentialException">There is no credential.</exception>
    public async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_credentials is null)
            return await _source.OpenConnectionAsync(cancellationToken);
        using var credential = await OffSocketThread.Await(_credentials.GetAsync(cancellationToken));
        try
        {
            return await OpenAsync(credential, cancellationToken);
        }
        catch (MySqlException rejection) when (rejection.Number is 1045 or 1698) // ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR
        {
            using var newer = await OffSocketThread.Await(_credentials.RenewAsync(credential, cancellationToken));
            if (newer is null)
                throw;
            return await OpenAsync(newer, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<MySqlConnection> OpenAsync(ServerCredential credential, CancellationToken cancellationToken)
    {
        using var lent = LentPasswords.Begin();
        var source = SourceFor(credential.User, out var former);
        if (former is not null)
            await former.DisposeAsync(); // Connections in use live until they are given back.
        var connection = source.CreateConnection();
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

    private MySqlDataSource SourceFor(string user, out MySqlDataSource? former)
    {
        lock (_gate)
        {
            former = null;
            if (user == _settings.UserID)
                return _source;
            former = _source;
            _settings.UserID = user;
            return _source = Build();
        }
    }

    private MySqlDataSource Build()
    {
        var source = new MySqlDataSourceBuilder(_settings.ConnectionString);
        if (_tls is { } tls)
            source.UseRemoteCertificateValidationCallback((_, certificate, chain, _) => tls.Verifies(certificate, chain));
        return source.Build();
    }
}
