using System.Security.Cryptography;

namespace Proxy.Core.Journal.Sealing;

/// <summary>A key-encryption key of 32 bytes that this machine holds. Data keys are wrapped with AES-256-GCM: nonce (12), key (32), tag (16).</summary>
public sealed class LocalKeyEncryptionKey : IKeyEncryptionKey, IDisposable
{
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _cipher;
    private readonly Lock _gate = new();

    public LocalKeyEncryptionKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new ArgumentException($"A key-encryption key has {KeyBytes} bytes, not {key.Length}.", nameof(key));
        _cipher = new AesGcm(key, TagBytes);
        // A digest of a random key tells nothing about it, and tells two keys apart.
        Id = "local:" + Convert.ToHexStringLower(HMACSHA256.HashData(key, "phigate key id"u8)[..8]);
    }

    public string Id { get; }

    public ValueTask<DataKey> GenerateAsync(SegmentIdentity segment, CancellationToken cancellation)
    {
        byte[] plain = RandomNumberGenerator.GetBytes(DataKey.Bytes);
        byte[] wrapped = new byte[NonceBytes + DataKey.Bytes + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        Span<byte> identity = stackalloc byte[SegmentIdentity.Bytes];
        segment.Write(identity);
        using (_gate.EnterScope())
        {
            _cipher.Encrypt(
                wrapped.AsSpan(0, NonceBytes), plain, wrapped.AsSpan(NonceBytes, DataKey.Bytes), wrapped.AsSpan(NonceBytes + DataKey.Bytes), identity);
        }
        return new ValueTask<DataKey>(new DataKey(plain, wrapped));
    }

    public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, SegmentIdentity segment, CancellationToken cancellation)
    {
        if (keyId != Id)
            throw new JournalKeyException($"Segment {segment.Number} is sealed under the key {keyId}; the key given is {Id}.");
        if (wrapped.Length != NonceBytes + DataKey.Bytes + TagBytes)
            throw new JournalKeyException($"The wrapped key of segment {segment.Number} is damaged.");
        byte[] plain = new byte[DataKey.Bytes];
        Span<byte> identity = stackalloc byte[SegmentIdentity.Bytes];
        segment.Write(identity);
        ReadOnlySpan<byte> bytes = wrapped.Span;
        try
        {
            using (_gate.EnterScope())
                _cipher.Decrypt(bytes[..NonceBytes], bytes.Slice(NonceBytes, DataKey.Bytes), bytes[(NonceBytes + DataKey.Bytes)..], plain, identity);
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new JournalKeyException($"The wrapped key of segment {segment.Number} is damaged, or of another segment.", changed);
        }
        return new ValueTask<byte[]>(plain);
    }

    public void Dispose() => _cipher.Dispose();

    public override string ToString() => Id;
}
