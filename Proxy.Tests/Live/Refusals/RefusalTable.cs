using Proxy.Tests.Live.Model;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Refusals;

/// <summary>The situations and the refused messages whose combinations are tested.</summary>
internal static class RefusalTable
{
    /// <summary>Limits of the gateway that the table runs into.</summary>
    public const int MessageBytesMax = 4_096;
    public const int PreparedStatementsMax = 2;

    private static readonly byte[] Insert = PostgresRequests.Query("insert into log (what) values ('before')");

    private static readonly byte[] InsertInBatch =
    [
        .. PostgresRequests.Parse("", "insert into log (what) values ('in the batch')"), .. PostgresRequests.Bind("", ""), .. PostgresRequests.Execute(""),
    ];

    private static readonly byte[] FailingCall = new FrameBuilder('F').AddInt32(0).AddInt16(0).AddInt16(0).AddInt16(0).ToBytes();
    private static readonly byte[] FailingExecute = PostgresRequests.Execute("no such portal");
    private static readonly string Long = $"select 1 -- {new string('x', MessageBytesMax)}";

    /// <summary>Also allowed in a failed transaction, so that it gets as far as the refusal there.</summary>
    private const string Harmless = "rollback";

    public static IReadOnlyList<Situation> Situations { get; } =
    [
        new("idle", [Wait(PostgresRequests.Sync())], IsAnswered: true),
        new("in a block", [Wait(PostgresRequests.Query("begin"), Insert)], IsAnswered: true),
        new("in a failed block", [Wait(PostgresRequests.Query("begin"), Insert, PostgresRequests.Query("select 1/0"))], IsAnswered: true),
        new("in a failed block with a savepoint",
            [Wait(PostgresRequests.Query("begin"), Insert, PostgresRequests.Query("savepoint a"), PostgresRequests.Query("select 1/0"))], IsAnswered: true),
        new("in an implicit transaction that was answered", [Send(InsertInBatch), new ModelStep(ModelAction.FlushBarrier, "", [], [])], IsAnswered: true),
        new("in a block begun by a batch", [Wait(PostgresRequests.Parse("", "begin"), PostgresRequests.Bind("", ""), PostgresRequests.Execute("")), Wait(Insert)], IsAnswered: true),
        new("in an implicit transaction under way", [Send(InsertInBatch)], IsAnswered: false),
        new("behind a Query under way", [Send(Insert)], IsAnswered: false),
        new("behind a Query that fails", [Send(PostgresRequests.Query("select 1/0"))], IsAnswered: false),
        new("behind a BEGIN under way", [Send(PostgresRequests.Query("begin"), Insert)], IsAnswered: false),
        new("behind a batch and its Sync", [Send(InsertInBatch, PostgresRequests.Sync())], IsAnswered: false),
        new("behind a failing batch and its Sync", [Send(PostgresRequests.Execute("missing"), PostgresRequests.Sync())], IsAnswered: false),
        new("behind COPY with its data", [Send(PostgresRequests.Query("copy log (what) from stdin"), PostgresRequests.CopyData("copied\n"u8), PostgresRequests.CopyDone())], IsAnswered: false),
        new("behind COPY that fails", [Send(PostgresRequests.Query("copy missing from stdin"), PostgresRequests.CopyData("copied\n"u8), PostgresRequests.CopyDone())], IsAnswered: false),
        new("behind COPY TO", [Send(PostgresRequests.Query("copy item to stdout"))], IsAnswered: false),
        new("behind a failing message of its batch", [Send(PostgresRequests.Execute("missing"))], IsAnswered: false) { IsSkipped = true },
        new("behind a refusal of its batch", [Refused([.. PostgresRequests.Parse("", "drop table secret"), .. PostgresRequests.Bind("", "")],
            [.. PostgresRequests.Parse("", "drop table secret"), .. FailingExecute])], IsAnswered: false) { IsSkipped = true },
    ];

