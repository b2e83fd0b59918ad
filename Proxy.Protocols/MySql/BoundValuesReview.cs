using System.Buffers;
using System.Buffers.Binary;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Core.Policy.MaskedValues;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Holds the parameters of an execution against what the judgement says of them, and puts values in the place of tokens. Owned by the request relay.
/// Without a token it allocates nothing.
/// </summary>
internal sealed class BoundValuesReview
{
    private const int HeaderBytes = 2;

    private readonly ArrayBufferWriter<byte> _value = new();
    private readonly ArrayBufferWriter<byte> _rewritten = new();

    /// <summary>The parameters, in the form of <see cref="BoundValues"/>, with values in the place of tokens; empty when the client's go on. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Forwarded => _rewritten.WrittenSpan;

    /// <summary>The refusal, or null when the execution may go on.</summary>
    public Refusal? Review(Judgement judgement, ReadOnlySpan<byte> bound)
    {
        Clear();
        if (IsNumberForText(judgement, bound)) return Refusals.InferenceRefused.Because("a parameter that is compared with texts is bound as another type");
        if (judgement.Parameters is not { } guard) return null;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bound);
        var position = HeaderBytes;
        var copied = 0;
        Span<byte> text = stackalloc byte[BinaryText.BytesMax];
        for (var number = 1; number <= count; number++)
        {
            var type = (MySqlFieldType)bound[position];
            var isUnsigned = (bound[position + 1] & BoundValues.Unsigned) != 0;
            var length = BinaryPrimitives.ReadInt32LittleEndian(bound[(position + 2)..]);
            var next = position + BoundValues.ValueHeaderBytes + Math.Max(0, length);
            if (length >= 0)
            {
                var value = bound.Slice(position + BoundValues.ValueHeaderBytes, length);
                var isText = BinaryText.IsText(type);
                var outcome = guard.Judge(number, isBinary: false, isText ? value : BinaryText.Write(type, isUnsigned, value, text), _value, out var refusal);
                if (outcome is ParameterOutcome.Translated && isText)
                {
                    _rewritten.Write(bound[copied..(position + 2)]);
                    BinaryPrimitives.WriteInt32LittleEndian(_rewritten.GetSpan(sizeof(int)), _value.WrittenCount);
                    _rewritten.Advance(sizeof(int));
                    _rewritten.Write(_value.WrittenSpan);
                    copied = next;
                }
                else if (outcome is not ParameterOutcome.Passed)
                {
                    Clear();
                    return refusal ?? Refusals.MaskedValue.Because("a token in a parameter that is no text");
                }

                _value.Clear();
            }

            position = next;
        }

        if (copied > 0) _rewritten.Write(bound[copied..]);
        return null;
    }

    /// <summary>Whether a parameter is compared with texts of PHI as a number: 1 equals '1abc', so that it would tell more than whether two values are the same.</summary>
    private static bool IsNumberForText(Judgement judgement, ReadOnlySpan<byte> bound)
    {
        if (judgement.TextParameters.IsEmpty) return false;
        var rest = bound[HeaderBytes..];
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[2..]);
            if (length >= 0 && judgement.TextParameters.Contains(number) && !BinaryText.IsText((MySqlFieldType)rest[0])) return true;
            rest = rest[(BoundValues.ValueHeaderBytes + Math.Max(0, length))..];
        }

        return false;
    }

    /// <summary>The command as it goes on: with all values in it, the pieces included.</summary>
    public byte[] Packet(byte sequence, PreparedStatement statement, in StatementExecute execute, ReadOnlySpan<byte> types)
    {
        var writer = new PacketWriter().Begin(sequence).Byte(CommandCode.StatementExecute).UInt32(statement.Id).Byte(execute.Flags).UInt32(1)
            .Bytes(execute.Nulls).Byte(1).Bytes(types);
        var values = Forwarded[HeaderBytes..];
        for (var i = 0; i < statement.Parameters; i++)
        {
            var type = (MySqlFieldType)values[0];
            var length = BinaryPrimitives.ReadInt32LittleEndian(values[2..]);
            var value = values.Slice(BoundValues.ValueHeaderBytes, Math.Max(0, length));
            values = values[(BoundValues.ValueHeaderBytes + value.Length)..];
            if (length < 0 || statement.LongData?.TryGet(i, out _) is true) continue;
            if (BinaryValue.FixedLength(type) < 0) writer.Integer(length);
            writer.Bytes(value);
        }

        return writer.End().ToArray();
    }

    /// <summary>Real values do not stay in memory for longer than they are needed.</summary>
    public void Clear()
    {
        _value.Clear();
        _rewritten.Clear();
    }
}
