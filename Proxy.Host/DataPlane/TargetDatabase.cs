using System.Text;
using Npgsql;
using Proxy.Core.Catalogue;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>One database of one target: how to get there, and its catalogue. The password is read anew for each login, so that a rotated one is used.</summary>
public sealed class TargetDatabase : ITarget, IAsyncDisposable
{
    private readonly TargetOptions _options;
    private readonly ServerDialer _dialer;
    private int _sessions;

    private TargetDatabase(TargetOptions options, string database, SocketConnectionOptions connection, CatalogueSource catalogue)
    {
        _options = options;
        Database = database;
        _dialer = new ServerDialer(
            options.Address.Host, options.Address.Port, connection with { ClientTls = TlsOf(options) }, TimeSpan.FromSeconds(options.ConnectTimeoutSeconds));
        Catalogue = catalogue;
    }

    public string Name => _options.Name;

    public string Database { get; }

    public string User => _options.DatabaseUser;

    public bool RequiresTls => _options.Tls.Mode is not TargetTlsMode.Disable;

    public ScramKeyCache ScramKeys { get; } = new();

    public CatalogueSource Catalogue { get; }

    /// <summary>Whether another session fits under the target's limit; the caller leaves by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _sessions) <= _options.SessionsMax) return true;
        Interlocked.Decrement(ref _sessions);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _sessions);

    public static async Task<TargetDatabase> CreateAsync(
        TargetOptions options, string database, SocketConnectionOptions connection, IColumnClassifier classifier, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var password = await CredentialReader.ReadAsync(options.Credential, cancellationToken);
        var loader = new CatalogueLoader(ConnectionString(options, database, password), time);
        return new TargetDatabase(options, database, connection, new CatalogueSource(loader, classifier, time));
    }

    public async ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) => await _dialer.ConnectAsync(cancellationToken);

    public async ValueTask<byte[]> GetPasswordAsync(CancellationToken cancellationToken)
    {
        var secret = await OffSocketThread.Await(CredentialReader.ReadAsync(_options.Credential, cancellationToken));
        return Encoding.UTF8.GetBytes(secret.Reveal());
    }

    public ValueTask DisposeAsync() => Catalogue.DisposeAsync();

    public override string ToString() => $"{Name}/{Database}";

    /// <summary>How Npgsql gets to the same database, for the catalogue.</summary>
    public static NpgsqlConnectionStringBuilder ConnectionString(TargetOptions options, string database, Secret password) => new()
    {
        Host = options.Address.Host,
        Port = options.Address.Port,
        Database = database,
        Username = options.DatabaseUser,
        Password = password.Reveal(),
        ApplicationName = "phigate catalogue",
        SslMode = options.Tls.Mode switch
        {
            TargetTlsMode.VerifyFull => SslMode.VerifyFull,
            TargetTlsMode.VerifyCa => SslMode.VerifyCA,
            TargetTlsMode.Require => SslMode.Require,
            _ => SslMode.Disable,
        },
        RootCertificate = options.Tls.CaFile,
        Timeout = options.ConnectTimeoutSeconds,
        MaxPoolSize = 2,
    };

    private static ClientTls? TlsOf(TargetOptions options) => options.Tls.Mode is TargetTlsMode.Disable
        ? null
        : new ClientTls(
            options.Tls.Mode switch
            {
                TargetTlsMode.VerifyFull => ClientTlsMode.VerifyFull,
                TargetTlsMode.VerifyCa => ClientTlsMode.VerifyCa,
                _ => ClientTlsMode.Insecure,
            },
            options.Tls.ServerName ?? options.Address.Host,
            options.Tls.CaFile);
}
