using Proxy.Tests.Support;
using static Proxy.Tests.Protocols.Postgres.Transcripts.Flows;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>COPY in both directions and both protocols.</summary>
internal static class CopyFlows
{
    private static readonly byte[] In = PostgresRequests.Query("copy item from stdin");
    private static readonly byte[] Data = PostgresRequests.CopyData("1\tone\n"u8);
    private static readonly byte[] Done = PostgresRequests.CopyDone();
    private static readonly byte[] Asked = PostgresReplies.CopyInResponse(2);
    private static readonly byte[] Copied = PostgresReplies.CommandComplete("COPY 1");
    private static readonly byte[] Out = PostgresRequests.Query("copy (select 1) to stdout");
    private static readonly byte[] Sync = PostgresRequests.Sync();

    private static readonly byte[] Batch =
        [.. PostgresRequests.Parse("", "copy item from stdin"), .. PostgresRequests.Bind("", ""), .. PostgresRequests.Execute("")];

    private static readonly byte[] DescribedBatch =
    [
        .. PostgresRequests.Parse("", "copy item from stdin"), .. PostgresRequests.Bind("", ""), .. PostgresRequests.DescribePortal(""),
        .. PostgresRequests.Execute(""),
    ];

    public static IEnumerable<Transcript> All() =>
    [
        new Transcript("COPY in").Client(In).Server(Asked).Client(Data, Data, Done).Server(Copied, Ready),
        new Transcript("COPY in, data sent at once").Client(In, Data, Done).Server(Asked, Copied, Ready),
        new Transcript("COPY in that the client fails")
            .Client(In).Server(Asked).Client(Data, PostgresRequests.CopyFail("no more"))
            .Server(PostgresReplies.Error("57014", "COPY from stdin failed: no more"), Ready),
        new Transcript("COPY in that the server fails")
            .Client(In).Server(Asked).Client(Data).Server(PostgresReplies.Error("22P04", "missing data"), Ready)
            .Client(Data, Done).ToServer().Client(PostgresRequests.Query("select 1")).Server(Columns, Row, Selected, Ready),
        new Transcript("COPY in in a batch")
            .Client(Batch, PostgresRequests.Flush()).ToServer(DescribedBatch, PostgresRequests.Flush())
            .Server(Parsed, Bound, PostgresReplies.NoData(), Asked).ToClient(Parsed, Bound, Asked)
            .Client(Data, Done, Sync).Server(Copied, Ready),
        new Transcript("Sync and Flush within COPY in go no further")
            .Client(Batch, PostgresRequests.Flush()).ToServer(DescribedBatch, PostgresRequests.Flush())
            .Server(Parsed, Bound, PostgresReplies.NoData(), Asked).ToClient(Parsed, Bound, Asked)
            .Client(Data, Sync, PostgresRequests.Flush(), Data, Done, Sync).ToServer(Data, Data, Done, Sync).Server(Copied, Ready),
        new Transcript("a Sync sent before the server asked is ignored")
            .Client(Batch, Sync).ToServer(DescribedBatch, Sync)
            .Server(Parsed, Bound, PostgresReplies.NoData(), Asked).ToClient(Parsed, Bound, Asked)
            .Client(Data, Done, Sync).Server(Copied, Ready),
        new Transcript("two COPYs in one text")
            .Client(PostgresRequests.Query("copy item from stdin; copy item from stdin")).Server(Asked)
            .Client(Data, Done).Server(Copied, Asked).Client(Done).Server(PostgresReplies.CommandComplete("COPY 0"), Ready),
        new Transcript("COPY out")
            .Client(Out).Server(PostgresReplies.CopyOutResponse(1), PostgresReplies.CopyData("1\n"u8), PostgresReplies.CopyDone(), Copied, Ready),
        new Transcript("COPY out that fails")
            .Client(Out).Server(PostgresReplies.CopyOutResponse(1), PostgresReplies.CopyData("1\n"u8), DivisionByZero, Ready),
        new Transcript("COPY out in a batch")
            .Client(PostgresRequests.Parse("", "copy (select 1) to stdout"), PostgresRequests.Bind("", ""), PostgresRequests.DescribePortal(""), PostgresRequests.Execute(""), Sync)
            .Server(Parsed, Bound, PostgresReplies.NoData(), PostgresReplies.CopyOutResponse(1), PostgresReplies.CopyData("1\n"u8), PostgresReplies.CopyDone(), Copied, Ready),
    ];
}
