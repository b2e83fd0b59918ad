using System.Globalization;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// One session through the program whose statements count themselves at the server, and fill the journal quickly. What ran is known from the server, so
/// that a statement that was refused and ran all the same shows, and so does one that was answered and is not recorded.
/// </summary>
internal sealed class CountedStatements : IAsyncDisposable
{
    /// <summary>The smallest segments that the configuration admits: some twenty of these statements fill one.</summary>
    public const string Journal = "segment-bytes: 1048576\nrecord-bytes-max: 131072";

    public const string Limits = "message-bytes-max: 65536\nstatement-bytes-max: 65536";

    public const int SegmentBytes = 1048576;

    private const int TextBytes = 50_000;
    private const int RefusedAtLast = 1_000;

    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly NpgsqlConnection _connection;
    private int _refusedAndTriedAgain;

    private CountedStatements(PostgresServer server, string database, NpgsqlConnection connection)
    {
        _server = server;
        _database = database;
        _connection = connection;
    }

    /// <summary>How many were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Bytes of text in them.</summary>
    public long BytesAnswered => (long)Answered * TextBytes;

    /// <summary>A database with what they count by.</summary>
    public static async Task<string> CreateDatabaseAsync(PostgresServer server)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create sequence ran; grant all on sequence ran to public");
        return database;
    }

    public static async Task<CountedStatements> OpenAsync(PhiGateProcess gateway, PostgresServer server, string database)
    {
        var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(gateway.Endpoint()) + ";Include Error Detail=true");
        await connection.OpenAsync();
        return new CountedStatements(server, database, connection);
    }

    public async Task RunAsync()
    {
        // Npgsql closes a connection that was told of an error of class 58 (system error), whatever the server thinks of it.
        if (_connection.State is not System.Data.ConnectionState.Open)
        {
            await _connection.CloseAsync();
            await _connection.OpenAsync();
        }

        // Each text is another one: what is prepared at the server leaves no text in the journal.
        var number = Answered.ToString(CultureInfo.InvariantCulture);
        await using var command = new NpgsqlCommand($"select nextval('ran') /* {number.PadLeft(TextBytes, '.')} */", _connection);
        await command.ExecuteScalarAsync();
        Answered++;
    }

    /// <summary>
    /// So many are answered. A small segment fills faster than the next one is prepared, and the gateway then says that it may be tried again.
    /// </summary>
    public async Task RunAsync(int times)
    {
        for (var goal = Answered + times; Answered < goal;)
        {
            try
            {
                await RunAsync();
            }
            catch (PostgresException refusal) when (_refusedAndTriedAgain++ < RefusedAtLast && refusal.Detail?.Contains("retry=yes", StringComparison.Ordinal) == true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Until the gateway refuses one.</summary>
    public async Task<PostgresException> RunUntilRefusedAsync()
    {
        for (var i = 0; i < RefusedAtLast; i++)
        {
            try
            {
                await RunAsync();
            }
            catch (PostgresException refusal)
            {
                return refusal;
            }
        }
        throw new AssertionException("no statement was refused");
    }

    /// <summary>How many ran, as the server says.</summary>
    public async Task<long> RanAsync()
    {
        await using var direct = await _server.OpenAsync(_database);
        await using var command = new NpgsqlCommand("select case when is_called then last_value else 0 end from ran", direct);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
