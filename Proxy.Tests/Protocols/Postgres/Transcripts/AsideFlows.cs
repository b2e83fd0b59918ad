using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>What nobody asked for, at every place where it may come.</summary>
internal static class AsideFlows
{
    private static readonly byte[] Notice = PostgresReplies.Notice("00000", "by the way");
    private static readonly byte[] Parameter = PostgresReplies.ParameterStatus("TimeZone", "UTC");
    private static readonly byte[] Query = PostgresRequests.Query("select n, t from item");

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("notices around rows").Client(Query).Server(Notice, Columns, Notice, Row, Notice, Selected, Notice, Ready),
        new Transcript("ParameterStatus anywhere")
            .Server(Parameter).Client(Query).Server(Parameter, Columns, Parameter, Row, Parameter, Selected, Parameter, Ready).Server(Parameter),
        new Transcript("notification while idle and within an answer")
            .Client(PostgresRequests.Query("listen a")).Server(PostgresReplies.CommandComplete("LISTEN"), Ready)
            .Server(PostgresReplies.Notification(4711, "a", ""))
            .Client(Query).Server(Columns, Row, PostgresReplies.Notification(4711, "a", ""), Selected, Ready),
        new Transcript("notice within a batch")
            .Client(PostgresRequests.Parse("", "select 1"), PostgresRequests.Bind("", ""), PostgresRequests.DescribePortal(""), PostgresRequests.Execute(""), PostgresRequests.Sync())
            .Server(Parsed, Notice, Bound, Columns, Notice, Row, Selected, Ready),
    ];
}
