namespace Proxy.Core.Journal.Sealing;

/// <summary>Wraps and unwraps the data keys of segments. Whoever has it can read statements, parameters and answers; nobody needs it to verify.</summary>
public interface IKeyEncryptionKey
{
    /// <summary>Names the key in the headers of segments; at most 512 bytes of UTF-8.</summary>
    string Id { get; }

    /// <summary>Makes the data key of a segment.</summary>
    /// <exception cref="JournalKeyException">The holder of the key refuses or does not answer.</exception>
    ValueTask<DataKey> GenerateAsync(SegmentIdentity segment, CancellationToken cancellation);

    /// <summary>The plain data key of a segment.</summary>
    /// <exception cref="JournalKeyException">It was wrapped under another key, for another segment, or was changed.</exception>
    ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, SegmentIdentity segment, CancellationToken cancellation);
}
