using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;
using Proxy.Protocols.Postgres;
using Proxy.Protocols.Postgres.Messages;
using BindMessage = Proxy.Protocols.Postgres.Messages.Bind;
using PostgresReplies = Proxy.Tests.Support.PostgresReplies;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// The server of a fuzzed client: knows names, portals, transactions and COPY as far as the gateway relies on them, fails now and then, and
/// answers whatever mentions patients with canaries. What reaches it is compared with the journal by <see cref="IntentCheck"/>.
/// </summary>
internal sealed class ScriptedBackend(PostgresFrontEnd reader, IntentCheck check, Random random)
{
    private const int FailureOdds = 25;

    private readonly Dictionary<string, string> _statements = [];
    private readonly Dictionary<string, (string Text, short Format)> _portals = [];
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _namesOfPatients = [];
    private readonly List<byte[]> _replies = [];
    private byte[] _received = [];
    private char _transaction = 'I';
    private bool _skips;
    private bool _wantsCopyData;
    private bool _copyIsQuery;

    /// <summary>Takes what the gateway sent and returns what a server would answer.</summary>
    public async Task<byte[]> AnswerAsync(byte[] sent)
    {
        _received = [.. _received, .. sent];
        _replies.Clear();
        while (_received.Length > 0)
        {
            var status = PostgresFraming.TryReadHeader(_received, out var type, out var length);
            Assert.That(status, Is.Not.EqualTo(FrameStatus.Malformed), "the server got a malformed frame");
            if (status is FrameStatus.Incomplete) break;
            var body = _received[PostgresFraming.HeaderLength..length];
            _received = _received[length..];
            await TakeAsync(type, body);
        }

        return [.. _replies.SelectMany(reply => reply)];
    }

    private async Task TakeAsync(byte type, byte[] body)
    {
        if (_wantsCopyData && type is not (FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail))
        {
            if (type is FrontendCode.Flush or FrontendCode.Sync) return;
            EndCopy(failed: true); // A server gives up on the COPY, and takes the message.
        }

        if (_skips && type is not (FrontendCode.Sync or FrontendCode.Terminate)) return;
        switch (type)
        {
            case FrontendCode.Query:
                await QueryAsync(body);
                break;
            case FrontendCode.Parse:
                await ParseAsync(body);
                break;
            case FrontendCode.Bind:
                await BindAsync(body);
                break;
            case FrontendCode.Describe:
                await DescribeAsync(body);
                break;
            case FrontendCode.Execute:
                await ExecuteAsync(body);
                break;
            case FrontendCode.Close:
                Assert.That(NamedObject.TryDecode(body, out var close), "malformed Close");
                if (close.IsPortal) _portals.Remove(Text(close.Name));
                else _statements.Remove(Text(close.Name));
                _replies.Add(PostgresReplies.CloseComplete());
                break;
            case FrontendCode.FunctionCall when body.AsSpan().SequenceEqual(PostgresRefusal.FailingCall.AsSpan(PostgresFraming.HeaderLength)):
                Error("42883"); // The stand-in for a refused Query: no function has OID 0.
                Ready();
                break;
            case FrontendCode.Sync:
                _skips = false;
                Ready();
                break;
            case FrontendCode.CopyDone or FrontendCode.CopyFail when _wantsCopyData:
                EndCopy(failed: type is FrontendCode.CopyFail);
                break;
            case FrontendCode.CopyData or FrontendCode.CopyDone or FrontendCode.CopyFail or FrontendCode.Flush or FrontendCode.Terminate:
                break;
            default:
                Assert.Fail($"message type 0x{type:x2} reached the server");
                break;
        }
    }

    private async Task QueryAsync(byte[] body)
    {
        Assert.That(Query.TryDecode(body, out var query), "malformed Query");
        var text = query.Text.ToArray();
        check.Runs(text);
        _statements.Remove("");
        var analysis = await reader.AnalyseAsync(text, CancellationToken.None);
        if (analysis.Statements.IsEmpty) _replies.Add(PostgresReplies.EmptyQueryResponse());
        foreach (var reading in analysis.Statements)
        {
            if (Fails(reading) || IsTaken(reading))
            {
                Fail(reading);
                Ready();
                return;
            }

            if (!Run(reading, describes: true, format: 0)) return; // COPY waits for data, and ReadyForQuery with it.
        }

        Ready();
    }

