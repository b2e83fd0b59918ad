using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Text;
using MySqlConnector;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// Asks a MySQL or MariaDB server for its catalogue: all databases at once, because a statement can name any of them.
/// DDL is noticed by counting it. The server counts a statement when it begins, so after a change everything is read again at each poll for a while,
/// and every half minute in any case: a change that itself took longer than <see cref="SettlesFor"/> is seen after <see cref="ReadsEvery"/> at most.
/// </summary>
public sealed class MySqlCatalogueLoader : ICatalogueLoader
{
    public static readonly TimeSpan SettlesFor = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ReadsEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How often everything is read at most until nothing was changed meanwhile, and how long a script that makes tables gets in between.</summary>
    private const int ReadingsMax = 4;
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ReadsAgainFor = TimeSpan.FromMilliseconds(500);

    private readonly MySqlCatalogueConnections _source;
    private readonly ImmutableArray<MySqlCatalogueConnections> _others;
    private readonly TimeProvider _time;
    private readonly MySqlFactReader _reader;
    private readonly ResiliencePipeline _patient;
    private readonly ResiliencePipeline _prompt;
    private string? _counters;
    private long _changedAt;
    private long _loadedAt;
    private long _reading;

    /// <param name="connection">Address, credentials and TLS of the target; pooling is set here.</param>
    /// <param name="frontEnd">Reads the queries of views.</param>
    /// <param name="time">The clock of retries and timeouts.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">Asked for each connection, so that a rotated password is used; null leaves the connection string's.</param>
    /// <param name="others">Whom sessions may arrive as beside that user: a server tells everybody their own rights alone, so each is asked.</param>
    public MySqlCatalogueLoader(
        MySqlConnectionStringBuilder connection, ISqlFrontEnd frontEnd, TimeProvider time, ClientTls? tls = null, IServerCredentials? credentials = null,
        params IEnumerable<KeyValuePair<string, IServerCredentials>> others)
    {
        _time = time;
        _reader = new MySqlFactReader(frontEnd);
        _source = new MySqlCatalogueConnections(connection, tls, credentials);
        _others = [
            .. others.Select(other => new MySqlCatalogueConnections(new MySqlConnectionStringBuilder(connection.ConnectionString) { UserID = other.Key }, tls, other.Value)),
        ];
        var retry = new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<MySqlException>(static error => error.IsTransient).Handle<TimeoutRejectedException>(),
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
        };
        _patient = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(retry).AddTimeout(LoadTimeout).Build();
        _prompt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(PollTimeout).Build();
    }

    public async Task<(CatalogueFacts Facts, string Fingerprint)> LoadAsync(CancellationToken cancellationToken) =>
        await _patient.ExecuteAsync(async token => await OffSocketThread.Run(() => LoadOnceAsync(token)), cancellationToken);

    public async Task<string> FingerprintAsync(CancellationToken cancellationToken) =>
        await _prompt.ExecuteAsync(async token =>
        {
            await using var connection = await _source.OpenAsync(token);
            return Settled(await CountersAsync(connection, token));
        }, cancellationToken);

    public async Task<ImmutableArray<ServerRights>> RightsAsync(CancellationToken cancellationToken) =>
        await _patient.ExecuteAsync(async token =>
        {
            var rights = ImmutableArray.CreateBuilder<ServerRights>(1 + _others.Length);
            rights.Add(await RightsAsync(_source, token));
            foreach (var other in _others)
                rights.Add(await RightsAsync(other, token));
            return rights.MoveToImmutable();
        }, cancellationToken);

    private static async Task<ServerRights> RightsAsync(MySqlCatalogueConnections source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(MySqlCatalogueQueries.User, connection);
        var account = Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) ?? "";
        command.CommandText = MySqlCatalogueQueries.Rights;
        var rights = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rights.Add(reader.GetString(0).ToUpperInvariant());
        return new ServerRights
        {
            User = account.LastIndexOf('@') is > 0 and var host ? account[..host] : account, // user@host
            IsSuperuser = rights.Contains("SUPER"),
            CanReplicate = rights.Contains("REPLICATION SLAVE"),
            CanCreateRoles = rights.Contains("CREATE USER"),
            CanCreateDatabases = rights.Contains("CREATE"),
            PredefinedRoles = rights.Contains("SUPER") ? ["FILE"] : [.. rights],
        };
    }

    /// <summary>The server announces nothing.</summary>
    public Task ListenAsync(Action announced, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);

    public string? Explain(Exception error) => error switch
    {
        MySqlException { Number: > 0 and < 2000 } refused => $"the server refused the catalogue's questions (error {refused.Number})",
        NotSupportedException => "the server asks for an authentication plugin that the catalogue's driver does not have",
        ServerCredentialException => "the gateway has no credential for the server",
        MySqlException or TimeoutRejectedException or TimeoutException or IOException => "the server cannot be reached for its catalogue",
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        foreach (var other in _others)
            await other.DisposeAsync();
    }

    private async Task<(CatalogueFacts Facts, string Fingerprint)> LoadOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenAsync(cancellationToken);
        var began = _time.GetTimestamp();
        for (var reading = 1; ; reading++)
        {
            var counters = await CountersAsync(connection, cancellationToken);
            var facts = await _reader.ReadAsync(connection, cancellationToken);
            // The answers are no snapshot of one moment: a table made between two of them has columns and no keys. On a server where somebody always makes
            // tables the last reading counts, and the next poll reads again, because the counters are those of before it. How old the answer may be is counted from the
            // first reading on, so there is no second one where it would make the catalogue stale.
            if (reading == ReadingsMax || _time.GetElapsedTime(began) > ReadsAgainFor || await CountersAsync(connection, cancellationToken) == counters)
            {
                _loadedAt = _time.GetTimestamp();
                return (facts, Settled(counters));
            }
            await Task.Delay(BetweenReadings, _time, cancellationToken);
        }
    }

    /// <summary>The counters, with something that always differs while a change may still be under way or the last whole reading is long ago.</summary>
    private string Settled(string counters)
    {
        var now = _time.GetTimestamp();
        if (_counters != counters)
        {
            // What was counted before the first reading had begun before, too.
            _changedAt = now;
            _counters = counters;
        }
        var isSettled = _time.GetElapsedTime(_changedAt, now) >= SettlesFor && _time.GetElapsedTime(_loadedAt, now) < ReadsEvery;
        return isSettled ? counters : $"{counters} {Interlocked.Increment(ref _reading)}";
    }

    private static async Task<string> CountersAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        // MariaDB's performance_schema is off unless somebody wants it, and MySQL's information_schema no longer has it.
        var schema = connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? "information_schema" : "performance_schema";
        var text = new StringBuilder();
        await using var command = new MySqlCommand(MySqlCatalogueQueries.Counters.Replace("{0}", schema, StringComparison.Ordinal), connection);
        await using (var reader = await command.ExecuteReaderAsync(CommandBehavior.Default, cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                text.Append(reader.GetString(1)).Append(' ');
        command.CommandText = MySqlCatalogueQueries.Started.Replace("{0}", schema, StringComparison.Ordinal);
        // Two clocks that both jump by a second can differ by one.
        var started = Convert.ToDouble(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        return text.Append(CultureInfo.InvariantCulture, $"{Math.Floor(started / 8):F0}").ToString();
    }
}
