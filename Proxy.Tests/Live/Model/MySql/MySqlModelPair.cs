using System.Text;
using Proxy.Core.Journal;
using Proxy.Protocols.MySql.Messages;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Model.MySql;

/// <summary>One session behind the gateway and one beside it, which get the same sequences. Kept for many sequences; a failed one is thrown away.</summary>
internal sealed class MySqlModelPair : IAsyncDisposable
{
    private const uint Capabilities = MySqlWireClient.PlainCapabilities | MySqlWireClient.SeveralStatements;
    private const byte Query = 3, StatementReset = 26;
    private const int AccessDenied = 1227, UnknownStatement = 1243;

    private readonly MySqlDialectSession _session;
    private readonly MySqlWireClient _direct;
    private readonly MySqlModelSide _behind;
    private readonly MySqlModelSide _beside;

    private MySqlModelPair(MySqlDialectSession session, MySqlWireClient direct, string database)
    {
        _session = session;
        _direct = direct;
        _behind = new MySqlModelSide(session.Client, database, setupText: null);
        _beside = new MySqlModelSide(direct, database, session.SetupText);
    }

    public static async Task<MySqlModelPair> OpenAsync(MySqlModelDatabase database, MariaDbServer behind, MariaDbServer beside, IJournal journal)
    {
        var session = await MySqlDialectSession.OpenAsync(
            behind, database.Name, Capabilities, database.FrontEnd, database.Judge(), journal);
        var pair = new MySqlModelPair(session, await MySqlWireClient.OpenAsync(beside.Endpoint(database.Name, MariaDbUser.Native), Capabilities), database.Name);
        await pair.CleanAsync(); // A failed sequence of other sessions may have left rows on one side only.
        return pair;
    }