    private async Task ParseAsync(byte[] body)
    {
        Assert.That(Parse.TryDecode(body, out var parse), "malformed Parse");
        var (name, text) = (Text(parse.Name), parse.Text.ToArray());
        check.Parses(text);
        if (name.Length == 0) _statements.Remove("");
        var analysis = await reader.AnalyseAsync(text, CancellationToken.None);
        if (analysis.Status is not AnalysisStatus.Read) Error("42601");
        else if (_statements.ContainsKey(name)) Error("42P05");
        else
        {
            _statements[name] = Encoding.Latin1.GetString(text);
            _replies.Add(PostgresReplies.ParseComplete());
        }
    }

    private async Task BindAsync(byte[] body)
    {
        Assert.That(BindMessage.TryDecode(body, out var bind), "malformed Bind");
        var (portal, format) = (Text(bind.Portal), (short)(bind.ResultFormats is [_, 1, ..] ? 1 : 0));
        if (!_statements.TryGetValue(Text(bind.Statement), out var text))
        {
            Error("26000");
            return;
        }

        check.Binds(Encoding.Latin1.GetBytes(text), bind.Parameters);
        var analysis = await reader.AnalyseAsync(Encoding.Latin1.GetBytes(text), CancellationToken.None);
        if (random.Next(FailureOdds) == 0)
        {
            Fail(analysis.Statements.Any(TouchesPatients));
            return;
        }

        _portals[portal] = (text, format);
        _replies.Add(PostgresReplies.BindComplete());
    }

    private async Task DescribeAsync(byte[] body)
    {
        Assert.That(NamedObject.TryDecode(body, out var describe), "malformed Describe");
        var (name, isPortal) = (Text(describe.Name), describe.IsPortal);
        string? text;
        short format = 0;
        if (isPortal) (text, format) = _portals.GetValueOrDefault(name);
        else text = _statements.GetValueOrDefault(name);
        if (text is null)
        {
            Error(isPortal ? "34000" : "26000");
            return;
        }

        if (!isPortal) _replies.Add(PostgresReplies.ParameterDescription());
        var analysis = await reader.AnalyseAsync(Encoding.Latin1.GetBytes(text), CancellationToken.None);
        _replies.Add(analysis.Statements is [var reading] && ReturnsRows(reading) ? Description(reading, format) : PostgresReplies.NoData());
    }

    private async Task ExecuteAsync(byte[] body)
    {
        Assert.That(Execute.TryDecode(body, out var execute), "malformed Execute");
        var rowsMax = execute.RowsMax;
        if (!_portals.TryGetValue(Text(execute.Portal), out var portal))
        {
            Error("34000");
            return;
        }

        check.Executes(Encoding.Latin1.GetBytes(portal.Text));
        var analysis = await reader.AnalyseAsync(Encoding.Latin1.GetBytes(portal.Text), CancellationToken.None);
        if (analysis.Statements is not [var reading]) _replies.Add(PostgresReplies.EmptyQueryResponse());
        else if (Fails(reading) || IsTaken(reading)) Fail(reading);
        else if (rowsMax is > 0 and < 3 && ReturnsRows(reading))
        {
            _replies.Add(Row(reading, portal.Format));
            _replies.Add(PostgresReplies.PortalSuspended());
        }
        else Run(reading, describes: false, portal.Format);
    }

    private bool Fails(StatementReading reading) =>
        random.Next(FailureOdds) == 0 || (_transaction == 'E' && reading.Kind is not (StatementKind.Rollback or StatementKind.Commit));

