using System.Buffers.Binary;
using System.Data;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>Plays exchanges against an endpoint, in a database that looks the same to every exchange.</summary>
public sealed class ExchangePlayer : IAsyncDisposable
{
    private static readonly TimeSpan SleepDeadline = TimeSpan.FromSeconds(30);
    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly NpgsqlConnection _resetting;

    private ExchangePlayer(PostgresServer server, string database, NpgsqlConnection resetting)
    {
        _server = server;
        _database = database;
        _resetting = resetting;
    }

    /// <summary>Who plays, directly and behind a gateway: error texts and privileges name the role.</summary>
    public static TestUser Role => TestUser.Trust;

    public string Database => _database;

    /// <summary>Whether the step says what a gateway does otherwise than the server, by design.</summary>
    public static bool IsByDesign(ExchangeStep step) => step.Action is ExchangeAction.Refused or ExchangeAction.Ended;

    /// <summary>The server itself.</summary>
    public ClientEndpoint Direct => _server.Endpoint(_database, Role);

    public static async Task<ExchangePlayer> CreateAsync(PostgresServer server)
    {
        var database = await server.CreateDatabaseAsync("exchange");
        await server.ExecuteAsync(database, ExchangeDatabase.Create);
        return new ExchangePlayer(server, database, await server.OpenAsync(database));
    }

    public ValueTask DisposeAsync() => _resetting.DisposeAsync();

    /// <summary>
    /// All frames received, without the process ids in notifications. Fails when another type of frame comes than the exchange says:
    /// two endpoints that agree on nonsense would prove little.
    /// </summary>
    /// <param name="refuses">Whether the endpoint refuses what an exchange says that PhiGate refuses by design; then it ends there.</param>
    public async Task<IReadOnlyList<WireFrame>> PlayAsync(Exchange exchange, ClientEndpoint endpoint, bool refuses = false)
    {
        await ResetAsync();
        await using var client = await WireClient.OpenAsync(endpoint);
        var received = new List<WireFrame>();
        var pending = new List<ReadOnlyMemory<byte>>();
        foreach (var step in exchange.On(_server.Options.Version))
        {
            if (step.Action is ExchangeAction.Send)
            {
                pending.Add(step.Bytes);
                continue;
            }
            if (IsByDesign(step) && !refuses)
                continue;
            await SendAsync(client, pending);
            switch (step.Action)
            {
                case ExchangeAction.Refused:
                    await ReceiveRefusalAsync(client, exchange, step);
                    return received;
                case ExchangeAction.Ended:
                    AssertRefusal(await client.ReceiveToEndAsync(), exchange, step);
                    return received;
                case ExchangeAction.Other:
                    await _server.ExecuteAsync(_database, step.Text);
                    break;
                case ExchangeAction.Cancel:
                    await CancelAsync(client, endpoint);
                    break;
                default:
                    await ReceiveAsync(client, exchange, step, received);
                    break;
            }
        }
        return received;
    }

    private async Task ResetAsync()
    {
        // What one exchange has cut shall not fail the next ones.
        if (_resetting.State is not ConnectionState.Open)
        {
            await _resetting.CloseAsync();
            await _resetting.OpenAsync();
        }
        await using var reset = new NpgsqlCommand(ExchangeDatabase.Reset, _resetting);
        await reset.ExecuteNonQueryAsync();
    }

    private static async Task SendAsync(WireClient client, List<ReadOnlyMemory<byte>> pending)
    {
        if (pending.Count == 0)
            return;
        // In one piece: what the server makes of it must not depend on how the network cuts it.
        await client.SendAsync(pending.SelectMany(message => message.ToArray()).ToArray());
        pending.Clear();
    }

    private static async Task ReceiveAsync(WireClient client, Exchange exchange, ExchangeStep step, List<WireFrame> received)
    {
        foreach (var expected in step.Text)
        {
            var frame = await client.ReceiveAsync();
            Assert.That(frame?.Type, Is.EqualTo(expected), $"{exchange.File}.txt:{step.Line} received {frame?.ToString() ?? "the end"}");
            received.Add(WithoutProcessId(frame!));
        }
        if (step.Action is ExchangeAction.ReceiveToEnd)
            Assert.That(await client.ReceiveAsync(), Is.Null, $"{exchange.File}.txt:{step.Line} expected the end");
    }

    private static async Task ReceiveRefusalAsync(WireClient client, Exchange exchange, ExchangeStep step)
    {
        AssertRefusal(await client.ReceiveUntilReadyAsync(), exchange, step);
        Assert.That((await client.QueryAsync("select 1")).Select(frame => frame.Type), Is.EqualTo("TDCZ"), "The session goes on.");
    }

    private static void AssertRefusal(IReadOnlyList<WireFrame> frames, Exchange exchange, ExchangeStep step)
    {
        var errors = frames.Where(frame => frame.Type is WireFrame.ErrorResponse).ToArray();
        Assert.That(errors, Has.Length.EqualTo(1), $"{exchange.File}.txt:{step.Line}");
        Assert.That(errors[0].Field('D'), Does.StartWith($"phigate code={step.Text} "), $"{exchange.File}.txt:{step.Line}");
    }

    private static WireFrame WithoutProcessId(WireFrame frame)
    {
        if (frame.Type == 'A')
            BinaryPrimitives.WriteInt32BigEndian(frame.Body, 0);
        return frame;
    }

    // A request that comes before the statement has begun cancels nothing, so look first.
    private async Task CancelAsync(WireClient client, ClientEndpoint endpoint)
    {
        using var deadline = new CancellationTokenSource(SleepDeadline);
        await using var observer = await _server.OpenAsync(_database);
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'", observer);
        while (await command.ExecuteScalarAsync(deadline.Token) is not > 0L)
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        await using var canceller = await WireClient.ConnectAsync(endpoint.Host, endpoint.Port);
        await canceller.SendAsync(PostgresRequests.CancelRequest(client.ProcessId, client.SecretKey));
        Assert.That(await canceller.ReceiveAsync(), Is.Null, "A cancel request has no answer.");
    }
}
