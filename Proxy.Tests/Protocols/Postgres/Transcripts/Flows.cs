using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>Every message flow of the protocol, and what transcripts share.</summary>
internal static class Flows
{
    public static IEnumerable<Transcript> All() =>
        [.. SimpleFlows.All(), .. ExtendedFlows.All(), .. ShowFlows.All(), .. CopyFlows.All(), .. RefusalFlows.All(), .. AsideFlows.All(), .. EndingFlows.All()];

    public static byte[] Columns { get; } = PostgresReplies.RowDescription(("n", 0, 0, 23, 0), ("t", 0, 0, 25, 0));

    public static byte[] Row { get; } = PostgresReplies.TextRow("17", "seventeen");

    public static byte[] NullRow { get; } = PostgresReplies.TextRow(null, "");

    public static byte[] Selected { get; } = PostgresReplies.CommandComplete("SELECT 2");

    public static byte[] Ready { get; } = PostgresReplies.ReadyForQuery();

    public static byte[] ReadyInBlock { get; } = PostgresReplies.ReadyForQuery('T');

    public static byte[] ReadyInFailedBlock { get; } = PostgresReplies.ReadyForQuery('E');

    public static byte[] Parsed { get; } = PostgresReplies.ParseComplete();

    public static byte[] Bound { get; } = PostgresReplies.BindComplete();

    public static byte[] Closed { get; } = PostgresReplies.CloseComplete();

    public static byte[] DivisionByZero { get; } = PostgresReplies.Error("22012", "division by zero");

    public static byte[] FailingExecute { get; } = PostgresRequests.Execute("phigate_refused");

    /// <summary>FunctionCall of OID 0.</summary>
    public static byte[] FailingCall { get; } = new FrameBuilder('F').AddInt32(0).AddInt16(0).AddInt16(0).AddInt16(0).ToBytes();

    /// <summary>The refusal's ErrorResponse: severity, SQLSTATE, message, DETAIL, HINT.</summary>
    public static byte[] Refusal(string sqlState, string message, string detail, string hint, string severity = "ERROR") =>
        new FrameBuilder('E')
            .AddByte((byte)'S').AddText(severity).AddByte((byte)'V').AddText(severity).AddByte((byte)'C').AddText(sqlState)
            .AddByte((byte)'M').AddText(message).AddByte((byte)'D').AddText(detail).AddByte((byte)'H').AddText(hint).AddByte(0).ToBytes();

    /// <summary>What the transcripts' policy says to a statement about the structure.</summary>
    public static byte[] RuleRefused { get; } = Refusal(
        "42501", "policy refuses this statement", "phigate code=rule-refused retry=no why=rule no structure refuses schema",
        "stay within what the rules allow for this identity and target");
}
