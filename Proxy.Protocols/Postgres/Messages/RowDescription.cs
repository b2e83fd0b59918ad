using Proxy.Core.Masking;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>RowDescription: where each column of an answer comes from, and its type and format.</summary>
public static class RowDescription
{
    /// <summary>MaxTupleAttributeNumber of PostgreSQL's htup_details.h: no answer has more columns.</summary>
    public const int ColumnsMax = 1664;

    /// <summary>What follows a column's name: relation, attribute number, type, its size and modifier, format.</summary>
    public const int ColumnBytes = 18;

    /// <summary>Decodes into the caller's array, which has room for <see cref="ColumnsMax"/>. False when malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, Span<ResultColumn> columns, out int count)
    {
        var reader = new WireReader(body);
        count = reader.ReadInt16();
        if (count is < 0 or > ColumnsMax) return false;
        var isKnown = true;
        for (var i = 0; i < count; i++)
        {
            reader.ReadCString(); // The name says nothing that can be relied on.
            columns[i] = new ResultColumn(
                RelationOid: (uint)reader.ReadInt32(),
                AttributeNumber: reader.ReadInt16(),
                TypeOid: (uint)reader.ReadInt32(),
                TypeModifier: SkipTypeSize(ref reader),
                IsBinary: IsBinary(reader.ReadInt16(), ref isKnown));
        }

        return reader.IsAtEnd && isKnown;
    }

    private static bool IsBinary(short format, ref bool isKnown)
    {
        isKnown &= format is 0 or 1;
        return format == 1;
    }

    private static int SkipTypeSize(ref WireReader reader)
    {
        reader.ReadInt16();
        return reader.ReadInt32();
    }
}