    /// <summary>False when the statement goes on: COPY FROM STDIN.</summary>
    private bool Run(StatementReading reading, bool describes, short format)
    {
        Name(reading);
        _transaction = reading.Kind switch
        {
            StatementKind.Begin => 'T',
            StatementKind.Commit or StatementKind.Rollback => 'I',
            _ => _transaction,
        };
        switch (reading.Kind)
        {
            case StatementKind.CopyIn:
                _replies.Add(PostgresReplies.CopyInResponse(2));
                _wantsCopyData = true;
                _copyIsQuery = describes;
                return false;
            case StatementKind.CopyOut:
                _replies.AddRange(CopiedRows.Of(reading, FuzzCatalogue.Instance.Current, TouchesPatients(reading) ? "CANARY" : "North 3"));
                break;
            case var _ when ReturnsRows(reading):
                if (describes) _replies.Add(Description(reading, format));
                for (var i = random.Next(3); i >= 0; i--)
                    _replies.Add(Row(reading, format));
                break;
        }

        _replies.Add(PostgresReplies.CommandComplete(ReturnsRows(reading) ? "SELECT 1" : "SET"));
        return true;
    }

    /// <summary>A name means one thing until it is given up, so what it shows is what it was made for (42P05, 42P03).</summary>
    private bool IsTaken(StatementReading reading) =>
        reading is { Kind: StatementKind.Prepare or StatementKind.DeclareCursor, ObjectName: { } name } && _names.Contains(name);

    private void Name(StatementReading reading)
    {
        switch (reading)
        {
            case { Kind: StatementKind.Prepare or StatementKind.DeclareCursor, ObjectName: { } name }:
                _names.Add(name);
                if (TouchesPatients(reading)) _namesOfPatients.Add(name);
                break;
            case { Kind: StatementKind.Deallocate or StatementKind.CloseCursor or StatementKind.Discard, ObjectName: var name }:
                // Without a name, all of them.
                _names.RemoveWhere(other => name is null || other == name);
                _namesOfPatients.RemoveWhere(other => name is null || other == name);
                break;
        }
    }

    private void EndCopy(bool failed)
    {
        _wantsCopyData = false;
        if (failed) Fail(touchesPatients: true);
        else _replies.Add(PostgresReplies.CommandComplete("COPY 2"));
        if (!_copyIsQuery) return;
        _skips = false;
        Ready();
    }

    private bool TouchesPatients(StatementReading reading) =>
        reading.Relations.Any(mention => mention.ToString().Contains("patients", StringComparison.OrdinalIgnoreCase))
        || (reading is { Kind: StatementKind.Execute or StatementKind.Fetch, ObjectName: { } name } && _namesOfPatients.Contains(name));

    private static bool ReturnsRows(StatementReading reading) =>
        reading.Kind is StatementKind.Select or StatementKind.Fetch or StatementKind.Execute or StatementKind.ShowSetting;

    private byte[] Description(StatementReading reading, short format) => TouchesPatients(reading)
        ? PostgresReplies.RowDescription(("a", (int)FuzzCatalogue.Patients, 2, 25, format), ("b", 0, 0, 25, format), ("c", (int)FuzzCatalogue.Patients, 1, 23, format))
        : PostgresReplies.RowDescription(("a", 0, 0, 25, format));

    private byte[] Row(StatementReading reading, short format)
    {
        if (!TouchesPatients(reading)) return PostgresReplies.TextRow("x");
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("CANARY", random.Next(30) == 0 ? 200 : 2)));
        return PostgresReplies.DataRow(text, text, format == 1 ? "CNRY"u8.ToArray() : "1129206361"u8.ToArray());
    }

    private void Fail(StatementReading reading) => Fail(TouchesPatients(reading));

    private void Fail(bool touchesPatients) => Error("22012", touchesPatients ? "CANARY by zero" : "by zero");

    private void Error(string state, string message = "no")
    {
        _replies.Add(PostgresReplies.Error(state, message));
        if (_transaction == 'T') _transaction = 'E';
        _skips = true;
    }

    private void Ready()
    {
        _skips = false;
        _wantsCopyData = false;
        if (_transaction == 'I') _portals.Clear();
        _replies.Add(PostgresReplies.ReadyForQuery(_transaction));
    }

    private static string Text(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);
}
