using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Host.DataPlane;

/// <summary>One database of one target: how to get there, as whom, and its catalogue.</summary>
public sealed class TargetDatabase : IAsyncDisposable
{
    private readonly TargetOptions _options;
    private readonly ServerDialer _dialer;
    private readonly FrozenDictionary<string, TargetUser> _users;

    /// <param name="options">What gateway.yaml says of the target.</param>
    /// <param name="database">One of its databases.</param>
    /// <param name="connection">Limits of connections.</param>
    /// <param name="review">Of the target.</param>
    /// <param name="credentials">Of the target's users, by name; shared by its databases.</param>
    /// <param name="classifier">What people say of its columns.</param>
    /// <param name="frontEnd">Reads the SQL of views and functions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For the life of the process.</param>
    public TargetDatabase(
        TargetOptions options, string database, SocketConnectionOptions connection, TargetReview review, IReadOnlyDictionary<string, IServerCredentials> credentials,
        IColumnClassifier classifier, ISqlFrontEnd frontEnd, TimeProvider time, ILogger logger)
    {
        _options = options;
        Database = database;
        Review = review;
        var tls = TargetConnection.TlsOf(options, time, fault => OnAuthoritiesReload(logger, options.Name, fault));
        _dialer = new ServerDialer(
            options.Address.Host, options.Address.Port, connection with { ClientTls = tls }, TimeSpan.FromSeconds(options.ConnectTimeoutSeconds));
        _users = credentials.ToFrozenDictionary(user => user.Key, user => new TargetUser(this, user.Key, user.Value));
        var ours = credentials[options.DatabaseUser];
        ICatalogueLoader loader = options.Protocol is WireProtocol.MySql
            ? new MySqlCatalogueLoader(MySqlTargetConnection.For(options, database), MySqlFrontEnds.ForCatalogue, time, tls, ours, credentials.Where(user => user.Key != options.DatabaseUser))
            : new CatalogueLoader(TargetConnection.For(options, database), time, tls, ours, options.DatabaseUsers.Keys);
        Catalogue = new CatalogueSource(
            loader, classifier, options.Protocol is WireProtocol.MySql ? MySqlFrontEnds.ForCatalogue : frontEnd, time, review.ObjectionTo);
    }

    public string Name => _options.Name;

    public string Database { get; }

    public WireProtocol Protocol => _options.Protocol;

    public bool RequiresTls => _options.Tls.Mode is not TargetTlsMode.Disable;

    public bool LabelsSessions => _options.LabelSessions;

    public CatalogueSource Catalogue { get; }

    /// <summary>Whether the target was found to be what the configuration says; shared by its databases.</summary>
    public TargetReview Review { get; }

    /// <summary>Sessions on the target at once, whatever the database.</summary>
    public int SessionsMax => _options.SessionsMax;

    /// <summary>The database for sessions that arrive as this user (null: the usual one); null when the target has no such user.</summary>
    public ITarget? As(string? user) => _users.GetValueOrDefault(user ?? _options.DatabaseUser);

    public async ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken) => await _dialer.ConnectAsync(cancellationToken);

    public ValueTask DisposeAsync() => Catalogue.DisposeAsync();

    public override string ToString() => $"{Name}/{Database}";

    private static void OnAuthoritiesReload(ILogger logger, string target, Exception? fault)
    {
        if (fault is null) Log.AuthoritiesReloaded(logger, target);
        else Log.AuthoritiesRejected(logger, target, fault.Message);
    }
}
