using System.Globalization;
using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>
/// Makes random sequences of messages: a few bursts, each sent without waiting. Names are few, so that they are redefined, closed and used when
/// they do not exist. Every seed gives one sequence.
/// </summary>
internal sealed class ModelGenerator
{
    private static readonly string[] Statements = ["", "", "s1", "s2", "s3", "u1"];
    private static readonly string[] Portals = ["", "", "", "p1", "p2", "p3"];
    private static readonly string[] NamedPortals = ["p1", "p2", "p3"];
    private static readonly string[] Cursors = ["c1", "c2", "c2"];
    private static readonly string[] Values = ["1", "4", "0", "x", "2"];
    private static readonly int[] Limits = [0, 0, 0, 1, 2, 7];

    /// <summary>Fails on a server as the refusal does at the gateway: error and ReadyForQuery, and no name changes.</summary>
    private static readonly byte[] FailingCall = new FrameBuilder('F').AddInt32(0).AddInt16(0).AddInt16(0).AddInt16(0).ToBytes();

    private readonly Random _random;
    private readonly string[] _sleeping;
    private readonly string[] _sleepingAlone;
    private readonly string[] _sleepingAsQuery;
    private readonly int _sleepingOdds;
    private readonly List<ModelStep> _steps = [];

    private ModelGenerator(int seed, bool isSlow)
    {
        _random = new Random(seed);
        (_sleeping, _sleepingAlone, _sleepingAsQuery, _sleepingOdds) = isSlow
            ? (ModelTexts.Slow, ModelTexts.Slow, ModelTexts.Slow, 5)
            : (ModelTexts.Sleeping, ModelTexts.SleepingAlone, [.. ModelTexts.SleepingAlone, .. ModelTexts.SleepingAtCommit], 40);
    }

    /// <param name="seed">Says which sequence.</param>
    /// <param name="isSlow">What sleeps ends by itself, soon; otherwise somebody has to cancel it.</param>
    public static IReadOnlyList<ModelStep> Generate(int seed, bool isSlow = false)
    {
        var generator = new ModelGenerator(seed, isSlow);
        var bursts = generator._random.Next(1, 6);
        for (var i = 0; i < bursts; i++)
            generator.AddBurst();
        return generator._steps;
    }

    private void AddBurst()
    {
        var messages = _random.Next(1, 9);
        for (var i = 0; i < messages; i++)
            AddMessage();
        AddWait(_random.Next(3) == 0 ? ModelAction.FlushBarrier : ModelAction.Barrier);
    }

    private void AddMessage()
    {
        switch (_random.Next(100))
        {
            case < 12:
                Parse(Pick(Statements));
                break;
            case < 24:
                Bind(Pick(Portals), Pick(Statements));
                break;
            case < 29:
                Describe();
                break;
            case < 40:
                // Only a named one: PostgreSQL 15 crashes on Execute of the unnamed portal that a Query left behind when it failed in a block.
                Execute(Pick(NamedPortals));
                break;
            case < 44:
                Close();
                break;
            case < 46:
                Send("Flush", PostgresRequests.Flush());
                break;
            case < 54:
                Send("Sync", PostgresRequests.Sync());
                break;
            case < 62:
                RunExtended();
                break;
            case < 86:
                Query(QueryText());
                break;
            case < 89:
                CopyIn();
                break;
            case < 96:
                Refuse();
                break;
            case < 97:
                Send("FunctionCall", FailingCall);
                break;
            default:
                Execute(_random.Next(2) == 0 ? "c1" : "c2");
                break;
        }
    }

    private void Parse(string name)
    {
        var text = name switch
        {
            "s2" => Pick(ModelTexts.Parameterised),
            "s1" or "s3" => Pick(ModelTexts.Rows),
            _ => ExtendedText(),
        };
        Send($"Parse {Quote(name)} {Quote(text)}", PostgresRequests.Parse(name, text));
    }

