using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Tests.Support;

/// <summary>The keys of a journal that lives as long as a test.</summary>
internal sealed class EvidenceKeys : IDisposable
{
    private readonly LocalKeyEncryptionKey _sealing = new(RandomNumberGenerator.GetBytes(LocalKeyEncryptionKey.KeyBytes));
    private readonly LocalHeadSigner _signer = new(LocalHeadSigner.Generate());

    public JournalEvidence Flushed() => new() { SealingKey = _sealing, Signer = _signer, Durability = Durability.Flushed };

    public void Dispose()
    {
        _sealing.Dispose();
        _signer.Dispose();
    }
}
