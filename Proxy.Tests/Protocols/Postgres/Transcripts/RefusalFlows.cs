using Proxy.Protocols;
using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>Refusals of our own, and those that a failing message makes true at the server.</summary>
internal static class RefusalFlows
{
    private static readonly byte[] Drop = PostgresRequests.Query("drop table item");
    private static readonly byte[] Sync = PostgresRequests.Sync();
    private static readonly byte[] NoFunction = PostgresReplies.Error("42883", "function with OID 0 does not exist");
    private static readonly byte[] NoPortal = PostgresReplies.Error("34000", "portal \"phigate_refused\" does not exist");

    /// <summary>With a position: only parse analysis knows one, so it is shown.</summary>
    private static readonly byte[] SyntaxError = new FrameBuilder('E')
        .AddByte((byte)'S').AddText("ERROR").AddByte((byte)'V').AddText("ERROR").AddByte((byte)'C').AddText("42601")
        .AddByte((byte)'M').AddText("syntax error at or near \"selec\"").AddByte((byte)'P').AddText("1").AddByte(0).ToBytes();

    private static readonly byte[] TooLong = PostgresRequests.Query(new string(' ', 200));

    private static readonly byte[] TooLongRefused = Refusal(
        "54000", "the statement is longer than the gateway reads", "phigate code=statement-too-long retry=no why=a message is over 100 bytes",
        "send values as parameters, or split the statement");

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("Query refused by us").Client(Drop).ToServer().ToClient(RuleRefused, Ready)
            .Client(PostgresRequests.Query("select 1")).Server(Columns, Row, Selected, Ready),
        new Transcript("Query refused in a block")
            .Client(PostgresRequests.Query("begin")).Server(PostgresReplies.CommandComplete("BEGIN"), ReadyInBlock)
            .Client(Drop).ToServer(FailingCall).Server(NoFunction, ReadyInFailedBlock).ToClient(RuleRefused, ReadyInFailedBlock),
        new Transcript("Query refused behind another")
            .Client(PostgresRequests.Query("select 1"), Drop).ToServer(PostgresRequests.Query("select 1"), FailingCall)
            .Server(Columns, Row, Selected, Ready, NoFunction, Ready).ToClient(Columns, Row, Selected, Ready, RuleRefused, Ready),
        new Transcript("Bind refused behind its Parse")
            .Client(PostgresRequests.Parse("", "drop table item"), PostgresRequests.Bind("", ""), PostgresRequests.Execute(""), Sync)
            .ToServer(PostgresRequests.Parse("", "drop table item"), FailingExecute, Sync)
            .Server(Parsed, NoPortal, Ready).ToClient(Parsed, RuleRefused, Ready),
        new Transcript("Bind refused by us")
            .Client(PostgresRequests.Parse("s", "drop table item"), Sync).Server(Parsed, Ready)
            .Client(PostgresRequests.Bind("", "s"), PostgresRequests.Execute(""), PostgresRequests.Flush()).ToServer().ToClient(RuleRefused)
            .Client(PostgresRequests.Query("select 1"), Sync).ToServer().ToClient(Ready)
            .Client(Sync).Server(Ready),
        new Transcript("syntax error in the server's words")
            .Client(PostgresRequests.Query("selec 1"))
            .ToServer(PostgresRequests.Parse("", "selec 1"), FailingExecute, Sync).Server(SyntaxError, Ready),
        new Transcript("what only our grammar rejects is refused")
            .Client(PostgresRequests.Query("selec 1"))
            .ToServer(PostgresRequests.Parse("", "selec 1"), FailingExecute, Sync).Server(Parsed, NoPortal, Ready)
            .ToClient(Refusal("42501", "the statement cannot be fully understood",
                "phigate code=statement-opaque retry=no why=the server accepts it, but the gateway's grammar does not", "write it without the construct named in DETAIL"), Ready),
        new Transcript("FunctionCall")
            .Client(FailingCall).ToServer().ToClient(
                Refusal("0A000", "the FunctionCall message is not supported", "phigate code=function-call-refused retry=no why=FunctionCall message", "call the function in a SELECT"), Ready),
        new Transcript("oversized Query") { Limits = new Limits { MessageBytesMax = 100 } }
            .Client(TooLong).ToServer().ToClient(TooLongRefused, Ready)
            .Client(PostgresRequests.Query("select 1")).Server(Columns, Row, Selected, Ready),
        new Transcript("oversized Bind") { Limits = new Limits { MessageBytesMax = 100 } }
            .Client(PostgresRequests.Parse("", "select 1"), PostgresRequests.Bind("", "", new string('x', 200)), PostgresRequests.Execute(""), Sync)
            .ToServer(PostgresRequests.Parse("", "select 1"), FailingExecute, Sync)
            .Server(Parsed, NoPortal, Ready).ToClient(Parsed, TooLongRefused, Ready),
    ];
}
