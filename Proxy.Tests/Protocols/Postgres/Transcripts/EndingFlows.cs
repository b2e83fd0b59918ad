using Proxy.Protocols;
using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>How sessions end.</summary>
internal static class EndingFlows
{
    private static readonly byte[] Fatal = PostgresReplies.Error("57P01", "terminating connection due to administrator command", "FATAL");

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("Terminate").Client(PostgresRequests.Terminate()).Ends(SessionEnd.ClientTerminated),
        new Transcript("Terminate behind a Query")
            .Client(PostgresRequests.Query("select 1"), PostgresRequests.Terminate()).Ends(SessionEnd.ClientTerminated),
        new Transcript("the server ends the session while idle").Server(Fatal).Ends(SessionEnd.ServerFatal),
        new Transcript("the server ends the session within rows")
            .Client(PostgresRequests.Query("select n, t from item")).Server(Columns, Row, Fatal).Ends(SessionEnd.ServerFatal),
        new Transcript("a message that no client sends")
            .Client(PostgresRequests.Query("select 1"), new FrameBuilder('!').ToBytes()).ToServer(PostgresRequests.Query("select 1")).Ends(SessionEnd.ClientViolation),
        new Transcript("a reply that nobody asked for").Server(Row).ToClient().Ends(SessionEnd.ServerViolation),
        new Transcript("ReadyForQuery that nobody asked for").Server(Ready).ToClient().Ends(SessionEnd.ServerViolation),
    ];
}