    public static IReadOnlyList<RefusedMessage> Messages { get; } =
    [
        new("Query", "rule-refused", "42501", PostgresRequests.Query("drop table secret"), FailingCall),
        new("Query of several statements", "rule-refused", "42501", PostgresRequests.Query("insert into log (what) values ('never'); drop table secret"), FailingCall),
        new("Query that needs approval", "approval-required", "42501", PostgresRequests.Query("analyze secret"), FailingCall),
        new("Query that is no text", "not-text", "22021", new FrameBuilder('Q').AddBytes([(byte)'s', 0xff]).AddByte(0).ToBytes(), FailingCall),
        new("Query over the limit", "statement-too-long", "54000", PostgresRequests.Query(Long), FailingCall),
        new("Query of a setting", "setting-not-allowed", "42501", PostgresRequests.Query("set standard_conforming_strings = off"), FailingCall),
        new("FunctionCall", "function-call-refused", "0A000", FailingCall, FailingCall),
        new("FunctionCall over the limit", "statement-too-long", "54000", new FrameBuilder('F').AddBytes(new byte[MessageBytesMax]).ToBytes(), FailingCall),
        new("Bind", "rule-refused", "42501", Bind("drop table secret"), FailAfterParse("drop table secret"))
        {
            Fits = static situation => !situation.Name.Contains("failed block", StringComparison.Ordinal), // There the Parse fails.
        },
        new("Bind over the limit", "statement-too-long", "54000",
            [.. PostgresRequests.Parse("", Harmless), .. PostgresRequests.Bind("", "", new string('x', MessageBytesMax))], [.. PostgresRequests.Parse("", Harmless), .. FailingExecute]),
        new("Parse over the limit", "statement-too-long", "54000", PostgresRequests.Parse("", Long), FailingExecute),
        new("Parse that is no text", "not-text", "22021", new FrameBuilder('P').AddText("").AddBytes([(byte)'s', 0xff]).AddByte(0).AddInt16(0).ToBytes(), FailingExecute),
        new("Parse of one statement too many", "too-many-prepared-statements", "54000",
            [.. PostgresRequests.Parse("a", Harmless), .. PostgresRequests.Parse("b", Harmless), .. PostgresRequests.Parse("c", Harmless)],
            [.. PostgresRequests.Parse("a", Harmless), .. PostgresRequests.Parse("b", Harmless), .. FailingExecute])
        {
            Fits = static situation => !situation.Name.Contains("that was answered", StringComparison.Ordinal), // There is an unnamed one already.
        },
        new("Query without room in the journal", "journal-unavailable", "58030", PostgresRequests.Query("select 1"), FailingCall) { Cause = RefusedCause.JournalFull },
        new("Parse without room in the journal", "journal-unavailable", "58030", PostgresRequests.Parse("", Harmless), FailingExecute) { Cause = RefusedCause.JournalFull },
        new("Bind without room in the journal", "journal-unavailable", "58030", PostgresRequests.Bind("", ""), FailingExecute)
        {
            Before = PostgresRequests.Parse("", Harmless), Cause = RefusedCause.JournalFull,
        },
        new("Query under a stale catalogue", "catalogue-stale", "55000", PostgresRequests.Query("select n from item"), FailingCall) { Cause = RefusedCause.CatalogueStale },
        new("Bind under a stale catalogue", "catalogue-stale", "55000", PostgresRequests.Bind("", ""), FailingExecute)
        {
            Before = PostgresRequests.Parse("", Harmless), Cause = RefusedCause.CatalogueStale,
        },
        new("Execute under a stale catalogue", "catalogue-stale", "55000", PostgresRequests.Execute("p1"), FailingExecute)
        {
            Before = [.. PostgresRequests.Parse("", Harmless), .. PostgresRequests.Bind("p1", "")], Cause = RefusedCause.CatalogueStale,
        },
        new("Query under a new policy", "rule-refused", "42501", PostgresRequests.Query("select 1"), FailingCall) { Cause = RefusedCause.PolicyChanged },
        new("Bind under a new policy", "rule-refused", "42501", PostgresRequests.Bind("", ""), FailingExecute)
        {
            Before = PostgresRequests.Parse("", Harmless), Cause = RefusedCause.PolicyChanged,
        },
        new("Execute under a new policy", "rule-refused", "42501", PostgresRequests.Execute("p1"), FailingExecute)
        {
            Before = [.. PostgresRequests.Parse("", Harmless), .. PostgresRequests.Bind("p1", "")], Cause = RefusedCause.PolicyChanged,
        },
    ];

    public static ModelStep Wait(params byte[][] messages) => Step(ModelAction.Barrier, messages);

    private static ModelStep Send(params byte[][] messages) => Step(ModelAction.Send, messages);

    private static ModelStep Refused(byte[] gateway, byte[] direct) => new(ModelAction.Send, "", gateway, direct);

    private static ModelStep Step(ModelAction action, byte[][] messages)
    {
        byte[] bytes = [.. messages.SelectMany(message => message)];
        return new ModelStep(action, "", bytes, bytes);
    }

    private static byte[] Bind(string text) => [.. PostgresRequests.Parse("", text), .. PostgresRequests.Bind("", ""), .. PostgresRequests.Execute("")];

    private static byte[] FailAfterParse(string text) => [.. PostgresRequests.Parse("", text), .. FailingExecute, .. PostgresRequests.Execute("")];
}
