using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>What a reply must look like, by its type and by what runs.</summary>
internal static class ReplyExpectations
{
    public static bool IsEmptyByDefinition(byte type) => type is BackendCode.ParseComplete or BackendCode.BindComplete or BackendCode.CloseComplete
        or BackendCode.NoData or BackendCode.PortalSuspended or BackendCode.EmptyQueryResponse or BackendCode.CopyDone;

    public static bool IsRunning(PendingReply head, StatementKind kind)
    {
        if (head.HasFailed || head.Judgement is not { } judgement) return false;
        var statement = head.Kind is PendingKind.Query ? head.StatementIndex : 0;
        return statement < judgement.Analysis.Statements.Length && judgement.Analysis.Statements[statement].Kind == kind;
    }

    /// <summary>EXECUTE runs whatever the protocol prepared, PREPARE and DEALLOCATE included, and then the ledger's names are not the server's [ran].</summary>
    public static bool RanOtherThanQuery(Judgement judgement, int statement, ReadOnlySpan<byte> tag) =>
        statement < judgement.Analysis.Statements.Length
        && judgement.Analysis.Statements[statement].Kind is StatementKind.Execute
        && !(tag.StartsWith("SELECT "u8) || tag.StartsWith("INSERT "u8) || tag.StartsWith("UPDATE "u8) || tag.StartsWith("DELETE "u8)
            || tag.StartsWith("MERGE "u8));
}
