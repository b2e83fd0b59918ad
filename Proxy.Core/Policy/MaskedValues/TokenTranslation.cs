using System.Buffers;
using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>Puts real values in the place of their tokens: in a text, or in each element of an array of texts in either format.</summary>
internal sealed class TokenTranslation(ShownColumns columns)
{
    private const int ArrayHeaderBytes = 12;
    private const int DimensionBytes = 8;
    private const int DimensionsMax = 6;

    /// <summary>False when any token in the value stands for nothing that is known, or not for a value of the column.</summary>
    public bool TryTranslate(ParameterUses parameter, bool isBinary, ReadOnlySpan<byte> value, IBufferWriter<byte> destination)
    {
        var each = parameter.Uses[0].Kind is ValueUseKind.ComparedEach;
        foreach (var use in parameter.Uses)
            if ((use.Kind is ValueUseKind.ComparedEach) != each)
                return false;
        if (!each)
            return TryValue(parameter, value, destination);
        return isBinary ? TryBinaryArray(parameter, value, destination) : TryTextArray(parameter, value, destination);
    }

    private bool TryValue(ParameterUses parameter, ReadOnlySpan<byte> value, IBufferWriter<byte> destination)
    {
        Span<byte> real = stackalloc byte[TokenBook.ValueBytesMax];
        if (!TryFind(parameter, value.TrimEnd((byte)' '), real, out var length))
            return false;
        destination.Write(real[..length]);
        return true;
    }

    private bool TryFind(ParameterUses parameter, ReadOnlySpan<byte> token, Span<byte> real, out int length)
    {
        length = 0;
        if (columns.Planner.Keys?.IsToken(token) is not true || columns.Planner.Book?.TryFind(token, real, out length) is not true)
            return false;
        foreach (var use in parameter.Uses)
            if (!columns.IsTokenOf(use.Column.Column, real[..length], token))
                return false;
        return true;
    }

    private bool TryBinaryArray(ParameterUses parameter, ReadOnlySpan<byte> value, IBufferWriter<byte> destination)
    {
        if (value.Length < ArrayHeaderBytes || BinaryPrimitives.ReadInt32BigEndian(value) is var dimensions && dimensions is < 0 or > DimensionsMax)
            return false;
        var header = ArrayHeaderBytes + (dimensions * DimensionBytes);
        if (value.Length < header)
            return false;
        destination.Write(value[..header]);
        value = value[header..];
        Span<byte> real = stackalloc byte[TokenBook.ValueBytesMax];
        while (BinaryPrimitives.TryReadInt32BigEndian(value, out var length))
        {
            value = value[sizeof(int)..];
            if (length < 0)
            {
                destination.Write<byte>([0xFF, 0xFF, 0xFF, 0xFF]);
                continue;
            }
            if (length > value.Length)
                return false;
            var element = value[..length];
            value = value[length..];
            if (columns.Planner.Keys?.ContainsToken(element) is true)
            {
                if (!TryFind(parameter, element.TrimEnd((byte)' '), real, out length))
                    return false;
                WriteSized(real[..length], destination);
                continue;
            }
            WriteSized(element, destination);
        }
        return value.IsEmpty;
    }

    private static void WriteSized(ReadOnlySpan<byte> element, IBufferWriter<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination.GetSpan(sizeof(int)), element.Length);
        destination.Advance(sizeof(int));
        destination.Write(element);
    }

    /// <summary>A token needs no quotes in an array, but may have them; what takes its place always gets them.</summary>
    private bool TryTextArray(ParameterUses parameter, ReadOnlySpan<byte> value, IBufferWriter<byte> destination)
    {
        Span<byte> real = stackalloc byte[TokenBook.ValueBytesMax];
        var before = (byte)0;
        while (TextToken.TryFindCandidate(value, out var start, out var length))
        {
            var previous = start > 0 ? value[start - 1] : before;
            var next = start + length < value.Length ? value[start + length] : (byte)0;
            if (columns.Planner.Keys?.IsToken(value.Slice(start, length)) is not true)
            {
                destination.Write(value[..(start + 1)]);
                before = value[start];
                value = value[(start + 1)..];
                continue;
            }
            var isQuoted = previous == '"' && next == '"';
            var isBare = previous is (byte)'{' or (byte)',' && next is (byte)'}' or (byte)',';
            if (!(isQuoted || isBare) || !TryFind(parameter, value.Slice(start, length), real, out var found))
                return false;
            destination.Write(value[..start]);
            WriteElement(real[..found], withQuotes: isBare, destination);
            value = value[(start + length)..];
            before = (byte)'"';
        }
        destination.Write(value);
        return true;
    }

    private static void WriteElement(ReadOnlySpan<byte> value, bool withQuotes, IBufferWriter<byte> destination)
    {
        if (withQuotes)
            destination.Write("\""u8);
        foreach (var next in value)
        {
            if (next is (byte)'"' or (byte)'\\')
                destination.Write("\\"u8);
            destination.Write<byte>([next]);
        }
        if (withQuotes)
            destination.Write("\""u8);
    }
}
