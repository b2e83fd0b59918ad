using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Proxy.Core.Journal.Sealing;

/// <summary>
/// Seals the sensitive end of records with AES-256-GCM under the data key of one segment. The nonce is the record's number, which is used once; the
/// record's header and readable part are authenticated with it, so that no sealed part can be moved to another record. Thread-safe without a lock:
/// a cipher serves one thread at a time, and threads find the one they used last.
/// </summary>
internal sealed class SegmentSealer(byte[] key) : IDisposable
{
    public const int TagBytes = 16;

    /// <summary>What a sealed part adds to a record: the tag, and its own length in 4 bytes.</summary>
    public const int OverheadBytes = TagBytes + sizeof(int);

    private const int NonceBytes = 12;
    private const int PlaceCount = 32;

    private readonly AesGcm?[] _idle = new AesGcm?[PlaceCount];

    public void Seal(long number, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number);
        AesGcm aes = Take();
        aes.Encrypt(nonce, plain, cipher, tag, associated);
        GiveBack(aes);
    }

    /// <summary>False when anything of the record was changed, or the key is another one.</summary>
    public bool TryOpen(long number, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number);
        AesGcm aes = Take();
        try
        {
            aes.Decrypt(nonce, cipher, tag, plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            GiveBack(aes);
        }
    }

    public void Dispose()
    {
        foreach (ref AesGcm? place in _idle.AsSpan())
            Interlocked.Exchange(ref place, null)?.Dispose();
        CryptographicOperations.ZeroMemory(key);
    }

    public override string ToString() => nameof(SegmentSealer);

    private static void WriteNonce(Span<byte> nonce, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
        BinaryPrimitives.WriteInt32LittleEndian(nonce[sizeof(long)..], 0);
    }

    private AesGcm Take() => Interlocked.Exchange(ref Place(), null) ?? new AesGcm(key, TagBytes);

    private void GiveBack(AesGcm aes) => Interlocked.Exchange(ref Place(), aes)?.Dispose();

    private ref AesGcm? Place() => ref _idle[Environment.CurrentManagedThreadId & (PlaceCount - 1)];
}
