using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// How a refusal looks on the wire, and how it is made true on the server. Outside any transaction it is an answer of our own. Otherwise a
/// message that must fail goes in place of the refused one, so that the server aborts as the client will believe; its error is then replaced by
/// the refusal (design §3).
/// </summary>
public static class PostgresRefusal
{
    /// <summary>A portal that never exists: a client may not use names that begin like this.</summary>
    public static ReadOnlySpan<byte> ReservedPrefix => "phigate_"u8;

    /// <summary>Execute of a portal that does not exist. Fails in every state of a session (exec_execute_message looks the portal up first).</summary>
    public static readonly byte[] FailingExecute = new MessageWriter()
        .Begin(FrontendCode.Execute).CString("phigate_refused").Int32(0).End().ToArray();

    /// <summary>
    /// FunctionCall of OID 0, which no function has. The only message that fails as a Query does (fastpath.c): error and ReadyForQuery, no name
    /// changes, and it is skipped, too, if an error before it makes the server skip up to the client's Sync. A Sync of ours would end that too early.
    /// </summary>
    public static readonly byte[] FailingCall = new MessageWriter()
        .Begin(FrontendCode.FunctionCall).Int32(0).Int16(0).Int16(0).Int16(0).End().ToArray();

    /// <summary>Makes the server roll back the COPY that it reads data for.</summary>
    public static readonly byte[] FailingCopy = new MessageWriter().Begin(FrontendCode.CopyFail).CString("phigate").End().ToArray();

    public static readonly byte[] Sync = new MessageWriter().Begin(FrontendCode.Sync).End().ToArray();

    public static readonly byte[] Flush = new MessageWriter().Begin(FrontendCode.Flush).End().ToArray();

    public static readonly byte[] ReadyIdle = new MessageWriter().Begin(BackendCode.ReadyForQuery).Byte((byte)'I').End().ToArray();

    public static readonly byte[] ReadyFailed = new MessageWriter().Begin(BackendCode.ReadyForQuery).Byte((byte)'E').End().ToArray();

    /// <summary>The refusal as an ErrorResponse of severity ERROR: the connection survives it.</summary>
    public static byte[] Error(Refusal refusal) => Write(new MessageWriter(), "ERROR", refusal).ToArray();

    /// <summary>The refusal as an ErrorResponse of severity FATAL: the connection ends with it.</summary>
    public static byte[] Fatal(Refusal refusal) => Write(new MessageWriter(), "FATAL", refusal).ToArray();

    /// <summary>The refusal as a NoticeResponse of severity WARNING, for a statement that goes on without what is refused.</summary>
    public static byte[] Warning(Refusal refusal) => Write(new MessageWriter(), "WARNING", refusal, BackendCode.NoticeResponse).ToArray();

    /// <summary>The whole answer to a refused Query while the server is idle.</summary>
    public static byte[] ErrorAndReady(Refusal refusal) =>
        Write(new MessageWriter(), "ERROR", refusal).Begin(BackendCode.ReadyForQuery).Byte((byte)'I').End().ToArray();

    private static MessageWriter Write(MessageWriter writer, string severity, Refusal refusal, byte type = BackendCode.ErrorResponse) => writer
        .Begin(type)
        .Byte((byte)'S').CString(severity)
        .Byte((byte)'V').CString(severity)
        .Byte((byte)'C').CString(refusal.SqlState)
        .Byte((byte)'M').CString(refusal.Message)
        .Byte((byte)'D').CString(refusal.Detail)
        .Byte((byte)'H').CString(refusal.Instead)
        .Byte(0)
        .End();
}
