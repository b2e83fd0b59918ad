using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// AES-CMAC (RFC 4493, NIST SP 800-38B) over bytes that come in pieces: a pseudo-random function of messages of any length. A message of up
/// to 16 bytes costs one block.
/// </summary>
internal ref struct Cmac
{
    private readonly KeyDomain _key;
    private Vector128<byte> _state;
    private BlockBuffer _pending;
    private int _count;

    /// <param name="key">Whose tokens these are.</param>
    /// <param name="tag">First byte of the message: what kind of value follows, so that 1 and '1' do not share a token.</param>
    public Cmac(KeyDomain key, ValueTag tag)
    {
        _key = key;
        _pending[0] = (byte)tag;
        _count = 1;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        // A full buffer is kept until more comes, because the last block is treated apart.
        while (bytes.Length > BlockBuffer.Size - _count)
        {
            var part = BlockBuffer.Size - _count;
            bytes[..part].CopyTo(_pending[_count..]);
            bytes = bytes[part..];
            _state = _key.Encrypt(_state ^ Vector128.Create<byte>(_pending));
            _count = 0;
        }
        bytes.CopyTo(_pending[_count..]);
        _count += bytes.Length;
    }

    public void Append(byte value) => Append([value]);

    public void Append(short value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        Append(bytes);
    }

    public void Append(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        Append(bytes);
    }

    /// <summary>The 16 bytes for the message so far; the instance is spent.</summary>
    public Vector128<byte> Finish()
    {
        if (_count == BlockBuffer.Size)
            return _key.Encrypt(_state ^ Vector128.Create<byte>(_pending) ^ _key.CompleteBlockKey);
        _pending[_count] = 0x80;
        _pending[(_count + 1)..].Clear();
        return _key.Encrypt(_state ^ Vector128.Create<byte>(_pending) ^ _key.PaddedBlockKey);
    }

    /// <summary>The two keys for the last block, whole or padded (RFC 4493 §2.3).</summary>
    public static (Vector128<byte> Complete, Vector128<byte> Padded) Subkeys(AesBlock cipher)
    {
        var complete = Double(cipher.Encrypt(Vector128<byte>.Zero));
        return (complete, Double(complete));
    }

    /// <summary>Multiplication by x in GF(2^128).</summary>
    private static Vector128<byte> Double(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[BlockBuffer.Size];
        block.CopyTo(bytes);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, (value << 1) ^ ((value >> 127) * 0x87));
        return Vector128.Create<byte>(bytes);
    }

    [InlineArray(Size)]
    private struct BlockBuffer
    {
        public const int Size = 16;
        private byte _first;
    }
}
