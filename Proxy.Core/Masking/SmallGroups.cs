using System.Buffers.Binary;
using System.Buffers.Text;

namespace Proxy.Core.Masking;

/// <summary>How rows are shown that are made of too few others: by their own column that counts those. Immutable.</summary>
/// <param name="CountColumn">An int8, in the format of the plan.</param>
/// <param name="Minimum">Fewer are too few; so is a count that cannot be read.</param>
/// <param name="Small">The plan for such a row: what is made of many rows is NULL.</param>
public sealed record SmallGroups(int CountColumn, int Minimum, MaskPlan Small)
{
    /// <param name="body">Of the DataRow, as the server sent it: int16 number of columns; per column int32 length, -1 for NULL, and bytes.</param>
    /// <param name="isBinary">The format of the column that counts.</param>
    public bool IsSmall(ReadOnlySpan<byte> body, bool isBinary)
    {
        if (body.Length < sizeof(short))
            return true;
        body = body[sizeof(short)..];
        for (var column = 0; BinaryPrimitives.TryReadInt32BigEndian(body, out var length) && length <= body.Length - sizeof(int); column++)
        {
            body = body[sizeof(int)..];
            if (column == CountColumn)
                return length < 0 || CountOf(body[..length], isBinary) < Minimum;
            body = body[Math.Max(0, length)..];
        }
        return true;
    }

    private static long CountOf(ReadOnlySpan<byte> value, bool isBinary) => isBinary
        ? value.Length == sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(value) : -1
        : Utf8Parser.TryParse(value, out long count, out var read) && read == value.Length ? count : -1;
}
