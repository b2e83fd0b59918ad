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

    internal const int NonceBytes = 12;
    private const int PlaceCount = 32;

    private readonly NativeGcm?[] _idle = new NativeGcm?[PlaceCount];
    private readonly AesGcm?[] _managedIdle = new AesGcm?[PlaceCount];

    public void Seal(long number, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number);
        if ((Take(_idle) ?? NativeGcm.TryCreate(key)) is { } native)
        {
            native.Encrypt(nonce, plain, cipher, tag, associated);
            GiveBack(_idle, native);
            return;
        }
        AesGcm aes = Take(_managedIdle) ?? new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, cipher, tag, associated);
        GiveBack(_managedIdle, aes);
    }

    /// <summary>False when anything of the record was changed, or the key is another one.</summary>
    public bool TryOpen(long number, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number);
        AesGcm aes = Take(_managedIdle) ?? new AesGcm(key, TagBytes);
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
            GiveBack(_managedIdle, aes);
        }
    }

    public void Dispose()
    {
        for (int place = 0; place < PlaceCount; place++)
        {
            Interlocked.Exchange(ref _idle[place], null)?.Dispose();
            Interlocked.Exchange(ref _managedIdle[place], null)?.Dispose();
        }
        CryptographicOperations.ZeroMemory(key);
    }

    public override string ToString() => nameof(SegmentSealer);

    private static void WriteNonce(Span<byte> nonce, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
        BinaryPrimitives.WriteInt32LittleEndian(nonce[sizeof(long)..], 0);
    }

    private static T? Take<T>(T?[] idle) where T : class => Interlocked.Exchange(ref idle[Place], null);

    private static void GiveBack<T>(T?[] idle, T cipher) where T : class, IDisposable => Interlocked.Exchange(ref idle[Place], cipher)?.Dispose();

    private static int Place => Environment.CurrentManagedThreadId & (PlaceCount - 1);
}
