using System.Text;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.DataPlane;

/// <summary>One database of one target: how to get there, and its catalogue. The password is read anew for each login, so that a rotated one is used.</summary>
public sealed class TargetDatabase : ITarget, IAsyncDisposable
{
    private readonly TargetOptions _options;
    private readonly ServerDialer _dialer;

    private TargetDatabase(TargetOptions options, string database, SocketConnectionOptions connection, TargetReview review, CatalogueSource catalogue)
    {
        _options = options;
        Database = database;
        _dialer = new ServerDialer(
            options.Address.Host, options.Address.Port, connection with { ClientTls = TargetConnection.TlsOf(options) }, TimeSpan.FromSeconds(options.ConnectTimeoutSeconds));
        Review = review;
        Catalogue = catalogue;
    }

    public string Name => _options.Name;

    public string Database { get; }

    public string User => _options.DatabaseUser;

    public bool RequiresTls => _options.Tls.Mode is not TargetTlsMode.Disable;

    public ScramKeyCache ScramKeys { get; } = new();

    public CatalogueSource Catalogue { get; }

    /// <summary>Whether the target was found to be what the configuration says; shared by its databases.</summary>
    public TargetReview Review { get; }

    /// <summary>Sessions on the target at once, whatever the database.</summary>
    public int SessionsMax => _options.SessionsMax;

    public static async Task<TargetDatabase> CreateAsync(
        TargetOptions options, string database, SocketConnectionOptions connection, TargetReview review, IColumnClassifier classifier, ISqlFrontEnd frontEnd, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var password = await CredentialReader.ReadAsync(options.Credential, cancellationToken);
        var loader = new CatalogueLoader(
            TargetConnection.For(options, database, password), time, TargetConnection.TlsOf(options),
            token => CredentialReader.ReadAsync(options.Credential, token));
        return new TargetDatabase(options, database, connection, review, new CatalogueSource(loader, classifier, frontEnd, time, review.ObjectionTo));
    }

    public async ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) => await _dialer.ConnectAsync(cancellationToken);

    public async ValueTask<byte[]> GetPasswordAsync(CancellationToken cancellationToken)
    {
        var secret = await OffSocketThread.Await(CredentialReader.ReadAsync(_options.Credential, cancellationToken));
        return Encoding.UTF8.GetBytes(secret.Reveal());
    }

    public ValueTask DisposeAsync() => Catalogue.DisposeAsync();

    public override string ToString() => $"{Name}/{Database}";
}
