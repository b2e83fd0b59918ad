using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue;

/// <summary>
/// Asks one database of a target for its catalogue, over connections of its own. Its awaits may continue anywhere: callers in the data plane
/// run it on the thread pool.
/// </summary>
public sealed class CatalogueLoader : ICatalogueLoader
{
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(3);

    /// <summary>After so much silence a listening connection is asked whether it is alive and still worth keeping.</summary>
    private static readonly TimeSpan ListenPatience = TimeSpan.FromSeconds(30);

    private readonly CatalogueConnections _connections;
    private readonly string[] _otherUsers;
    private readonly ResiliencePipeline _patient;
    private readonly ResiliencePipeline _prompt;

    /// <param name="connection">Address, credentials and TLS of the target's database; pooling and search path are set here.</param>
    /// <param name="time">The clock of retries and timeouts.</param>
    /// <param name="tls">What is demanded of the server's TLS, in place of what the connection string says; null leaves that.</param>
    /// <param name="credentials">User and password of each new connection; null leaves the connection string's.</param>
    /// <param name="otherUsers">Database users beside the connections' own whose rights matter, too.</param>
    public CatalogueLoader(
        NpgsqlConnectionStringBuilder connection, TimeProvider time, ClientTls? tls = null, IServerCredentials? credentials = null,
        IEnumerable<string>? otherUsers = null)
    {
        _otherUsers = [.. otherUsers ?? []];
        var own = new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            ApplicationName = "phigate catalogue",
            SearchPath = "pg_catalog",
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = 2,
            CommandTimeout = (int)LoadTimeout.TotalSeconds,
            Enlist = false,
        };
        _connections = new CatalogueConnections(own, tls, credentials);
        var retry = new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(static error => error.IsTransient).Handle<TimeoutRejectedException>(),
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
        };
        _patient = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(retry).AddTimeout(LoadTimeout).Build();
        _prompt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(PollTimeout).Build();
    }

    /// <summary>Everything, as of one moment, with the fingerprint of that moment. Throws NpgsqlException or TimeoutRejectedException.</summary>
    public async Task<(CatalogueFacts Facts, string Fingerprint)> LoadAsync(CancellationToken cancellationToken) =>
        await _patient.ExecuteAsync(async token => await OffSocketThread.Run(() => LoadOnceAsync(token)), cancellationToken);

    /// <summary>A short text that changes with any DDL that matters.</summary>
    public async Task<string> FingerprintAsync(CancellationToken cancellationToken) =>
        await _prompt.ExecuteAsync(
            async token => await _connections.UseAsync(
                async source =>
                {
                    await using var command = source.CreateCommand(CatalogueQueries.Fingerprint);
                    command.Parameters.Add(OtherUsers());
                    return (string)(await command.ExecuteScalarAsync(token))!;
                },
                token),
            cancellationToken);

    /// <inheritdoc/>
    public string? Explain(Exception error) => error switch
    {
        // The message can hold what the server was given; the code cannot.
        PostgresException refused => $"the server refused the catalogue's questions (SQLSTATE {refused.SqlState})",
        NpgsqlException or TimeoutRejectedException or TimeoutException or IOException => "the server cannot be reached for its catalogue",
        ServerCredentialException => "the gateway has no credential for the server",
        _ => null,
    };

    /// <summary>What the users that PhiGate connects as may do beyond reading and writing tables; the connections' own first, absent ones not at all.</summary>
    public async Task<ImmutableArray<ServerRights>> RightsAsync(CancellationToken cancellationToken) =>
        await _patient.ExecuteAsync(async token => await _connections.UseAsync(source => ReadRightsAsync(source, token), token), cancellationToken);

    /// <summary>
    /// Calls back whenever the database announces DDL on the channel phigate_catalogue, for as long as one of its event triggers does; returns soon
    /// when none does. Keeps a connection of its own meanwhile.
    /// </summary>
    public async Task ListenAsync(Action announced, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        if (!await AnnouncesAsync(connection, cancellationToken))
            return;
        connection.Notification += (_, _) => announced();
        await using (var listen = new NpgsqlCommand("listen phigate_catalogue", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        // What happened before is not announced.
        announced();
        do
        {
            while (await connection.WaitAsync(ListenPatience, cancellationToken))
            {
                // The event has told.
            }
        }
        while (await AnnouncesAsync(connection, cancellationToken));
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        _connections.UseAsync(async source => await source.OpenConnectionAsync(cancellationToken), cancellationToken);

    private NpgsqlParameter OtherUsers() => new() { Value = _otherUsers };

    private async Task<ImmutableArray<ServerRights>> ReadRightsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(CatalogueQueries.Rights);
        command.Parameters.Add(OtherUsers());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rights = ImmutableArray.CreateBuilder<ServerRights>();
        while (await reader.ReadAsync(cancellationToken))
            rights.Add(new ServerRights
            {
                User = reader.GetString(0),
                IsSuperuser = reader.GetBoolean(1),
                CanReplicate = reader.GetBoolean(2),
                BypassesRowSecurity = reader.GetBoolean(3),
                CanCreateRoles = reader.GetBoolean(4),
                CanCreateDatabases = reader.GetBoolean(5),
                PredefinedRoles = [.. reader.GetFieldValue<string[]>(6)],
            });
        return rights.ToImmutable();
    }

    private static async Task<bool> AnnouncesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CatalogueQueries.Announces, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<(CatalogueFacts Facts, string Fingerprint)> LoadOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var (facts, fingerprint, functions) = await ReadFactsAsync(connection, cancellationToken);
        return (await PrintAsync(connection, facts, functions, cancellationToken), fingerprint);
    }

    /// <summary>Adds what the server prints, which is not of the same moment: a change in between changes the fingerprint, and everything is read again.</summary>
    private static async Task<CatalogueFacts> PrintAsync(
        NpgsqlConnection connection, CatalogueFacts facts, List<ReadFunction> functions, CancellationToken cancellationToken)
    {
        var texts = new PrintedTexts(connection);
        var views = facts.Relations.Where(static relation => relation.Kind is 'v' or 'm' && HasDefinition(relation.Schema)).Select(static view => view.Oid).ToList();
        var definitions = await texts.ReadAsync(LineageQueries.Definitions, views, cancellationToken);
        var trees = new List<uint>();
        if (facts.ServerVersionNum >= 140_000)
        {
            await using var command = new NpgsqlCommand(LineageQueries.StandardBodied, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            trees = await new FactReader(reader, cancellationToken).NextAsync(static row => row.GetFieldValue<uint>(0));
        }
        var bodies = await texts.ReadAsync(LineageQueries.StandardBodies, trees, cancellationToken);
        var isTree = trees.ToHashSet();
        return facts with
        {
            Definitions = definitions,
            MissingTexts = texts.Missing,
            Functions = functions.ConvertAll(function => function.Complete(bodies, isTree.Contains(function.Function.Oid))),
        };
    }

    /// <summary>Those of the system schemas are classified by the list that ships; those of other sessions are unknown anyway.</summary>
    private static bool HasDefinition(string schema) =>
        schema is not ("pg_catalog" or "information_schema") && !schema.StartsWith("pg_temp_", StringComparison.Ordinal);

    private async Task<(CatalogueFacts Facts, string Fingerprint, List<ReadFunction> Functions)> ReadFactsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // One moment for all queries; read only, so it holds no lock that DDL would wait for once it is over.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var query in Batch)
        {
            var command = new NpgsqlBatchCommand(query);
            if (query == CatalogueQueries.Fingerprint)
                command.Parameters.Add(OtherUsers());
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new FactReader(reader, cancellationToken);
        var version = (await rows.NextAsync(static row => row.GetInt32(0)))[0];
        var fingerprint = (await rows.NextAsync(static row => row.GetString(0)))[0];
        var runsCode = await rows.NextAsync(static row => (Oid: row.GetFieldValue<uint>(0), Extension: FactReader.TextOrNull(row, 1)));
        var runs = runsCode.Where(row => !ReviewedExtensions.Contains(row.Extension)).Select(row => row.Oid).ToHashSet();
        var facts = new CatalogueFacts
        {
            ServerVersionNum = version,
            Relations = await rows.NextAsync(row => new RelationFact(
                row.GetFieldValue<uint>(0), rows.Intern(row.GetString(1)), row.GetString(2), row.GetChar(3), runs.Contains(row.GetFieldValue<uint>(0)))),
            Columns = await rows.NextAsync(row => new ColumnFact(
                row.GetFieldValue<uint>(0), row.GetInt16(1), rows.Intern(row.GetString(2)), row.GetFieldValue<uint>(3), rows.Intern(row.GetString(4)),
                row.GetBoolean(5), row.GetBoolean(6))
            { TypeModifier = row.GetInt32(7), ComparesLoosely = row.GetBoolean(8) }),
            Inheritance = await rows.NextAsync(FactReader.Link),
            ForeignKeys = await rows.NextAsync(FactReader.Link),
            ViewSources = await rows.NextAsync(FactReader.Link),
            ViewCalls = await rows.NextAsync(row => new ViewCallFact(
                row.GetFieldValue<uint>(0), rows.Intern(row.GetString(1)), rows.Intern(row.GetString(2)), FactReader.TextOrNull(row, 3))),
            GeneratedSources = await rows.NextAsync(static row => new GeneratedSourceFact(row.GetFieldValue<uint>(0), row.GetInt16(1), row.GetInt16(2))),
            Code =
            [
                .. await rows.NextAsync(row => rows.Code(CodeKind.Function, row, isHarmless: false, takesOneRow: row.GetBoolean(3))),
                .. await rows.NextAsync(row => rows.Code(CodeKind.Operator, row, isHarmless: false, takesOneRow: false)),
                .. await rows.NextAsync(row => rows.Code(CodeKind.Type, row, isHarmless: row.GetBoolean(3), takesOneRow: false) with { Oid = row.GetFieldValue<uint>(4) }),
            ],
            ConstraintNames = [.. await rows.NextAsync(static row => row.GetString(0))],
        };
        var names = (await rows.NextAsync(static row => (Kind: row.GetString(0), Name: row.GetString(1)))).ToLookup(row => row.Kind, row => row.Name);
        var functions = await rows.NextAsync(row => FunctionReader.Read(row, rows));
        return (facts with
        {
            TypeShapes = await rows.NextAsync(static row =>
                new TypeShapeFact(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), row.GetFieldValue<uint>(2), row.GetFieldValue<uint>(3))),
            Composites = await rows.NextAsync(row =>
                new RelationFact(row.GetFieldValue<uint>(0), rows.Intern(row.GetString(1)), row.GetString(2), 'c', RunsUnreviewedCode: false)),
            CompositeFields = await rows.NextAsync(row => new ColumnFact(
                row.GetFieldValue<uint>(0), row.GetInt16(1), rows.Intern(row.GetString(2)), row.GetFieldValue<uint>(3), rows.Intern(row.GetString(4)),
                IsNotNull: false, IsGenerated: false)),
            Defaults = await rows.NextAsync(row => new DefaultFact(
                row.GetFieldValue<uint>(0), row.GetInt16(1), FactReader.TextOrNull(row, 2), FactReader.TextOrNull(row, 3), FactReader.TextOrNull(row, 4))),
            TypeCode = await rows.NextAsync(static row => new HiddenCodeFact(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), Extension: null)),
            RangeParts = await rows.NextAsync(FactReader.Link),
            Casts = await rows.NextAsync(static row => new CastFact(
                row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), row.GetFieldValue<uint>(2), FactReader.TextOrNull(row, 3))),
            PolicyCode = await rows.NextAsync(static row => new HiddenCodeFact(
                row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), FactReader.TextOrNull(row, 2))),
            PolicySources = await rows.NextAsync(FactReader.Link),
            SystemFunctions = names["f"].ToImmutableArray(),
            SystemRowFunctions = names["r"].ToImmutableArray(),
            SystemOperators = names["o"].ToImmutableArray(),
            SystemTypes = names["t"].ToImmutableArray(),
            Types = await rows.NextAsync(CatalogueTypeQuery.Read),
            Constraints = await rows.NextAsync(ConstraintQueries.Read),
            Indexes = await rows.NextAsync(IndexQueries.Read),
        }, fingerprint, functions);
    }

    /// <summary>In the order in which <see cref="ReadFactsAsync"/> reads.</summary>
    private static readonly ImmutableArray<string> Batch =
    [
        CatalogueQueries.Version, CatalogueQueries.Fingerprint, CatalogueQueries.RunsCode, CatalogueQueries.Relations, CatalogueQueries.Columns,
        CatalogueQueries.Inheritance, CatalogueQueries.ForeignKeys, CatalogueQueries.ViewSources, CatalogueQueries.ViewCalls,
        CatalogueQueries.GeneratedSources, CatalogueQueries.Functions, CatalogueQueries.Operators, CatalogueQueries.Types,
        CatalogueQueries.ConstraintNames, CatalogueQueries.SystemNames, LineageQueries.Functions, LineageQueries.TypeShapes, LineageQueries.Composites,
        LineageQueries.CompositeFields, LineageQueries.Defaults, HiddenCodeQueries.Types, HiddenCodeQueries.Ranges, HiddenCodeQueries.Casts,
        HiddenCodeQueries.Policies, HiddenCodeQueries.PolicySources, CatalogueTypeQuery.Text,
        ConstraintQueries.Text, IndexQueries.Text,
    ];
}