    private void Bind(string portal, string statement)
    {
        string?[] values = statement is "s2" || _random.Next(8) == 0 ? [Pick(Values)] : [];
        short[] formats = _random.Next(4) == 0 ? [1] : [];
        Send(string.Create(CultureInfo.InvariantCulture, $"Bind {Quote(portal)} {Quote(statement)} ({values.FirstOrDefault()}){(formats.Length > 0 ? " binary" : "")}"),
            PostgresRequests.Bind(portal, statement, [.. values.Select(value => Encoding.UTF8.GetBytes(value!))], resultFormats: formats));
    }

    private void Describe()
    {
        if (_random.Next(2) == 0)
        {
            var statement = Pick(Statements);
            Send($"Describe statement {Quote(statement)}", PostgresRequests.DescribeStatement(statement));
            return;
        }

        var portal = Pick(Cursors);
        Send($"Describe portal {Quote(portal)}", PostgresRequests.DescribePortal(portal));
    }

    private void Execute(string portal)
    {
        var limit = Pick(Limits);
        Send(string.Create(CultureInfo.InvariantCulture, $"Execute {Quote(portal)} {limit}"), PostgresRequests.Execute(portal, limit));
    }

    private void Close()
    {
        if (_random.Next(2) == 0)
        {
            var statement = Pick(Statements);
            Send($"Close statement {Quote(statement)}", PostgresRequests.CloseStatement(statement));
            return;
        }

        var portal = _random.Next(2) == 0 ? Pick(Cursors) : Pick(Portals);
        Send($"Close portal {Quote(portal)}", PostgresRequests.ClosePortal(portal));
    }

    /// <summary>What drivers do, so that most sequences get somewhere.</summary>
    private void RunExtended()
    {
        if (_random.Next(8) == 0)
        {
            // At once and never again: the gateway refuses what is bound to one cursor and executed on another, which a server may not survive.
            var run = Pick(ModelTexts.Runs);
            Send($"Parse, Bind, Execute {Quote(run)}, Sync, Close statement ''",
                [
                    .. PostgresRequests.Parse("", run), .. PostgresRequests.Bind("", ""), .. PostgresRequests.Execute(""),
                    .. PostgresRequests.Sync(), .. PostgresRequests.CloseStatement(""), .. PostgresRequests.Sync(),
                ]);
            return;
        }

        var (statement, portal) = (Pick(Statements), Pick(Portals));
        if (statement.Length > 0 && _random.Next(2) == 0)
            Send($"Close statement {Quote(statement)}", PostgresRequests.CloseStatement(statement));
        Parse(statement);
        Bind(portal, statement);
        if (_random.Next(2) == 0)
            Send($"Describe portal {Quote(portal)}", PostgresRequests.DescribePortal(portal));
        for (var i = _random.Next(1, 4); i > 0; i--)
            Execute(portal);
        if (_random.Next(2) == 0)
            Send("Sync", PostgresRequests.Sync());
    }

    private void Query(string text) => Send($"Query {Quote(text)}", PostgresRequests.Query(text));

    private string QueryText()
    {
        if (_random.Next(_sleepingOdds) == 0) return Pick(_sleepingAsQuery);
        if (_random.Next(5) > 0) return SingleText();
        return string.Join("; ", Enumerable.Range(0, _random.Next(2, 4)).Select(_ => SingleText()));
    }

    private string SingleText() => _random.Next(20) switch
    {
        _ when _random.Next(_sleepingOdds) == 0 => Pick(_sleeping),
        < 3 => Pick(ModelTexts.Rows),
        < 4 => Pick(ModelTexts.Others),
        < 6 => Pick(ModelTexts.Failing),
        < 8 => Pick(ModelTexts.Noisy),
        < 13 => Pick(ModelTexts.Transactions),
        < 15 => Pick(ModelTexts.Runs),
        _ => Pick(ModelTexts.Names),
    };

    private string ExtendedText() => _random.Next(20) switch
    {
        _ when _random.Next(_sleepingOdds) == 0 => Pick(_sleeping),
        _ when _random.Next(_sleepingOdds) == 0 => Pick(_sleepingAlone),
        < 6 => Pick(ModelTexts.Rows),
        < 8 => Pick(ModelTexts.Others),
        < 10 => Pick(ModelTexts.Failing),
        < 11 => Pick(ModelTexts.Noisy),
        < 15 => Pick(ModelTexts.Transactions),
        _ => Pick(ModelTexts.Names),
    };

