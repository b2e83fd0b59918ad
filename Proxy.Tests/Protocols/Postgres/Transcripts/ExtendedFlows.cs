using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>The extended query protocol.</summary>
internal static class ExtendedFlows
{
    private static readonly byte[] Parse = PostgresRequests.Parse("", "select n, t from item");
    private static readonly byte[] Bind = PostgresRequests.Bind("", "");
    private static readonly byte[] Describe = PostgresRequests.DescribePortal("");
    private static readonly byte[] Execute = PostgresRequests.Execute("");
    private static readonly byte[] Sync = PostgresRequests.Sync();

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("extended query with Describe")
            .Client(Parse, Bind, Describe, Execute, Sync).Server(Parsed, Bound, Columns, Row, Selected, Ready),
        new Transcript("extended query without Describe")
            .Client(Parse, Bind, Execute, Sync).ToServer(Parse, Bind, Describe, Execute, Sync)
            .Server(Parsed, Bound, Columns, Row, Selected, Ready).ToClient(Parsed, Bound, Row, Selected, Ready),
        new Transcript("extended query without rows")
            .Client(PostgresRequests.Parse("", "insert into item values (1)"), Bind, Execute, Sync)
            .ToServer(PostgresRequests.Parse("", "insert into item values (1)"), Bind, Describe, Execute, Sync)
            .Server(Parsed, Bound, PostgresReplies.NoData(), PostgresReplies.CommandComplete("INSERT 0 1"), Ready)
            .ToClient(Parsed, Bound, PostgresReplies.CommandComplete("INSERT 0 1"), Ready),
        new Transcript("statement described, then executed twice")
            .Client(PostgresRequests.Parse("s", "select n, t from item"), PostgresRequests.DescribeStatement("s"), Sync)
            .Server(Parsed, PostgresReplies.ParameterDescription(), Columns, Ready)
            .Client(PostgresRequests.Bind("p", "s"), PostgresRequests.Execute("p"), Sync)
            .ToServer(PostgresRequests.Bind("p", "s"), PostgresRequests.DescribePortal("p"), PostgresRequests.Execute("p"), Sync)
            .Server(Bound, Columns, Row, Selected, Ready).ToClient(Bound, Row, Selected, Ready)
            .Client(PostgresRequests.Bind("p", "s"), PostgresRequests.Execute("p"), Sync)
            .ToServer(PostgresRequests.Bind("p", "s"), PostgresRequests.DescribePortal("p"), PostgresRequests.Execute("p"), Sync)
            .Server(Bound, Columns, NullRow, Selected, Ready).ToClient(Bound, NullRow, Selected, Ready),
        new Transcript("empty statement")
            .Client(PostgresRequests.Parse("", ""), Bind, Describe, Execute, Sync)
            .Server(Parsed, Bound, PostgresReplies.NoData(), PostgresReplies.EmptyQueryResponse(), Ready),
        new Transcript("answers at Flush")
            .Client(Parse, PostgresRequests.Flush()).Server(Parsed)
            .Client(Bind, Describe, PostgresRequests.Flush()).Server(Bound, Columns)
            .Client(Execute, PostgresRequests.Flush()).Server(Row, Selected)
            .Client(Sync).Server(Ready),
        new Transcript("segments one behind the other")
            .Client(Parse, Bind, Describe, Execute, Sync, Parse, Bind, Describe, Execute, Sync)
            .Server(Parsed, Bound, Columns, Row, Selected, Ready, Parsed, Bound, Columns, NullRow, Selected, Ready),
        new Transcript("portal suspended and resumed")
            .Client(Parse, PostgresRequests.Bind("p", ""), PostgresRequests.DescribePortal("p"), PostgresRequests.Execute("p", 1), PostgresRequests.Execute("p", 1), PostgresRequests.Execute("p"), Sync)
            .Server(Parsed, Bound, Columns, Row, PostgresReplies.PortalSuspended(), NullRow, PostgresReplies.PortalSuspended(), PostgresReplies.CommandComplete("SELECT 0"), Ready),
        new Transcript("statement and portal closed")
            .Client(PostgresRequests.Parse("s", "select 1"), PostgresRequests.Bind("p", "s"), PostgresRequests.ClosePortal("p"), PostgresRequests.CloseStatement("s"), Sync)
            .Server(Parsed, Bound, Closed, Closed, Ready),
        new Transcript("error in a batch")
            .Client(Parse, Bind, Describe, Execute, PostgresRequests.Parse("s", "select 2"), Sync)
            .Server(Parsed, DivisionByZero, Ready)
            .Client(PostgresRequests.Bind("", "s"), Sync)
            .ToServer(PostgresRequests.CloseStatement("s"), PostgresRequests.Bind("", "s"), Sync)
            .Server(Closed, PostgresReplies.Error("26000", "prepared statement \"s\" does not exist"), Ready)
            .ToClient(PostgresReplies.Error("26000", "prepared statement \"s\" does not exist"), Ready),
        new Transcript("what comes behind an error is swallowed up to the Sync")
            .Client(Parse, PostgresRequests.Flush()).Server(DivisionByZero)
            .Client(Bind, PostgresRequests.Query("select 1"), Execute, PostgresRequests.Flush(), Sync).ToServer(Sync).Server(Ready)
            .Client(PostgresRequests.Query("select 1")).Server(Columns, Row, Selected, Ready),
        new Transcript("unknown statement and portal")
            .Client(PostgresRequests.DescribeStatement("s"), Sync)
            .ToServer(PostgresRequests.CloseStatement("s"), PostgresRequests.DescribeStatement("s"), Sync)
            .Server(Closed, PostgresReplies.Error("26000", "prepared statement \"s\" does not exist"), Ready)
            .ToClient(PostgresReplies.Error("26000", "prepared statement \"s\" does not exist"), Ready)
            .Client(PostgresRequests.Execute("p"), Sync)
            .ToServer(PostgresRequests.ClosePortal("p"), PostgresRequests.Execute("p"), Sync)
            .Server(Closed, PostgresReplies.Error("34000", "portal \"p\" does not exist"), Ready)
            .ToClient(PostgresReplies.Error("34000", "portal \"p\" does not exist"), Ready),
        new Transcript("a name of a segment under way is waited for")
            .Client(PostgresRequests.Parse("s", "select 1"), Sync, PostgresRequests.Bind("", "s"), Describe, Execute, Sync)
            .ToServer(PostgresRequests.Parse("s", "select 1"), Sync, PostgresRequests.Flush())
            .Server(Parsed, Ready).ToServer(PostgresRequests.Bind("", "s"), Describe, Execute, Sync)
            .Server(Bound, Columns, Row, Selected, Ready),
        new Transcript("Sync alone").Client(Sync, Sync).Server(Ready, Ready),
        new Transcript("cursor of SQL run by Execute")
            .Client(PostgresRequests.Query("begin; declare c cursor for select 1")).Server(PostgresReplies.CommandComplete("BEGIN"), PostgresReplies.CommandComplete("DECLARE CURSOR"), ReadyInBlock)
            .Client(PostgresRequests.Execute("c", 1), Sync).ToServer(PostgresRequests.DescribePortal("c"), PostgresRequests.Execute("c", 1), Sync)
            .Server(Columns, Row, PostgresReplies.PortalSuspended(), ReadyInBlock).ToClient(Row, PostgresReplies.PortalSuspended(), ReadyInBlock),
    ];
}
