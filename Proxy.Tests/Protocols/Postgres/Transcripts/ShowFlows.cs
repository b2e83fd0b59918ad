using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>PhiGate's own SHOWs: the server gets a query without rows, and the rows come from PhiGate.</summary>
internal static class ShowFlows
{
    private const string MasksQuery =
        "/* PhiGate */ SELECT NULL::pg_catalog.text AS \"column\", NULL::pg_catalog.text AS \"shown\", NULL::pg_catalog.text AS \"why\", "
        + "NULL::pg_catalog.text AS \"profile\" WHERE false";

    private static readonly byte[] MasksColumns = PostgresReplies.RowDescription(("column", 0, 0, 25, 0), ("shown", 0, 0, 25, 0), ("why", 0, 0, 25, 0), ("profile", 0, 0, 25, 0));
    private static readonly byte[] None = PostgresReplies.CommandComplete("SELECT 0");
    private static readonly byte[] Shown = PostgresReplies.CommandComplete("SHOW");

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("SHOW phigate.masks")
            .Client(PostgresRequests.Query("select n, t from item")).Server(Columns, Row, Selected, Ready)
            .Client(PostgresRequests.Query("SHOW phigate.masks")).ToServer(PostgresRequests.Query(MasksQuery))
            .Server(MasksColumns, None, Ready).ToClient(MasksColumns, MaskRow("n"), MaskRow("t"), Shown, Ready),
        new Transcript("SHOW phigate.masks, prepared, behind a query in one segment")
            .Client(PostgresRequests.Parse("m", "SHOW phigate.masks"), PostgresRequests.Sync())
            .ToServer(PostgresRequests.Parse("m", MasksQuery), PostgresRequests.Sync()).Server(Parsed, Ready)
            .Client(
                PostgresRequests.Parse("", "select n, t from item"), PostgresRequests.Bind("", ""), PostgresRequests.DescribePortal(""), PostgresRequests.Execute(""),
                PostgresRequests.Bind("p", "m"), PostgresRequests.DescribePortal("p"), PostgresRequests.Execute("p"), PostgresRequests.Sync())
            .Server(Parsed, Bound, Columns, Row, Selected, Bound, MasksColumns, None, Ready)
            .ToClient(Parsed, Bound, Columns, Row, Selected, Bound, MasksColumns, MaskRow("n"), MaskRow("t"), Shown, Ready),
        new Transcript("SHOW phigate.masks in an aborted transaction")
            .Client(PostgresRequests.Query("SHOW phigate.masks")).ToServer(PostgresRequests.Query(MasksQuery))
            .Server(PostgresReplies.Error("25P02", "current transaction is aborted"), ReadyInFailedBlock),
    ];

    private static byte[] MaskRow(string column) => PostgresReplies.TextRow(column, "as it is", "rule everything shows PHI as it is", "unmasked");
}