    /// <summary>Plays a sequence on both sides, comparing at every wait, and cleans up.</summary>
    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> PlayAsync(IReadOnlyList<MySqlModelStep> sequence)
    {
        var position = 0;
        try
        {
            for (; position < sequence.Count; position++)
            {
                var step = sequence[position];
                if (!_behind.CanSend(step) && await DifferenceAsync() is { } earlier) return $"before step {position}: {earlier}";
                await _behind.SendAsync(step);
                await _beside.SendAsync(step);
                if (!step.IsPipelined && await DifferenceAsync() is { } wrong) return $"at step {position}, {step}: {wrong}";
            }

            return await DifferenceAsync() ?? await StatementDifferenceAsync() ?? await CleanAsync();
        }
        catch (Exception reason) when (reason is TimeoutException or EndOfStreamException or IOException or InvalidOperationException)
        {
            return $"at step {position}: {reason.Message}\nsession: {_session.Reason}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _direct.DisposeAsync();
    }

    /// <summary>The replies, and then the state of the transaction as ledger and server see it.</summary>
    private async Task<string?> DifferenceAsync()
    {
        var through = await _behind.ReceiveAsync();
        var direct = new Queue<(MySqlModelStep Step, IReadOnlyList<MySqlPacket> Reply)>(await _beside.ReceiveAsync());
        foreach (var (step, reply) in through)
        {
            var theirs = direct.TryPeek(out var next) && ReferenceEquals(next.Step, step) ? direct.Dequeue().Reply : null;
            if (ReplyDifference(step, reply, theirs) is { } wrong) return $"{step}: {wrong}";
        }

        var server = (await _beside.AskAsync([Query, .. "select @@in_transaction, @@autocommit"u8]))[^2].Payload;
        var (isInTransaction, commitsAlways) = (server[1] == (byte)'1', server[3] == (byte)'1');
        var believed = _session.Believed.IsInTransaction;
        // An ERR does not say whether the statement has begun a transaction where it is not committed by itself: then one is believed in.
        return believed == isInTransaction || (believed && !commitsAlways) ? null
            : $"the server is {(isInTransaction ? "" : "not ")}in a transaction, and the ledger believes the other";
    }

    private static string? ReplyDifference(MySqlModelStep step, IReadOnlyList<MySqlPacket> through, IReadOnlyList<MySqlPacket>? direct)
    {
        if (step.IsRefused)
            return through is [{ IsError: true, ErrorNumber: AccessDenied }] ? null : $"was not refused: {string.Join(", ", through)}";
        if (direct is null) return "the server gave no reply";
        // Several statements in one text are between client and gateway: what the server would say of the transaction besides is not asked.
        if (step.Command is CommandCode.SetOption) return through is [{ Payload: [0xFE, ..] }] ? null : $"answered with {string.Join(", ", through)}";
        var isPrepare = step.Command is CommandCode.StatementPrepare;
        if (through.Count == direct.Count && through.Zip(direct).Select((pair, index) => IsSame(pair.First, pair.Second, isPrepare && index == 0)).All(static same => same)) return null;
        return $"\n  gateway: {string.Join(", ", through)}\n  direct:  {string.Join(", ", direct)}";
    }

    private static bool IsSame(MySqlPacket through, MySqlPacket direct, bool hasNumber)
    {
        if (hasNumber && through.IsOk && direct.IsOk) return through.Sequence == direct.Sequence && through.Payload.AsSpan(5).SequenceEqual(direct.Payload.AsSpan(5));
        // Of a text that we do not read, errors say no more than their number.
        if (through.IsError && direct.IsError && through.Message.EndsWith("(values hidden by PhiGate)", StringComparison.Ordinal))
            return through.ErrorNumber == direct.ErrorNumber && through.SqlState == direct.SqlState;
        // These errors name the number.
        if (through.IsError && direct.IsError && through.ErrorNumber is UnknownStatement or 1421) return through.ErrorNumber == direct.ErrorNumber && through.SqlState == direct.SqlState;
        return through.Equals(direct);
    }

    /// <summary>Every number that was ever given, asked for on the connection to the server that the gateway has, against what the ledger holds.</summary>
    private async Task<string?> StatementDifferenceAsync()
    {
        await _behind.AskAsync([CommandCode.Ping]); // What was closed last has no reply that would say that it has been.
        var known = _session.Believed.Statements.ToHashSet();
        foreach (var (through, direct) in _behind.Given.Zip(_beside.Given))
        {
            var server = await _beside.AskAsync([StatementReset, .. BitConverter.GetBytes(direct)]);
            var gateway = await _behind.AskAsync([StatementReset, .. BitConverter.GetBytes(through)]);
            if (known.Contains(through) != server[0].IsOk || gateway[0].IsOk != server[0].IsOk)
                return $"statement {through}: the ledger {(known.Contains(through) ? "knows" : "does not know")} it, the gateway says {gateway[0]}, the server {server[0]}";
        }

        return _behind.Given.Count == _beside.Given.Count && known.IsSubsetOf(_behind.Given) ? null : "the ledger knows numbers that were never given";
    }

    /// <summary>What was really written, and then a clean table and new sessions.</summary>
    private async Task<string?> CleanAsync()
    {
        string?[] wrong =
        [
            await RunAsync("rollback"), await RunAsync("select * from log order by n"), await RunAsync("set autocommit = 1"), await RunAsync("delete from log"),
        ];
        var reset = new MySqlModelStep("reset connection", CommandCode.ResetConnection, []);
        await _behind.SendAsync(reset);
        await _beside.SendAsync(reset);
        var last = await DifferenceAsync();
        _behind.ForgetNumbers();
        _beside.ForgetNumbers();
        return wrong.FirstOrDefault(static one => one is not null) ?? last;
    }

    private async Task<string?> RunAsync(string text)
    {
        byte[] command = [Query, .. Encoding.ASCII.GetBytes(text)];
        var step = new MySqlModelStep(text, Query, command[1..]);
        return ReplyDifference(step, await _behind.AskAsync(command), await _beside.AskAsync(command)) is { } wrong ? $"at the end, {text}: {wrong}" : null;
    }
}
