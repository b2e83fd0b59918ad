using System.Text;

namespace Proxy.Tests.Support;

/// <summary>What a server sends, as exact bytes; for scripted servers and transcripts.</summary>
public static class PostgresReplies
{
    public static byte[] AuthenticationOk() => new FrameBuilder('R').AddInt32(0).ToBytes();

    public static byte[] AuthenticationCleartextPassword() => new FrameBuilder('R').AddInt32(3).ToBytes();

    public static byte[] AuthenticationMd5Password(ReadOnlySpan<byte> salt) => new FrameBuilder('R').AddInt32(5).AddBytes(salt).ToBytes();

    public static byte[] ParameterStatus(string name, string value) => new FrameBuilder('S').AddText(name).AddText(value).ToBytes();

    public static byte[] BackendKeyData(int processId, ReadOnlySpan<byte> secretKey) =>
        new FrameBuilder('K').AddInt32(processId).AddBytes(secretKey).ToBytes();

    /// <summary>'I' idle, 'T' in a transaction, 'E' in a failed one.</summary>
    public static byte[] ReadyForQuery(char transaction = 'I') => new FrameBuilder('Z').AddByte((byte)transaction).ToBytes();

    public static byte[] ParseComplete() => new FrameBuilder('1').ToBytes();

    public static byte[] BindComplete() => new FrameBuilder('2').ToBytes();

    public static byte[] CloseComplete() => new FrameBuilder('3').ToBytes();

    public static byte[] NoData() => new FrameBuilder('n').ToBytes();

    public static byte[] PortalSuspended() => new FrameBuilder('s').ToBytes();

    public static byte[] EmptyQueryResponse() => new FrameBuilder('I').ToBytes();

    public static byte[] CommandComplete(string tag) => new FrameBuilder('C').AddText(tag).ToBytes();

    public static byte[] ParameterDescription(params ReadOnlySpan<int> types)
    {
        var builder = new FrameBuilder('t').AddInt16(types.Length);
        foreach (var type in types)
            builder.AddInt32(type);
        return builder.ToBytes();
    }

    /// <summary>Columns by name, origin (0 and 0 when it is no table's column), type and format (0 text, 1 binary).</summary>
    public static byte[] RowDescription(params ReadOnlySpan<(string Name, int Relation, int Column, int Type, int Format)> columns)
    {
        var builder = new FrameBuilder('T').AddInt16(columns.Length);
        foreach (var (name, relation, column, type, format) in columns)
            builder.AddText(name).AddInt32(relation).AddInt16(column).AddInt32(type).AddInt16(-1).AddInt32(-1).AddInt16(format);
        return builder.ToBytes();
    }

    public static byte[] DataRow(params byte[]?[] values)
    {
        var builder = new FrameBuilder('D').AddInt16(values.Length);
        foreach (var value in values)
            builder.AddValue(value);
        return builder.ToBytes();
    }

    public static byte[] TextRow(params string?[] values) =>
        DataRow([.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))]);

    public static byte[] CopyInResponse(int columns, int format = 0) => Copy('G', columns, format);

    public static byte[] CopyOutResponse(int columns, int format = 0) => Copy('H', columns, format);

    public static byte[] CopyData(ReadOnlySpan<byte> data) => new FrameBuilder('d').AddBytes(data).ToBytes();

    public static byte[] CopyDone() => new FrameBuilder('c').ToBytes();

    public static byte[] Error(string sqlState, string message, string severity = "ERROR") => Diagnostic('E', severity, sqlState, message);

    public static byte[] Notice(string sqlState, string message, string severity = "NOTICE") => Diagnostic('N', severity, sqlState, message);

    public static byte[] Notification(int processId, string channel, string payload) =>
        new FrameBuilder('A').AddInt32(processId).AddText(channel).AddText(payload).ToBytes();

    public static byte[] NegotiateProtocolVersion(int newest, params ReadOnlySpan<string> unknownOptions)
    {
        var builder = new FrameBuilder('v').AddInt32(newest).AddInt32(unknownOptions.Length);
        foreach (var option in unknownOptions)
            builder.AddText(option);
        return builder.ToBytes();
    }

    private static byte[] Copy(char type, int columns, int format)
    {
        var builder = new FrameBuilder(type).AddByte((byte)format).AddInt16(columns);
        for (var i = 0; i < columns; i++)
            builder.AddInt16(format);
        return builder.ToBytes();
    }

    private static byte[] Diagnostic(char type, string severity, string sqlState, string message) =>
        new FrameBuilder(type)
            .AddByte((byte)'S').AddText(severity).AddByte((byte)'V').AddText(severity).AddByte((byte)'C').AddText(sqlState).AddByte((byte)'M').AddText(message)
            .AddByte(0).ToBytes();
}
