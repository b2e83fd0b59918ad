using Proxy.Core.Masking;
using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>The simple query protocol.</summary>
internal static class SimpleFlows
{
    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("simple query")
            .Client(PostgresRequests.Query("select n, t from item")).Server(Columns, Row, NullRow, Selected, Ready),
        new Transcript("simple query of several statements")
            .Client(PostgresRequests.Query("begin; select 17; insert into item values (1)"))
            .Server(PostgresReplies.CommandComplete("BEGIN"), Columns, Row, Selected, PostgresReplies.CommandComplete("INSERT 0 1"), ReadyInBlock),
        new Transcript("empty query").Client(PostgresRequests.Query("")).Server(PostgresReplies.EmptyQueryResponse(), Ready),
        new Transcript("error in the middle of several statements")
            .Client(PostgresRequests.Query("select 17; select 1/0; select 18")).Server(Columns, Row, Selected, DivisionByZero, Ready),
        new Transcript("error in the middle of rows")
            .Client(PostgresRequests.Query("select 1/(n - 3) from item")).Server(Columns, Row, Row, DivisionByZero, Ready),
        new Transcript("queries one behind the other")
            .Client(PostgresRequests.Query("select 1"), PostgresRequests.Query("select 2"))
            .Server(Columns, Row, Selected, Ready, Columns, NullRow, Selected, Ready),
        new Transcript("transaction block")
            .Client(PostgresRequests.Query("begin")).Server(PostgresReplies.CommandComplete("BEGIN"), ReadyInBlock)
            .Client(PostgresRequests.Query("select 1/0")).Server(DivisionByZero, ReadyInFailedBlock)
            .Client(PostgresRequests.Query("rollback")).Server(PostgresReplies.CommandComplete("ROLLBACK"), Ready),
        new Transcript("masked rows") { Policy = GatewayHarness.Masked(MaskProfile.Redacted) }
            .Client(PostgresRequests.Query("select pg_get_functiondef(1), pg_get_functiondef(2)"))
            .Server(Columns, Row, NullRow, Row, Selected, Ready)
            .ToClient(Columns, PostgresReplies.TextRow(null, null), PostgresReplies.TextRow(null, null), PostgresReplies.TextRow(null, null), Selected, Ready),
        new Transcript("EXECUTE waits for the PREPARE before it")
            .Client(PostgresRequests.Query("prepare s as select 1"), PostgresRequests.Query("execute s"))
            .ToServer(PostgresRequests.Query("prepare s as select 1"), PostgresRequests.Flush())
            .Server(PostgresReplies.CommandComplete("PREPARE"), Ready).ToServer(PostgresRequests.Query("execute s"))
            .Server(Columns, Row, Selected, Ready),
    ];
}
