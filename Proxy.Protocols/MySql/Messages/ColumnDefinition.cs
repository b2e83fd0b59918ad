using System.Text;
using Proxy.Core.Masking.MySql;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// ColumnDefinition41: where a column of a result comes from, by its names there, and its type
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html).
/// </summary>
internal static class ColumnDefinition
{
    /// <summary>Character set, length, type, flags, decimals, filler.</summary>
    private const int FixedLength = 12;

    /// <summary>Catalogue, database, alias and name of the table, alias and name of the column.</summary>
    private const int Names = 6;

    /// <summary>Whether it can be decoded. Definitions come with every execution, and nearly all of them were decoded before: this allocates nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        for (var i = 0; i < Names; i++)
            reader.Text();
        if (reader.Integer() != FixedLength) return false;
        reader.Bytes(FixedLength);
        return reader.IsAtEnd;
    }

    public static bool TryDecode(ReadOnlySpan<byte> payload, bool isBinary, out MySqlResultColumn column)
    {
        var reader = new PayloadReader(payload);
        reader.Text();
        var schema = reader.Text();
        reader.Text();
        var table = reader.Text();
        reader.Text();
        var name = reader.Text();
        var isExpected = reader.Integer() == FixedLength;
        var collation = reader.UInt16();
        var length = reader.UInt32();
        var type = reader.Byte();
        var flags = reader.UInt16();
        var decimals = reader.Byte();
        reader.UInt16();
        column = new MySqlResultColumn(
            Encoding.UTF8.GetString(schema), Encoding.UTF8.GetString(table), Encoding.UTF8.GetString(name), (MySqlFieldType)type, flags, collation, length, decimals, isBinary);
        return isExpected && reader.IsAtEnd;
    }
}
