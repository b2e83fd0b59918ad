namespace Proxy.Protocols.MySql.Messages;

/// <summary>COM_STMT_PREPARE_OK (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_prepare.html).</summary>
internal readonly record struct PrepareOk(uint Id, int Columns, int Parameters)
{
    public const int Length = 12;

    public static bool TryDecode(ReadOnlySpan<byte> payload, out PrepareOk prepared)
    {
        var reader = new PayloadReader(payload);
        var isOk = reader.Byte() is ReplyCode.Ok;
        var id = reader.UInt32();
        var columns = reader.UInt16();
        var parameters = reader.UInt16();
        reader.Byte();
        reader.UInt16();
        prepared = new PrepareOk(id, columns, parameters);
        return isOk && reader.IsAtEnd;
    }
}
