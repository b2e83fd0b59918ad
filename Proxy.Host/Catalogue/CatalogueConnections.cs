using Npgsql;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue;

/// <summary>
/// The catalogue's own connections to one database. The credential is asked for at each login, so that a rotated one is used; where rotation changes the
/// user as well, the pool of the old user is given up.
/// </summary>
internal sealed class CatalogueConnections : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly ClientTls? _tls;
    private readonly IServerCredentials? _credentials;
    private readonly Lock _gate = new();
    private NpgsqlDataSource? _source;
    private string _user;

    /// <param name="connection">How to connect; user and password are those of the credentials, where there are any.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">Null leaves the connection string's.</param>
    public CatalogueConnections(NpgsqlConnectionStringBuilder connection, ClientTls? tls, IServerCredentials? credentials)
    {
        _connection = connection;
        _tls = tls;
        _credentials = credentials;
        _user = connection.Username ?? "";
    }

    /// <summary>Runs work on a pool of connections. A server that rejects the credential makes the next attempt use a newer one.</summary>
    /// <exception cref="ServerCredentialException">There is no credential.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlDataSource, Task<T>> work, CancellationToken cancellationToken)
    {
        using var credential = _credentials is null ? null : await _credentials.GetAsync(cancellationToken);
        using var lent = LentPasswords.Begin();
        try
        {
            return await work(SourceFor(credential?.User));
        }
        catch (PostgresException rejection) when (credential is not null && rejection.SqlState is "28P01" or "28000")
        {
            using var newer = await _credentials!.RenewAsync(credential!, cancellationToken);
            if (newer is null)
                throw;
            return await work(SourceFor(newer.User));
        }
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NpgsqlDataSource SourceFor(string? user)
    {
        lock (_gate)
        {
            if (_source is not null && (user is null || user == _user))
                return _source;
            _user = user ?? _user;
            _source?.Dispose(); // Connections in use live until they are given back.
            return _source = Build(_user);
        }
    }

    private NpgsqlDataSource Build(string user)
    {
        var own = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Username = user };
        if (_credentials is not null)
            own.Password = null;
        var source = new NpgsqlDataSourceBuilder(own.ConnectionString);
        if (_credentials is not null)
            source.UsePasswordProvider(
                _ => throw new NotSupportedException("connections are opened asynchronously"),
                async (_, token) =>
                {
                    using var credential = await OffSocketThread.Await(_credentials.GetAsync(token));
                    return LentPasswords.Lend(credential);
                });
        source.UsePhysicalConnectionInitializer(
            static _ => LentPasswords.TakeBack(),
            static _ =>
            {
                LentPasswords.TakeBack();
                return Task.CompletedTask;
            });
        if (_tls is { } tls)
            source.UseSslClientAuthenticationOptionsCallback(options =>
            {
                var ours = tls.Options;
                options.TargetHost = ours.TargetHost;
                options.EnabledSslProtocols = ours.EnabledSslProtocols;
                options.CertificateChainPolicy = ours.CertificateChainPolicy;
                options.RemoteCertificateValidationCallback = ours.RemoteCertificateValidationCallback;
                options.AllowRenegotiation = ours.AllowRenegotiation;
            });
        return source.Build();
    }
}
