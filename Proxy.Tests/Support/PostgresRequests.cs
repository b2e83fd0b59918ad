using System.Buffers.Binary;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>What a client sends, as exact bytes.</summary>
public static class PostgresRequests
{
    public const int Protocol30 = 3 << 16;
    public const int Protocol32 = (3 << 16) | 2;

    public static byte[] SslRequest() => Untyped(new FrameBuilder(' ').AddInt32(80877103));

    public static byte[] GssEncRequest() => Untyped(new FrameBuilder(' ').AddInt32(80877104));

    public static byte[] CancelRequest(int processId, ReadOnlySpan<byte> secretKey) =>
        Untyped(new FrameBuilder(' ').AddInt32(80877102).AddInt32(processId).AddBytes(secretKey));

    public static byte[] Startup(IEnumerable<(string Name, string Value)> parameters, int protocol = Protocol30)
    {
        var builder = new FrameBuilder(' ').AddInt32(protocol);
        foreach (var (name, value) in parameters)
            builder.AddText(name).AddText(value);
        return Untyped(builder.AddByte(0));
    }

    public static byte[] Startup(string user, string database, int protocol = Protocol30) =>
        Startup([("user", user), ("database", database)], protocol);

    public static byte[] Password(string password) => new FrameBuilder('p').AddText(password).ToBytes();

    public static byte[] Query(string sql) => new FrameBuilder('Q').AddText(sql).ToBytes();

    public static byte[] Parse(string statement, string sql, params ReadOnlySpan<int> parameterTypes)
    {
        var builder = new FrameBuilder('P').AddText(statement).AddText(sql).AddInt16(parameterTypes.Length);
        foreach (var type in parameterTypes)
            builder.AddInt32(type);
        return builder.ToBytes();
    }

    /// <summary>Bind with all parameters in one format (none, one or one for each format code, as the protocol allows).</summary>
    public static byte[] Bind(string portal, string statement, byte[]?[] values, short[]? valueFormats = null, short[]? resultFormats = null)
    {
        var builder = new FrameBuilder('B').AddText(portal).AddText(statement);
        builder.AddInt16(valueFormats?.Length ?? 0);
        foreach (var format in valueFormats ?? [])
            builder.AddInt16(format);
        builder.AddInt16(values.Length);
        foreach (var value in values)
            builder.AddValue(value);
        builder.AddInt16(resultFormats?.Length ?? 0);
        foreach (var format in resultFormats ?? [])
            builder.AddInt16(format);
        return builder.ToBytes();
    }

    public static byte[] Bind(string portal, string statement, params string?[] values) =>
        Bind(portal, statement, [.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))]);

    public static byte[] DescribeStatement(string name) => new FrameBuilder('D').AddByte((byte)'S').AddText(name).ToBytes();

    public static byte[] DescribePortal(string name) => new FrameBuilder('D').AddByte((byte)'P').AddText(name).ToBytes();

    public static byte[] Execute(string portal, int rowLimit = 0) => new FrameBuilder('E').AddText(portal).AddInt32(rowLimit).ToBytes();

    public static byte[] CloseStatement(string name) => new FrameBuilder('C').AddByte((byte)'S').AddText(name).ToBytes();

    public static byte[] ClosePortal(string name) => new FrameBuilder('C').AddByte((byte)'P').AddText(name).ToBytes();

    public static byte[] Flush() => new FrameBuilder('H').ToBytes();

    public static byte[] Sync() => new FrameBuilder('S').ToBytes();

    public static byte[] CopyData(ReadOnlySpan<byte> data) => new FrameBuilder('d').AddBytes(data).ToBytes();

    public static byte[] CopyDone() => new FrameBuilder('c').ToBytes();

    public static byte[] CopyFail(string reason) => new FrameBuilder('f').AddText(reason).ToBytes();

    public static byte[] Terminate() => new FrameBuilder('X').ToBytes();

    private static byte[] Untyped(FrameBuilder builder)
    {
        var body = builder.Frame().Body;
        var bytes = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        body.CopyTo(bytes, 4);
        return bytes;
    }
}
