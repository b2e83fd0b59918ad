namespace Proxy.Core.Journal.Heads;

/// <summary>Signs heads with ECDSA P-256.</summary>
public interface IHeadSigner
{
    /// <summary>The public half, which is all that verifying takes.</summary>
    HeadVerificationKey PublicKey { get; }

    /// <returns>r and s, 32 bytes each.</returns>
    /// <exception cref="Sealing.JournalKeyException">The holder of the key refuses or does not answer.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation);
}
