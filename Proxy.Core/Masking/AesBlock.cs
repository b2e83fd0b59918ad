using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using HardwareAes = System.Runtime.Intrinsics.X86.Aes;

namespace Proxy.Core.Masking;

/// <summary>
/// AES-128 of single blocks (FIPS 197): 15 ns with the processor's instructions, where the one-shot calls of the library cost several
/// hundred and allocate. Elsewhere the library does it, under a lock.
/// </summary>
internal sealed class AesBlock : IDisposable
{
    public const int KeyBytes = 16;
    private const int Rounds = 10;

    // Pinned, so that zeroing reaches the only copy.
    private readonly byte[] _roundKeys = GC.AllocateArray<byte>((Rounds + 1) * 16, pinned: true);
    private readonly Aes? _library;
    private readonly Lock _libraryGate = new();
    private volatile bool _disposed;

    public AesBlock(ReadOnlySpan<byte> key)
        : this(key, HardwareAes.IsSupported)
    {
    }

    internal AesBlock(ReadOnlySpan<byte> key, bool useHardware)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        if (useHardware)
        {
            Expand(Vector128.Create(key));
            return;
        }
        _library = Aes.Create();
        _library.SetKey(key);
    }

    /// <summary>Encrypts one block. Check <see cref="IsDisposed"/> afterwards: a result of zeroed keys must not be used.</summary>
    public Vector128<byte> Encrypt(Vector128<byte> block)
    {
        if (_library is not null)
            return EncryptByLibrary(block);
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_roundKeys);
        block ^= Vector128.LoadUnsafe(ref keys);
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 1 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 2 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 3 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 4 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 5 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 6 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 7 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 8 * 16));
        block = HardwareAes.Encrypt(block, Vector128.LoadUnsafe(ref keys, 9 * 16));
        return HardwareAes.EncryptLast(block, Vector128.LoadUnsafe(ref keys, 10 * 16));
    }

    /// <summary>
    /// Encrypts each block by itself, four at a time: a round waits four cycles for the one before, and the processor begins two in each cycle, so that three of four
    /// blocks cost nothing. Check <see cref="IsDisposed"/> afterwards.
    /// </summary>
    public void EncryptEach(Span<Vector128<byte>> blocks)
    {
        if (_library is null)
        {
            for (; blocks.Length >= 4; blocks = blocks[4..])
                EncryptFour(ref blocks[0], ref blocks[1], ref blocks[2], ref blocks[3]);
        }
        foreach (ref var block in blocks)
            block = Encrypt(block);
    }

    public bool IsDisposed => _disposed;

    public void Dispose()
    {
        // First the flag, then the zeros: whoever encrypted with zeros sees the flag.
        _disposed = true;
        CryptographicOperations.ZeroMemory(_roundKeys);
        lock (_libraryGate)
            _library?.Dispose();
    }

    public override string ToString() => nameof(AesBlock);

    private void EncryptFour(ref Vector128<byte> first, ref Vector128<byte> second, ref Vector128<byte> third, ref Vector128<byte> fourth)
    {
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_roundKeys);
        var key = Vector128.LoadUnsafe(ref keys);
        Vector128<byte> a = first ^ key, b = second ^ key, c = third ^ key, d = fourth ^ key;
        for (nuint round = 1; round < Rounds; round++)
        {
            key = Vector128.LoadUnsafe(ref keys, round * 16);
            a = HardwareAes.Encrypt(a, key);
            b = HardwareAes.Encrypt(b, key);
            c = HardwareAes.Encrypt(c, key);
            d = HardwareAes.Encrypt(d, key);
        }
        key = Vector128.LoadUnsafe(ref keys, Rounds * 16);
        first = HardwareAes.EncryptLast(a, key);
        second = HardwareAes.EncryptLast(b, key);
        third = HardwareAes.EncryptLast(c, key);
        fourth = HardwareAes.EncryptLast(d, key);
    }

    private Vector128<byte> EncryptByLibrary(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[16];
        block.CopyTo(bytes);
        lock (_libraryGate)
        {
            if (_disposed)
                return default;
            _library!.EncryptEcb(bytes, bytes, PaddingMode.None);
        }
        return Vector128.Create(bytes);
    }

    private void Expand(Vector128<byte> key)
    {
        // The round constant is an immediate of the instruction, hence no loop (FIPS 197 §5.2).
        Store(0, key);
        Store(1, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x01)));
        Store(2, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x02)));
        Store(3, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x04)));
        Store(4, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x08)));
        Store(5, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x10)));
        Store(6, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x20)));
        Store(7, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x40)));
        Store(8, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x80)));
        Store(9, key = NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x1B)));
        Store(10, NextRoundKey(key, HardwareAes.KeygenAssist(key, 0x36)));
    }

    private void Store(int round, Vector128<byte> key) => key.CopyTo(_roundKeys.AsSpan(round * 16));

    private static Vector128<byte> NextRoundKey(Vector128<byte> key, Vector128<byte> assist)
    {
        var words = key.AsUInt32();
        var w0 = words[0] ^ assist.AsUInt32()[3];
        var w1 = words[1] ^ w0;
        var w2 = words[2] ^ w1;
        return Vector128.Create(w0, w1, w2, words[3] ^ w2).AsByte();
    }
}