    private void CopyIn()
    {
        var text = Pick(["copy log (what) from stdin", "copy log (what) from stdin", "copy log (id, what) from stdin", "copy missing from stdin",
            "insert into log (what) values ('before'); copy log (what) from stdin; insert into log (what) values ('after')"]);
        byte[] end = _random.Next(4) == 0 ? PostgresRequests.CopyFail("no more") : PostgresRequests.CopyDone();
        byte[] data = [.. PostgresRequests.CopyData("copied\n"u8), .. PostgresRequests.CopyData("copied, too\n"u8)];
        if (_random.Next(3) == 0)
        {
            // At the end of a burst, waiting for the server to ask.
            AddWait(ModelAction.Barrier);
            Add(new ModelStep(ModelAction.AwaitCopyIn, $"Query {Quote(text)}", PostgresRequests.Query(text), PostgresRequests.Query(text)));
            if (_random.Next(2) == 0) Send("Sync within COPY, then data", [.. PostgresRequests.Sync(), .. data]);
            else Send("data", data);
            Send(end[0] == 'f' ? "CopyFail" : "CopyDone", end);
            return;
        }

        if (_random.Next(2) == 0)
        {
            Send($"Query {Quote(text)} with data, {(char)end[0]}", [.. PostgresRequests.Query(text), .. data, .. end]);
            return;
        }

        Send($"Parse, Bind, Execute {Quote(text)} with data, {(char)end[0]}",
            [
                .. PostgresRequests.Parse("", text), .. PostgresRequests.Bind("", ""), .. PostgresRequests.Execute(""),
                .. _random.Next(2) == 0 ? PostgresRequests.Sync() : [], .. data, .. end,
                // Nobody may run the statement again without data: a server ends such a session.
                .. PostgresRequests.Sync(), .. PostgresRequests.CloseStatement(""), .. PostgresRequests.Sync(),
            ]);
    }

    private void Refuse()
    {
        var text = Pick(ModelTexts.Refused);
        switch (_random.Next(4))
        {
            case 0:
                Refused($"Query {Quote(text)}", PostgresRequests.Query(text), FailingCall);
                break;
            case 1:
                var several = $"insert into log (what) values ('never'); {text}";
                Refused($"Query {Quote(several)}", PostgresRequests.Query(several), FailingCall);
                break;
            case 2:
                Send($"Parse 'r1' {Quote(text)}", PostgresRequests.Parse("r1", text));
                RefusedBind("r1");
                break;
            default:
                // A name that stays defined by this text would be bound by others: the Sync makes sure that the Close is not skipped.
                Send($"Parse '' {Quote(text)}", PostgresRequests.Parse("", text));
                RefusedBind("");
                Send("Sync, Close statement '', Sync", [.. PostgresRequests.Sync(), .. PostgresRequests.CloseStatement(""), .. PostgresRequests.Sync()]);
                break;
        }
    }

    /// <summary>A parameter too many fails where the refusal comes: after the statement was found, before there is a portal.</summary>
    private void RefusedBind(string statement)
    {
        var portal = Pick(Portals);
        Refused($"Bind {Quote(portal)} {Quote(statement)}", PostgresRequests.Bind(portal, statement), PostgresRequests.Bind(portal, statement, "too many"));
    }

    private void Refused(string label, byte[] gateway, byte[] direct)
    {
        Add(new ModelStep(ModelAction.Send, $"{label} (refused)", gateway, direct));
    }

    private void Send(string label, byte[] bytes)
    {
        Add(new ModelStep(ModelAction.Send, label, bytes, bytes));
    }

    private void AddWait(ModelAction action) => Add(new ModelStep(action, "", [], []));

    private void Add(ModelStep step) => _steps.Add(step);

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];

    private static string Quote(string text) => $"'{text}'";
}
