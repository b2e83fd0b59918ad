using System.Buffers;
using System.Buffers.Binary;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The parameters of one execution in one form for the record, whatever way they came: uint16 number of parameters; of each its type and flags as in
/// COM_STMT_EXECUTE, then int32 length of the value (-1 for NULL) and its bytes as in the binary protocol, without a length of their own. Little endian.
/// Owned by the request relay.
/// </summary>
internal sealed class BoundValues
{
    /// <summary>Of each value: its type, flags, and length.</summary>
    public const int ValueHeaderBytes = 6;

    /// <summary>The flag of a parameter that is unsigned.</summary>
    public const byte Unsigned = 0x80;

    private const int TypeBytes = 2;

    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>False when values are missing, left over, of a type that is not known, or of no type at all.</summary>
    public bool TryCollect(in StatementExecute execute, ReadOnlySpan<byte> types, int parameters, LongData? longData)
    {
        Clear();
        if (types.Length != parameters * TypeBytes) return false;
        UInt16(parameters);
        var values = execute.Values;
        for (var i = 0; i < parameters; i++)
        {
            if (!BinaryValue.IsOfParameters(StatementExecute.TypeOf(types, i))) return false;
            _written.Write(types.Slice(i * TypeBytes, TypeBytes));
            // The server looks for pieces first.
            if (longData is not null && longData.TryGet(i, out var pieces))
            {
                Value(pieces);
                continue;
            }

            if (execute.IsNull(i))
            {
                Length(-1);
                continue;
            }

            if (!BinaryValue.TryMeasure(StatementExecute.TypeOf(types, i), values, out var prefix, out var length)) return false;
            Value(values.Slice(prefix, length));
            values = values[(prefix + length)..];
        }

        return values.IsEmpty;
    }

    /// <summary>What was bound may be PHI.</summary>
    public void Clear() => _written.Clear();

    private void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_written.GetSpan(2), (ushort)value);
        _written.Advance(2);
    }

    private void Length(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_written.GetSpan(4), value);
        _written.Advance(4);
    }

    private void Value(ReadOnlySpan<byte> value)
    {
        Length(value.Length);
        _written.Write(value);
    }
}
